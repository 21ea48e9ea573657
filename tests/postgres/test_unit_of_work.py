"""What only this store does: it writes together, and survives what happens to a connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import asyncpg
import pytest

from helpdesk.adapters.postgres.connection import open_database
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.store import PostgresStore
from helpdesk.adapters.postgres.unit import Held
from helpdesk.domain.attendance import AttendanceOpenError
from helpdesk.domain.change import Change
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.sector import TeamChanged
from helpdesk.neighbours import Postgres
from helpdesk.opening import Opening
from helpdesk.ports.store import Store
from tests.support.builders import a_sector, an_attendance, received
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.postgres import administration


@pytest.fixture
def dsn(opening: Opening) -> str:
    return opening.settings.postgres.dsn


async def test_many_rows_of_each_kind_are_written_in_the_order_they_need(office: Office) -> None:
    clients = [await office.meet() for _ in range(3)]
    opened = [
        an_attendance(it, session=office.session.id, sector=office.sales.id) for it in clients
    ]
    heard = [received(it.state, "Oi") for it in opened]
    async with office.store.transaction() as work:
        for attendance, (counted, message) in zip(opened, heard, strict=True):
            await work.save(message, Change(counted.state, attendance.events))
    async with office.store.transaction() as work:
        for counted, message in heard:
            assert await work.attendances.load(counted.state.id) == counted.state
            assert await work.messages.load(message.state.id) == message.state


async def test_an_open_attendance_is_named_when_the_database_refuses_another(
    office: Office,
) -> None:
    first = await office.attend(client := await office.meet())
    another = an_attendance(client, session=office.session.id, sector=office.sales.id)
    with pytest.raises(AttendanceOpenError) as refused:
        await office.save(another)
    assert refused.value.extras == {"attendance_id": first.id}


async def test_an_error_that_was_swallowed_is_not_taken_for_success(office: Office) -> None:
    client = await office.meet()
    await office.attend(client)
    another = an_attendance(client, session=office.session.id, sector=office.sales.id)

    async def go_on() -> None:
        async with office.store.transaction() as work:
            await work.save(Change(another.state))
            with suppress(AttendanceOpenError):
                await work.attendances.load(another.state.id)

    with pytest.raises(RuntimeError, match="after an error"):
        await go_on()


async def test_a_cancelled_unit_leaves_a_connection_that_works(office: Office) -> None:
    held = await office.attend()

    async def hold() -> None:
        async with office.store.transaction() as work:
            await work.attendances.load(held.id)

    async with office.store.transaction() as work:
        await work.attendances.load(held.id)
        rivals = [asyncio.create_task(hold()) for _ in range(20)]
        await asyncio.sleep(0.05)
        for it in rivals:
            it.cancel()
        await asyncio.gather(*rivals, return_exceptions=True)
    for _ in range(20):
        await asyncio.wait_for(hold(), 60)


async def test_a_row_that_is_held_too_long_is_reported_as_unavailable(
    office: Office, dsn: str
) -> None:
    held = await office.attend()
    hasty = Postgres(timeout_seconds=0.2)
    async with open_database(dsn, hasty) as database, office.store.transaction() as work:
        await work.attendances.load(held.id)
        with pytest.raises(UnavailableError):
            async with PostgresStore(database, Rings()).transaction() as rival:
                await rival.attendances.load(held.id)


async def test_a_pool_without_a_free_connection_is_reported_as_unavailable(
    store: Store, dsn: str
) -> None:
    async with open_database(dsn, Postgres(timeout_seconds=0.2, pool_size=1)) as database:
        async with database.connection():
            with pytest.raises(UnavailableError):
                await database.fetch("SELECT 1")
        assert await database.fetchval("SELECT 1") == 1


async def test_it_works_behind_a_pooler_without_prepared_statements(
    office: Office, dsn: str
) -> None:
    pooled = Postgres(behind_pooler=True)
    async with open_database(dsn, pooled) as database:
        other = Office(PostgresStore(database, Rings()), session=office.session)
        other.sales = office.sales
        heard, _ = await other.hear(await other.attend())
        assert heard.unread == 1
        prepared = await database.fetchval("SELECT count(*) FROM pg_prepared_statements")
        assert prepared == 0


async def test_connections_that_were_cut_are_replaced(office: Office, dsn: str) -> None:
    sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2"
    async with administration(dsn) as admin:
        name = await admin.fetchval("SELECT current_database()")
        await admin.execute(sql, name, admin.get_server_pid())
    for _ in range(30):  # each connection of the pool may be found broken once
        with suppress(UnavailableError):
            await office.meet()
    await office.meet()


async def test_a_unit_that_is_cut_is_unavailable_and_leaves_nothing(
    office: Office, dsn: str
) -> None:
    sector = a_sector("cut")

    async def be_cut() -> None:
        async with office.store.transaction() as work, administration(dsn) as admin:
            await work.save(Change(sector, (TeamChanged(at=NOON),)))
            await work.team.sectors()
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle in transaction'"
            )

    with pytest.raises(UnavailableError):
        await be_cut()
    with suppress(UnavailableError):
        await office.meet()
    async with office.store.transaction() as work:
        assert sector not in await work.team.sectors()


async def test_a_server_that_cannot_write_does_not_answer_a_ping(store: Store, dsn: str) -> None:
    await store.ping()
    read_only = f"{dsn}{'&' if '?' in dsn else '?'}default_transaction_read_only=on"
    async with open_database(read_only, Postgres()) as database:
        with pytest.raises(UnavailableError):
            await PostgresStore(database, Rings()).ping()


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    async with (
        open_database(dsn, Postgres(pool_size=1)) as database,
        database.connection() as it,
    ):
        yield it


async def queries(connection: asyncpg.Connection, do: Callable[[], Awaitable[None]]) -> list[str]:
    """Note what is asked of the server, the second time: at first types are looked up."""
    seen: list[str] = []
    await do()
    connection.add_query_logger(lambda it: seen.append(it.query.split()[0]))
    await do()
    await asyncio.sleep(0)  # it is told of the last one a moment later
    return seen


async def test_what_only_writes_is_one_statement(connection: asyncpg.Connection) -> None:
    async def tell() -> None:
        unit = Held(connection)
        unit.pending.tell(TeamChanged(at=NOON), TeamChanged(at=NOON))
        await unit.commit()

    assert await queries(connection, tell) == ["INSERT"]


async def test_a_message_that_comes_in_is_written_in_one_statement(
    office: Office, connection: asyncpg.Connection
) -> None:
    heard, message = received(await office.attend())

    async def hear() -> None:
        unit = Held(connection)
        await unit.fetch("SELECT")
        unit.pending.save(heard)
        unit.pending.save(message)
        await unit.commit()

    assert await queries(connection, hear) == ["BEGIN", "SELECT", "WITH", "COMMIT"]


async def test_nothing_to_write_asks_nothing(connection: asyncpg.Connection) -> None:
    assert await queries(connection, Held(connection).commit) == []
