"""Waking the simulator's listeners in all processes.

A NOTIFY within each transaction would make all commits wait for one another; so it is sent
afterwards, many topics at once.  Whoever listens also looks by himself now and then.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Final

import asyncpg
import structlog

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.system.bells import Bells
from helpdesk.domain.errors import UnavailableError

CHANNEL: Final = "helpdesk_simulator"
TOPICS: Final = 300  # of 17 characters at most; a payload has less than 8000 bytes
GATHERING: Final = 0.02  # seconds between two notifications
PAUSE: Final = 1.0  # seconds before connecting again

log = structlog.get_logger(__name__)


class Rings:
    def __init__(
        self, database: Database, connect: Callable[[], Awaitable[asyncpg.Connection]]
    ) -> None:
        self.bells = Bells()
        self._database = database
        self._connect = connect
        self._origin = token_hex(8)  # what we tell ourselves needs no server
        self._unsent: set[str] = set()
        self._some = asyncio.Event()

    def ring(self, *topics: str) -> None:
        self.bells.ring(*topics)
        self._unsent.update(topics)
        if topics:
            self._some.set()

    async def tell(self) -> None:
        """Pass rings on to other processes, until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            topics, self._unsent = sorted(self._unsent), set()
            try:
                for i in range(0, len(topics), TOPICS):
                    payload = " ".join((self._origin, *topics[i : i + TOPICS]))
                    await self._database.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
            except UnavailableError as error:
                log.warning("rings_not_passed_on", error=error.detail)
            await asyncio.sleep(GATHERING)

    async def hear(self) -> None:
        """Take rings of other processes, until cancelled; connect again when cut off."""
        while True:
            try:
                with TRANSLATED:
                    await self._hear_until_cut_off()
            except UnavailableError as error:
                log.warning("rings_not_heard", error=error.detail)
            await asyncio.sleep(PAUSE)

    async def _hear_until_cut_off(self) -> None:
        connection = await self._connect()
        try:
            cut_off = asyncio.Event()
            connection.add_termination_listener(lambda _: cut_off.set())
            await connection.add_listener(CHANNEL, self._heard)
            self.bells.ring_all()
            await cut_off.wait()
        finally:
            connection.terminate()

    def _heard(self, *notification: object) -> None:
        origin, *topics = str(notification[-1]).split(" ")
        if origin != self._origin:
            self.bells.ring(*topics)


@asynccontextmanager
async def open_rings(
    database: Database, connect: Callable[[], Awaitable[asyncpg.Connection]]
) -> AsyncIterator[Rings]:
    rings = Rings(database, connect)
    tasks = [asyncio.create_task(it) for it in (rings.tell(), rings.hear())]
    try:
        yield rings
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
