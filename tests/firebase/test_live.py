"""The feed in Firestore: everything once, in order, to whom it concerns, and no text of anybody."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from math import ceil
from typing import Any, Final

import grpc
import pytest

from helpdesk.adapters.firebase.live import TOGETHER
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Event
from helpdesk.domain.client import ClientChanged
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import ClientId
from helpdesk.domain.live import feeds_of
from helpdesk.domain.usecases.project_feed import ProjectFeed
from helpdesk.domain.visibility import audience_of
from helpdesk.opening import Opening
from helpdesk.ports.feed import Feed, FeedItem
from helpdesk.ports.live import Live
from helpdesk.ports.outbox import Destination, Envelope, Outbox
from helpdesk.wiring import use_cases
from tests.support.builders import fresh
from tests.support.clock import NOON, after
from tests.support.firestore.firm import ROOT, Elsewhere
from tests.support.firestore.firm import after as query_after
from tests.support.firestore.values import plain
from tests.support.office import Office
from tests.support.waiting import within

PATIENCE: Final = 60.0  # seconds; nothing is judged by its speed
SECRET: Final = "a text of a client"


class Desk:
    """A firm whose feed is in Firestore as well."""

    def __init__(self, place: Elsewhere, opened: Opening) -> None:
        self.place, self._opened = place, opened
        self.office: Office
        self.feed: Feed
        self.live: Live
        self.outbox: Outbox

    async def furnish(self) -> "Desk":
        self.office = await Office(await self._opened.port("store")).furnish()
        self.feed, self.live = await self._opened.port("feed"), await self._opened.port("live")
        self.outbox = await self._opened.port("outbox")
        self._relay = (
            await use_cases(self._opened, "store", "outbox", "feed", "journey")
        ).relay_to_feed()
        await within(self.office.store, lambda it: it.projection.advance(0))
        return self

    async def relay(self) -> None:
        while await self._relay.once():
            pass

    async def project(self) -> None:
        """As under a supervisor: again after a while, whatever happens."""
        project = ProjectFeed(store=self.office.store, feed=self.feed, live=self.live)
        while True:
            with suppress(UnavailableError):
                await project()
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def projecting(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.project())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def written(self) -> None:
        """Wait until all that was told is written."""
        head = await self.feed.head()
        async with asyncio.timeout(PATIENCE):
            while await within(self.office.store, lambda it: it.projection.cursor()) != head:
                await asyncio.sleep(0.01)

    async def told_to(self, person: Attendant) -> list[int]:
        """The cursors that the feed of the API tells this person."""
        head, found = await self.feed.head(), []
        async for it in self.feed.follow(0):
            if it.audience.includes(person):
                found.append(it.cursor)
            if it.cursor == head:
                break
        return found


@pytest.fixture
async def desk(place: Elsewhere) -> AsyncIterator[Desk]:
    async with place.open() as opened:
        yield await Desk(place, opened).furnish()


async def work_a_day(desk: Desk) -> None:
    """A little of everything that is told of attendances."""
    office = desk.office
    for number in range(4):
        it = await office.attend(sector=(office.sales, office.support)[number % 2])
        for minute in range(3):
            it, _ = await office.hear(it, SECRET, at=after(minutes=minute))
        by = (office.ana, office.bia)[number % 2]
        it, _ = await office.answer(it, by, SECRET)
        moved = it.transfer(sector=office.support.id, to=None, by=by.id, at=NOON)
        await office.save(moved)
        it, _ = await office.hear(moved.state, SECRET)
        await office.close(it, by.id)
    await desk.relay()


async def test_each_person_reads_there_what_the_feed_of_the_api_tells_them(desk: Desk) -> None:
    await work_a_day(desk)
    async with desk.projecting():
        await desk.written()
    heard = {}
    for it in desk.office.team:
        heard[it.name] = [told["cursor"] for told in desk.place.seen_by(it)]
        assert heard[it.name] == await desk.told_to(it), it.name
    assert len(heard["Dora"]) > len(heard["Bia"]) > len(heard["Ana"]) > 0
    middle = heard["Ana"][2]
    since = [told["cursor"] for told in desk.place.seen_by(desk.office.ana, middle)]
    assert since == heard["Ana"][3:]


async def test_documents_have_ids_states_and_counters_and_no_text(desk: Desk) -> None:
    await work_a_day(desk)
    async with desk.projecting():
        await desk.written()
    told = desk.place.seen_by(desk.office.dora)
    kinds = {it["event"] for it in told}
    assert {"message.received.v1", "message.written.v1", "attendance.transferred.v1"} <= kinds
    whole = json.dumps(told)
    for secret in (SECRET, "+55", "João", "wa-"):
        assert secret not in whole
    heard = next(it for it in told if it["event"] == "message.received.v1")
    assert set(heard) == {"cursor", "event", "at", "payload", "expires_at"}
    assert heard["payload"]["message"]["position"] == 1
    assert heard["payload"]["attendance"]["unread"] == 1
    assert heard["expires_at"][0] - heard["at"][0] == 48 * 3600


def an_event(number: int) -> tuple[Envelope, Any]:
    event: Event = ClientChanged(at=after(seconds=number), client_id=ClientId(fresh()))
    return Envelope(id=fresh(), event=event, correlation=""), audience_of(event)


async def cut_off(desk: Desk) -> None:
    """Firestore refuses, then says nothing of what it does, then is killed; and once more."""
    peer = desk.place.peer
    for code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED):
        refused, forgot = peer.refused, peer.forgot
        peer.refusal = code
        await until(lambda before=refused: peer.refused > before + 1)
        peer.refusal, peer.forgets_answers = None, True
        await until(lambda before=forgot: peer.forgot > before + 1)
        peer.forgets_answers = False
        await peer.kill()
        await asyncio.sleep(0.3)
        await peer.start()


async def until(good: Callable[..., bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not good():
            await asyncio.sleep(0.01)


async def listen(desk: Desk, heard: list[int]) -> None:
    """As a browser does: note each event when it is first seen."""
    documents = desk.place.documents
    listener = documents.listen(lambda: documents.query(f"{ROOT}/feeds/everyone", query_after(0)))
    while True:
        shown = (plain(it.fields["cursor"]) for it in (await listener.next()).shown)
        heard += sorted(set(shown) - set(heard))


async def test_whatever_happens_to_it_nothing_is_missing_and_nothing_is_twice(desk: Desk) -> None:
    heard: list[int] = []
    listening = asyncio.create_task(listen(desk, heard))
    async with desk.projecting():
        trouble, number = asyncio.create_task(cut_off(desk)), 0
        while not trouble.done():
            await desk.feed.push([an_event(number + n) for n in range(10)])
            number += 10
            await asyncio.sleep(0.02)
        await trouble
        await desk.written()
    seen = [it["cursor"] for it in desk.place.seen_by(desk.office.ana)]
    assert seen == [*range(1, number + 1)]
    listening.cancel()
    assert heard == seen  # in this order, not only in the end
    assert len(desk.place.documents.of("feeds/everyone/events")) == number > 50
    assert desk.place.documents.writes > number  # something was written again


async def test_what_is_at_hand_is_committed_together_and_no_commit_is_too_large(
    desk: Desk,
) -> None:
    """Two documents each: for the sector, and for admins."""
    it = await desk.office.attend(sector=desk.office.sales)
    for minute in range(250):
        it, _ = await desk.office.hear(it, SECRET, at=after(minutes=minute))
    await desk.relay()
    items = [it async for it in some(desk.feed, await desk.feed.head())]
    before, asked = desk.place.documents.writes, desk.place.peer.asked
    await desk.live.publish(items)
    written = desk.place.documents.writes - before
    assert written == sum(len(feeds_of(it.audience)) for it in items) > TOGETHER
    assert desk.place.peer.asked - asked == ceil(written / TOGETHER)


async def some(feed: Feed, until: int) -> AsyncIterator[FeedItem]:
    async for it in feed.follow(0):
        yield it
        if it.cursor == until:
            return


async def test_written_anew_from_the_beginning_it_is_the_same(desk: Desk) -> None:
    await work_a_day(desk)
    async with desk.projecting():
        await desk.written()
    before = desk.place.seen_by(desk.office.dora)
    names = [it.name for it in desk.place.documents.of("feeds/admins/events")]
    assert names != sorted(names)  # they do not grow
    await within(desk.office.store, lambda it: it.projection.advance(0))
    async with desk.projecting():
        await desk.written()
    assert desk.place.seen_by(desk.office.dora) == before
    assert len(desk.place.documents.of("feeds/admins/events")) == len(names)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (grpc.StatusCode.PERMISSION_DENIED, "Cloud Datastore User"),
        (grpc.StatusCode.UNAUTHENTICATED, "wrong, expired or deleted"),
        (grpc.StatusCode.NOT_FOUND, "has no Firestore database"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "quota"),
        (grpc.StatusCode.UNAVAILABLE, "does not answer"),
    ],
    ids=lambda it: getattr(it, "name", ""),
)
async def test_a_refusal_is_said_plainly(desk: Desk, code: grpc.StatusCode, says: str) -> None:
    ways: list[Callable[[], Awaitable[None]]] = [desk.live.check, desk.live.ping]
    desk.place.peer.refusal = code
    for ask in ways:
        with pytest.raises(UnavailableError, match=says):
            await ask()
    desk.place.peer.refusal = None
    await desk.live.check()
    await desk.live.ping()
    assert desk.place.documents.of("checks") == []


async def test_probes_do_not_ask_each_time(desk: Desk) -> None:
    for _ in range(5):
        await desk.live.ping()
    assert desk.place.peer.asked == 1


async def test_outbox_and_feed_do_not_wait_for_it(desk: Desk) -> None:
    await desk.place.peer.kill()
    async with desk.projecting():
        await work_a_day(desk)
        assert await desk.outbox.pending(Destination.FEED, limit=1) == []
        assert await desk.told_to(desk.office.dora)
