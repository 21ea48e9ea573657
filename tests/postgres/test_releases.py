"""What another release wrote into the outbox, while processes are upgraded one after another."""

from collections.abc import AsyncIterator

import pytest

from helpdesk.domain.ids import SessionId
from helpdesk.domain.sector import TeamChanged
from helpdesk.domain.session import LogoutRequested
from helpdesk.opening import Opening
from helpdesk.ports.outbox import Destination, Outbox
from helpdesk.ports.store import Store
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.postgres import administration, postgres_opening


@pytest.fixture
async def ours() -> AsyncIterator[Opening]:
    async with postgres_opening() as it:
        yield it


async def test_a_command_of_an_earlier_release_finds_its_queue(ours: Opening) -> None:
    store: Store = await ours.port("store")
    outbox: Outbox = await ours.port("outbox")
    async with store.transaction() as work:
        await work.emit(LogoutRequested(at=NOON, session_id=SessionId(fresh())))
    entries = await outbox.pending(Destination.BROKER, limit=9)
    async with administration(ours.settings.postgres.dsn) as admin:
        await admin.execute("UPDATE outbox SET queue = '', key = ''")
    assert await outbox.pending(Destination.BROKER, limit=9) == entries


async def test_what_a_newer_release_told_is_left_out_and_left_there(ours: Opening) -> None:
    store: Store = await ours.port("store")
    outbox: Outbox = await ours.port("outbox")
    await _tell(store)
    async with administration(ours.settings.postgres.dsn) as admin:
        await admin.execute("UPDATE outbox SET type = 'team.exploded.v7'")
    await _tell(store)
    pending = await outbox.pending(Destination.FEED, limit=10)
    assert len(pending) == 1
    assert (await outbox.depth())[Destination.FEED][0] == 2


async def _tell(store: Store) -> None:
    async with store.transaction() as work:
        await work.emit(TeamChanged(at=NOON))
