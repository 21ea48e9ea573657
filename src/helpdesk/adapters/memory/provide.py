"""Opens the ports of the memory adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from helpdesk.adapters.memory.alerts import MemoryAlerts
from helpdesk.adapters.memory.board import MemoryBoard
from helpdesk.adapters.memory.conversion import MemoryConversion
from helpdesk.adapters.memory.dead_letters import MemoryDeadLetters
from helpdesk.adapters.memory.directory import MemoryDirectory
from helpdesk.adapters.memory.feed import MemoryFeed
from helpdesk.adapters.memory.journeys import MemoryJourneys
from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.adapters.memory.push import MemoryPush
from helpdesk.adapters.memory.simulator import MemorySimulator
from helpdesk.adapters.memory.store import Memory, MemoryStore
from helpdesk.adapters.memory.templates import MemoryTemplates
from helpdesk.adapters.memory.ticks import MemoryTicks
from helpdesk.opening import Opening
from helpdesk.ports.alerts import Alerts
from helpdesk.ports.board import Board
from helpdesk.ports.conversion import Conversion
from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.directory import Directory
from helpdesk.ports.feed import Feed
from helpdesk.ports.journey import Journeys
from helpdesk.ports.leases import Leases
from helpdesk.ports.media import MediaStore
from helpdesk.ports.outbox import Outbox
from helpdesk.ports.push import Push
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.store import Store
from helpdesk.ports.templates import Templates
from helpdesk.ports.ticks import Ticks

SHARED: Final = False


@asynccontextmanager
async def open_store(opening: Opening) -> AsyncIterator[Store]:
    yield MemoryStore(await _memory(opening))


@asynccontextmanager
async def open_outbox(opening: Opening) -> AsyncIterator[Outbox]:
    yield (await _memory(opening)).outbox


@asynccontextmanager
async def open_leases(opening: Opening) -> AsyncIterator[Leases]:
    yield (await _memory(opening)).leases


@asynccontextmanager
async def open_board(opening: Opening) -> AsyncIterator[Board]:
    yield MemoryBoard(await _memory(opening))


@asynccontextmanager
async def open_directory(opening: Opening) -> AsyncIterator[Directory]:
    yield MemoryDirectory((await _memory(opening)).tables)


@asynccontextmanager
async def open_feed(_: Opening) -> AsyncIterator[Feed]:
    yield MemoryFeed()


@asynccontextmanager
async def open_journey(_: Opening) -> AsyncIterator[Journeys]:
    yield MemoryJourneys()


@asynccontextmanager
async def open_dead_letters(opening: Opening) -> AsyncIterator[DeadLetters]:
    yield MemoryDeadLetters((await _memory(opening)).outbox)


@asynccontextmanager
async def open_ticks(_: Opening) -> AsyncIterator[Ticks]:
    yield MemoryTicks()


@asynccontextmanager
async def open_simulator(_: Opening) -> AsyncIterator[Simulator]:
    yield MemorySimulator()


@asynccontextmanager
async def open_media(_: Opening) -> AsyncIterator[MediaStore]:
    yield MemoryMedia()


@asynccontextmanager
async def open_conversion(_: Opening) -> AsyncIterator[Conversion]:
    yield MemoryConversion()


@asynccontextmanager
async def open_alerts(_: Opening) -> AsyncIterator[Alerts]:
    yield MemoryAlerts()


@asynccontextmanager
async def open_push(_: Opening) -> AsyncIterator[Push]:
    yield MemoryPush()


@asynccontextmanager
async def open_templates(_: Opening) -> AsyncIterator[Templates]:
    yield MemoryTemplates()


async def _memory(opening: Opening) -> Memory:
    @asynccontextmanager
    async def open_memory() -> AsyncIterator[Memory]:
        yield Memory(process=opening.process)

    return await opening.once("memory", open_memory)
