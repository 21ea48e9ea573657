"""The ports of every adapter, one after the other: each contract holds for all of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import pytest

from helpdesk.neighbours import Postgres
from helpdesk.opening import Opening
from helpdesk.opening import opening as opening_of
from helpdesk.ports.board import Board
from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.directory import Directory
from helpdesk.ports.feed import Feed
from helpdesk.ports.journey import Journeys
from helpdesk.ports.outbox import Outbox
from helpdesk.ports.store import Store
from helpdesk.ports.ticks import Ticks
from helpdesk.settings import Adapters, Settings
from tests.support.memory import memory_opening
from tests.support.office import Office
from tests.support.postgres import postgres_opening, recycled_database

Installation: TypeAlias = Callable[[], AbstractAsyncContextManager[Opening]]


@asynccontextmanager
async def firebase_opening() -> AsyncIterator[Opening]:
    """Dashboards listen elsewhere; the feed is the store's."""
    async with recycled_database() as dsn:
        chosen = Adapters(store="postgres", feed="firebase", broker="local")
        postgres = Postgres(dsn=dsn, migrate_on_start=False, pool_size=12)
        async with opening_of(Settings(adapters=chosen, postgres=postgres)) as it:
            yield it


ADAPTERS = [
    pytest.param(memory_opening, id="memory"),
    pytest.param(postgres_opening, id="postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(params=ADAPTERS)
async def opening(request: pytest.FixtureRequest) -> AsyncIterator[Opening]:
    installation: Installation = request.param
    async with installation() as it:
        yield it


@pytest.fixture
async def store(opening: Opening) -> Store:
    it: Store = await opening.port("store")
    return it


@pytest.fixture
async def outbox(opening: Opening) -> Outbox:
    it: Outbox = await opening.port("outbox")
    return it


@pytest.fixture
async def board(opening: Opening) -> Board:
    it: Board = await opening.port("board")
    return it


@pytest.fixture
async def directory(opening: Opening) -> Directory:
    it: Directory = await opening.port("directory")
    return it


FEEDS = [*ADAPTERS, pytest.param(firebase_opening, id="firebase", marks=pytest.mark.postgres)]


@pytest.fixture(params=FEEDS)
async def feed(request: pytest.FixtureRequest) -> AsyncIterator[Feed]:
    installation: Installation = request.param
    async with installation() as it:
        yield await it.port("feed")


@pytest.fixture
async def journeys(opening: Opening) -> Journeys:
    it: Journeys = await opening.port("journey")
    return it


@pytest.fixture
async def dead_letters(opening: Opening) -> DeadLetters:
    it: DeadLetters = await opening.port("dead_letters")
    return it


@pytest.fixture
async def ticks(opening: Opening) -> Ticks:
    it: Ticks = await opening.port("ticks")
    return it


@pytest.fixture
async def office(store: Store) -> Office:
    return await Office(store).furnish()
