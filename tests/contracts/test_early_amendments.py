"""What was done to a message that comes later."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.domain.ids import SessionId
from helpdesk.domain.report import EditReported, ReactionReported, RevokeReported
from helpdesk.domain.usecases.amending import told
from helpdesk.domain.usecases.track_amendment import TrackAmendment
from helpdesk.ports.early import OF_MESSAGE
from helpdesk.ports.store import Store
from tests.support.builders import fresh, phone, received
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.waiting import soon, waiting, within

SESSION = SessionId(fresh())


def about(provider_id: str = "wamid.1", session: SessionId = SESSION) -> dict[str, Any]:
    return {
        "at": NOON,
        "session_id": session,
        "provider_id": provider_id,
        "sender": (phone(7),),
        "done_at": NOON - timedelta(seconds=1),
    }


async def test_it_is_kept_as_it_was_told_and_taken_once_in_order(store: Store) -> None:
    reports = [
        EditReported(**about(), text="olá"),
        ReactionReported(**about(), emoji="👍"),
        RevokeReported(**about()),
    ]
    async with store.transaction() as work:
        for it in (*reports, RevokeReported(**about("wamid.2"))):
            assert await work.early.park(it)
    assert await within(store, lambda work: work.early.take(SESSION, "wamid.1")) == reports
    assert await within(store, lambda work: work.early.take(SESSION, "wamid.1")) == []


async def test_only_so_many_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for adapter in ("memory", "postgres"):
        monkeypatch.setattr(f"helpdesk.adapters.{adapter}.early.OF_SESSION", OF_MESSAGE + 1)
    async with store.transaction() as work:
        kept = [await work.early.park(RevokeReported(**about())) for _ in range(25)]
        others = [await work.early.park(RevokeReported(**about(f"{n}"))) for n in range(2)]
        elsewhere = await work.early.park(RevokeReported(**about(session=SessionId(fresh()))))
    assert (kept.count(True), others, elsewhere) == (OF_MESSAGE, [True, False], True)


async def test_it_waits_for_whoever_is_just_storing_the_message(
    office: Office, store: Store
) -> None:
    client = await office.meet("João", phone(7))
    attendance = await office.attend(client, by=office.ana)
    track = TrackAmendment(store=store, now=lambda: NOON)
    report = EditReported(**about(session=office.session.id), text="olá")
    async with store.transaction() as work:
        assert await work.first_time(told(office.session.id, "wamid.1"))
        rival = await waiting(track(report))
        await work.save(*received(attendance, "ola", provider_id="wamid.1"))
    await soon(rival)
    async with store.transaction() as work:
        it = await work.messages.of_provider(office.session.id, "wamid.1")
        assert await work.early.take(office.session.id, "wamid.1") == []
    assert it
    assert it.content.text == "olá"
