"""Opens the ports of the PostgreSQL adapter: on the configured server, or on an embedded one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Final

import asyncpg

from helpdesk.adapters.postgres.backup import backup, restore  # noqa: F401 - by name, for the CLI
from helpdesk.adapters.postgres.board import PostgresBoard
from helpdesk.adapters.postgres.connection import Database, connect, open_database
from helpdesk.adapters.postgres.dead_letters import PostgresDeadLetters
from helpdesk.adapters.postgres.directory import PostgresDirectory
from helpdesk.adapters.postgres.embedded import open_embedded, running
from helpdesk.adapters.postgres.feed import open_following
from helpdesk.adapters.postgres.journeys import PostgresJourneys
from helpdesk.adapters.postgres.leases import PostgresLeases
from helpdesk.adapters.postgres.migrate import migrate, pending
from helpdesk.adapters.postgres.outbox import PostgresOutbox
from helpdesk.adapters.postgres.rings import Rings, open_rings
from helpdesk.adapters.postgres.simulator import PostgresSimulator
from helpdesk.adapters.postgres.store import PostgresStore
from helpdesk.adapters.postgres.ticks import PostgresTicks
from helpdesk.opening import Opening
from helpdesk.ports.board import Board
from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.directory import Directory
from helpdesk.ports.feed import Feed
from helpdesk.ports.journey import Journeys
from helpdesk.ports.leases import Leases
from helpdesk.ports.outbox import Outbox
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.store import Store
from helpdesk.ports.ticks import Ticks
from helpdesk.settings import Settings

SHARED: Final = True  # but see `shared`
TO_SHARE: Final = "Set postgres.dsn to a server that all of them reach, or run --role all."


def shared(settings: Settings) -> bool:
    """Whether two processes can meet here: the embedded server belongs to one."""
    return bool(settings.postgres.dsn)


def visiting(settings: Settings) -> Settings:
    """Settings for a command that passes by: it uses the embedded server that may run already."""
    dsn = None if settings.postgres.dsn else running(settings)
    if dsn is None:
        return settings
    return replace(settings, postgres=replace(settings.postgres, dsn=dsn, migrate_on_start=False))


async def missing_migrations(settings: Settings) -> list[str]:
    """Name the migrations that `helpdesk migrate` would apply."""
    async with _server(settings) as dsn:
        return await pending(dsn, patience=settings.postgres.timeout_seconds)


async def apply_migrations(settings: Settings) -> list[str]:
    """Bring the database up to this release; return what was applied."""
    async with _server(settings) as dsn:
        return await migrate(dsn, patience=settings.postgres.timeout_seconds)


@asynccontextmanager
async def open_store(opening: Opening) -> AsyncIterator[Store]:
    yield PostgresStore(await _primary(opening), await _rings(opening), opening.process)


@asynccontextmanager
async def open_outbox(opening: Opening) -> AsyncIterator[Outbox]:
    yield PostgresOutbox(await _primary(opening), await _rings(opening))


@asynccontextmanager
async def open_leases(opening: Opening) -> AsyncIterator[Leases]:
    leases = PostgresLeases(await _primary(opening))
    if not shared(opening.settings):
        await leases.expire()  # of processes before us: the server is ours alone
    yield leases


@asynccontextmanager
async def open_board(opening: Opening) -> AsyncIterator[Board]:
    yield PostgresBoard(await _primary(opening), await _replica(opening))


@asynccontextmanager
async def open_directory(opening: Opening) -> AsyncIterator[Directory]:
    yield PostgresDirectory(await _primary(opening), await _replica(opening))


@asynccontextmanager
async def open_feed(opening: Opening) -> AsyncIterator[Feed]:
    async with open_following(await _primary(opening), await _rings(opening)) as feed:
        yield feed


@asynccontextmanager
async def open_dead_letters(opening: Opening) -> AsyncIterator[DeadLetters]:
    yield PostgresDeadLetters(await _primary(opening), await _rings(opening))


@asynccontextmanager
async def open_ticks(opening: Opening) -> AsyncIterator[Ticks]:
    yield PostgresTicks(await _primary(opening))


@asynccontextmanager
async def open_journey(opening: Opening) -> AsyncIterator[Journeys]:
    yield PostgresJourneys(await _primary(opening))


@asynccontextmanager
async def open_simulator(opening: Opening) -> AsyncIterator[Simulator]:
    yield PostgresSimulator(await _primary(opening), await _rings(opening))


async def _primary(opening: Opening) -> Database:
    dsn, settings = await _dsn(opening), opening.settings.postgres
    return await opening.once("postgres", lambda: open_database(dsn, settings))


async def _replica(opening: Opening) -> Database:
    """For lists and search, which may be a moment old."""
    settings = opening.settings.postgres
    if not settings.replica_dsn:
        return await _primary(opening)
    dsn = settings.replica_dsn
    return await opening.once("postgres replica", lambda: open_database(dsn, settings))


async def _rings(opening: Opening) -> Rings:
    settings = opening.settings
    await _dsn(opening)
    # A pooler would give what we listen on to others.
    alone = not shared(settings) or settings.postgres.behind_pooler
    exchange = None if alone else partial(_connect, opening)
    return await opening.once("postgres rings", lambda: open_rings(exchange))


async def _connect(opening: Opening) -> asyncpg.Connection:
    return await connect(await _dsn(opening), opening.settings.postgres)


async def _dsn(opening: Opening) -> str:
    return await opening.once("postgres dsn", lambda: _open_dsn(opening.settings))


@asynccontextmanager
async def _open_dsn(settings: Settings) -> AsyncIterator[str]:
    """Yield where the server is, with a schema that fits."""
    async with _server(settings) as dsn:
        if settings.postgres.migrate_on_start:
            await migrate(dsn, patience=settings.postgres.timeout_seconds)
        yield dsn


@asynccontextmanager
async def _server(settings: Settings) -> AsyncIterator[str]:
    """Yield the DSN of the configured server, or run the embedded one meanwhile."""
    if settings.postgres.dsn:
        yield settings.postgres.dsn
        return
    async with open_embedded(settings) as dsn:
        yield dsn
