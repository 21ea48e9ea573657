"""Statements that travel together: as if each had gone alone, in fewer transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from helpdesk.adapters.postgres import company
from helpdesk.adapters.postgres.company import Company
from helpdesk.adapters.postgres.connection import Database, open_database
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.store import PostgresStore
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.ids import AttendanceId
from helpdesk.domain.message import Message
from helpdesk.neighbours import Postgres
from helpdesk.opening import Opening
from helpdesk.ports.store import StaleError
from tests.support.builders import replied
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.waiting import soon

Answering = list["asyncio.Task[None]"]


class Narrow:
    """A store with a single connection, which can be kept from it for a while."""

    def __init__(self, office: Office, database: Database) -> None:
        self.store = PostgresStore(database, Rings())
        self._office = office
        self.database = database

    @asynccontextmanager
    async def together(self, *its: Attendance) -> AsyncIterator[Answering]:
        """Answer each without holding; inside the block all have read, and none has written."""
        have_read, go = asyncio.Barrier(len(its) + 1), asyncio.Event()

        async def answer(it: Attendance) -> None:
            async with self.store.transaction(hold=False) as work:
                answered = replied(await work.attendances.load(it.id), self._office.ana.id, "Oi")
                await have_read.wait()
                await go.wait()
                await work.save(*answered)

        tasks = [asyncio.create_task(answer(it)) for it in its]
        await soon(have_read.wait())
        async with self.database.connection():
            go.set()
            for _ in range(3):
                await asyncio.sleep(0)  # until all wait for the connection
            yield tasks
        await asyncio.wait(tasks)

    async def transactions(self) -> int:
        """In how many the answers were written."""
        sql = "SELECT count(DISTINCT xmin::text) FROM message"
        return int(await self.database.fetchval(sql))


@pytest.fixture
async def narrow(office: Office, opening: Opening) -> AsyncIterator[Narrow]:
    async with open_database(opening.settings.postgres.dsn, Postgres(pool_size=1)) as database:
        yield Narrow(office, database)


async def answers(office: Office, *its: Attendance) -> list[int]:
    async with office.store.transaction() as work:
        return [(await work.attendances.load(it.id)).last_position for it in its]


async def test_what_is_written_at_the_same_time_is_one_transaction(
    office: Office, narrow: Narrow
) -> None:
    its = [await office.attend() for _ in range(5)]
    async with narrow.together(*its):
        pass
    assert await answers(office, *its) == [1] * 5
    assert await narrow.transactions() == 1


async def test_who_is_overtaken_takes_nobody_along(office: Office, narrow: Narrow) -> None:
    its = [await office.attend() for _ in range(4)]
    async with narrow.together(*its) as tasks:
        await office.save(its[2].take(office.bia.id, at=NOON))
    assert [type(it.exception()) for it in tasks] == [type(None)] * 2 + [StaleError, type(None)]
    assert await answers(office, *its) == [1, 1, 0, 1]
    assert await narrow.transactions() == 3


async def test_who_leaves_before_it_was_sent_has_written_nothing(
    office: Office, narrow: Narrow
) -> None:
    its = [await office.attend() for _ in range(3)]
    async with narrow.together(*its) as tasks:
        tasks[1].cancel()
    assert [it.cancelled() for it in tasks] == [False, True, False]
    assert await answers(office, *its) == [1, 0, 1]


async def test_each_question_has_its_own_answer(office: Office, narrow: Narrow) -> None:
    its = [await office.attend() for _ in range(6)]

    async def load(id: AttendanceId) -> Attendance:
        async with narrow.store.transaction(hold=False) as work:
            return await work.attendances.load(id)

    async def find(provider_id: str) -> Message | None:
        async with narrow.store.transaction(hold=False) as work:
            return await work.messages.of_provider(office.session.id, provider_id)

    _, heard = await office.hear(its[0], provider_id="wamid.1")
    its[0] = await load(its[0].id)
    assert await asyncio.gather(*(load(it.id) for it in its)) == its
    assert [*await asyncio.gather(find("unknown"), find("wamid.1"))] == [None, heard]


async def test_a_question_that_cannot_be_asked_spoils_no_other(
    office: Office, narrow: Narrow
) -> None:
    _, heard = await office.hear(await office.attend(), provider_id="wamid.1")

    async def find(provider_id: str) -> Message | None:
        async with narrow.store.transaction(hold=False) as work:
            return await work.messages.of_provider(office.session.id, provider_id)

    found = await asyncio.gather(
        find("wamid.1"), find("\0"), find("wamid.1"), return_exceptions=True
    )
    assert found[0] == found[2] == heard
    assert isinstance(found[1], Exception)


async def test_who_is_in_no_hurry_waits_a_moment_for_others(
    office: Office, narrow: Narrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "_MOMENT", 0.5)
    its = [await office.attend() for _ in range(4)]

    async def answer(it: Attendance) -> None:
        async with narrow.store.transaction(hold=False, hurry=False) as work:
            await work.save(*replied(await work.attendances.load(it.id), office.ana.id, "Oi"))

    async with asyncio.TaskGroup() as group:
        for it in its:
            group.create_task(answer(it))
            await asyncio.sleep(0.02)  # one by one: each could have gone alone
    assert await answers(office, *its) == [1] * 4
    assert await narrow.transactions() == 1


async def test_each_change_that_tells_has_its_own_answer(narrow: Narrow) -> None:
    claim = """
    WITH new AS (
        INSERT INTO inbox (delivery) VALUES ($1) ON CONFLICT DO NOTHING RETURNING delivery
    )
    SELECT delivery, $2::int FROM new
    """
    its = Company(narrow.database)
    asked = ["b", "a", "b", "c"]
    found = await asyncio.gather(*(its.alter(claim, it, turn=(it,)) for it in asked))
    assert [[row["delivery"] for row in it] for it in found] == [["b"], ["a"], [], ["c"]]
