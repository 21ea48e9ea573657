"""Whoever is quicker, the quote or what makes known what is quoted: it is found, in each store."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Content, Kind, Message
from helpdesk.domain.patience import Patience
from helpdesk.domain.usecases.receive_message import ReceiveMessage
from helpdesk.domain.usecases.track_delivery import TrackDelivery
from helpdesk.ports.store import Store
from tests.support.builders import fresh, phone
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.reports import sent_as
from tests.support.waiting import soon, within

ROUNDS = 12
SESSION = SessionId(fresh())


async def test_they_are_taken_once_in_order(store: Store) -> None:
    ids = [MessageId(fresh()) for _ in range(3)]
    async with store.transaction() as work:
        for it in ids:
            await work.early.park_quote(SESSION, "wamid.1", it)
        await work.early.park_quote(SESSION, "wamid.2", ids[0])
    assert await within(store, lambda work: work.early.take_quotes(SESSION, "wamid.1")) == ids
    assert await within(store, lambda work: work.early.take_quotes(SESSION, "wamid.1")) == []


class Race:
    """One answer after the other, quoted while the bot still tells that it is sent."""

    def __init__(self, office: Office, store: Store) -> None:
        patience = Patience()
        self.office, self.store = office, store
        self.track = TrackDelivery(store=store, now=lambda: NOON)
        self.receive = ReceiveMessage(
            store=store, now=lambda: NOON, new_id=fresh, patience=patience
        )

    def sent(self, it: Message, id: str) -> Coroutine[Any, Any, None]:
        return self.track.sent(sent_as(it, id))

    def quoted(self, id: str, person: int, name: str) -> Coroutine[Any, Any, None]:
        report = InboundMessage(
            at=NOON,
            session_id=self.office.session.id,
            provider_id=f"{name} of {id}",
            sender=(phone(person),),
            sender_name="João",
            content=Content(Kind.TEXT, "this one"),
            sent_at=NOON,
            quote_provider_id=id,
        )
        return self.receive(report)

    async def quote_of(self, id: str, name: str) -> MessageId | None:
        about = self.office.session.id, f"{name} of {id}"
        it = await within(self.store, lambda work: work.messages.of_provider(*about))
        assert it
        return it.quote


async def test_they_are_found_whoever_is_quicker(office: Office, store: Store) -> None:
    race = Race(office, store)
    # Another than the answer's reader quotes it as well, so that they do not wait for one another.
    client, _ = await office.meet("João", phone(7)), await office.meet("Eva", phone(8))
    attendance = await office.attend(client, by=office.ana)
    for n in range(ROUNDS):
        attendance, reply = await office.answer(attendance, office.ana)
        id = f"wamid.{n}"
        if n % 2:
            await race.quoted(id, 7, "early")
        rivals = [race.sent(reply, id), race.quoted(id, 7, "one"), race.quoted(id, 8, "two")]
        await soon(asyncio.gather(*rivals[:: 1 if n % 3 else -1]))
        names = ["one", "two", *(["early"] if n % 2 else [])]
        assert [await race.quote_of(id, it) for it in names] == [reply.id] * len(names)
        async with store.transaction() as work:
            attendance = await work.attendances.load(attendance.id)
