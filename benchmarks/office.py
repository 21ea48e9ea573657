"""A server at work: so many people have written, and each waits for an answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.http import Connection
from benchmarks.limit import connected
from tests.support.desk import Desk, visiting
from tests.support.server import Server, running

PEOPLE: Final = 200
CONNECTIONS: Final = 20
_NEWS: Final = "SELECT count(*) FROM simulator_message WHERE position IS NOT NULL"


@dataclass(slots=True)
class Office:
    server: Server
    data: Path  # where the database's own server is, in `postgres`
    desk: Desk
    phones: list[str]
    attendances: list[str]

    @asynccontextmanager
    async def connections(self) -> AsyncIterator[Sequence[Connection]]:
        opened = [await Connection.to(self.server) for _ in range(CONNECTIONS)]
        try:
            yield opened
        finally:
            for it in opened:
                it.close()

    async def count(self, sql: str) -> int:
        async with connected(self.data) as connection:
            return int(await connection.fetchval(sql))

    async def has_told(self) -> None:
        """Wait until the simulated network has told the bridge everything."""
        while await self.count(_NEWS):
            await asyncio.sleep(0.02)

    async def is_quiet(self) -> None:
        """Wait until nothing is left to be told to anybody."""
        while await self.count(f"SELECT (SELECT count(*) FROM outbox) + ({_NEWS})"):
            await asyncio.sleep(0.1)


@asynccontextmanager
async def office(place: Path) -> AsyncIterator[Office]:
    """Open it in an empty directory, one process for everything."""
    with running(place / "data", HELPDESK__TELEMETRY__LEVEL="warning") as server:
        async with furnished(server, server.data) as it:
            yield it


@asynccontextmanager
async def furnished(server: Server, data: Path) -> AsyncIterator[Office]:
    """Let everybody write and be answered once, so that every attendance is active."""
    async with visiting(server) as visitor:
        desk = await visitor.desk()
        phones = [visitor.phone(f"+5511300{n:05}") for n in range(PEOPLE)]
        for it in phones:
            await it.writes("Olá")
        shown: list[str] = []
        while len(shown) < PEOPLE:
            shown = [it["id"] for it in await desk.attendances()]
        for id in shown:
            await desk.reply(id, "Bom dia")
        found = Office(server, data, desk, [it.number for it in phones], shown)
        await found.is_quiet()
        yield found
