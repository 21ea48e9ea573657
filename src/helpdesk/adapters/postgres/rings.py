"""Waking those who wait for something in the database, here and in other processes.

Rung after the commit, never within it: a NOTIFY inside a transaction makes all commits of the
server wait for each other.  Rings that follow closely become one.  A ring may be lost (the process
dies, the connection breaks): whoever waits looks now and then without one.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeAlias

import asyncpg
import structlog

from helpdesk.adapters.system.bells import Bells
from helpdesk.ports.system import Bell

_CHANNEL: Final = "helpdesk"  # the payload: topics, one a line
_LONGEST: Final = 100  # topics in a payload; PostgreSQL takes 8000 bytes
# Seconds between notifications: other processes hear this much later.  Each wakes all of them, and
# as many processes of the server.
_TOGETHER: Final = 0.01
_RETRY: Final = 0.5  # seconds until a broken connection is opened anew

Connect: TypeAlias = Callable[[], Awaitable[asyncpg.Connection]]
_BROKEN: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

log = structlog.get_logger()


class Rings:
    """Topics are any short texts; each `ring` reaches every `bells.listen` on the same topic."""

    def __init__(self) -> None:
        self.bells = Bells()
        self._alone = Counter[str]()  # who listens to a topic here, and nobody elsewhere
        self._unsent: dict[str, None] = {}
        self._something = asyncio.Event()
        self._remote = False
        self._pid = 0  # of the server's process that serves us

    def ring(self, *topics: str) -> None:
        """Wake those who listen: at once in this process, soon in others."""
        self.bells.ring(*topics)
        others = [it for it in topics if not self._alone[it]]
        if self._remote and others:
            self._unsent.update(dict.fromkeys(others))
            self._something.set()

    @asynccontextmanager
    async def listen_alone(self, topic: str) -> AsyncIterator[Bell]:
        """Listen to what no other process listens to: what is rung here is not told to them."""
        async with self.bells.listen(topic) as bell:
            self._alone[topic] += 1
            try:
                yield bell
            finally:
                self._alone[topic] -= 1

    async def run(self, connect: Connect) -> None:
        """Exchange rings with other processes until cancelled."""
        self._remote = True
        while True:
            try:
                connection = await connect()
                try:
                    await self._exchange(connection)
                finally:
                    connection.terminate()
            except _BROKEN as error:
                log.warning("rings_interrupted", reason=repr(error))
            except Exception:  # nobody else would begin anew
                log.exception("rings_interrupted")
            await asyncio.sleep(_RETRY)

    async def _exchange(self, connection: asyncpg.Connection) -> None:
        self._pid = connection.get_server_pid()
        await connection.add_listener(_CHANNEL, self._heard)
        connection.add_termination_listener(lambda _: self._something.set())
        self.bells.ring_all()  # nobody told us anything while we were not connected
        while not connection.is_closed():
            await self._something.wait()
            self._something.clear()
            topics, self._unsent = list(self._unsent), {}
            for first in range(0, len(topics), _LONGEST):
                payload = "\n".join(topics[first : first + _LONGEST])
                await connection.execute("SELECT pg_notify($1, $2)", _CHANNEL, payload)
            await asyncio.sleep(_TOGETHER)

    def _heard(self, connection: object, sender: int, channel: str, payload: object) -> None:
        # Our own come back as well; those who listen here were woken when we rang.
        if sender != self._pid:
            self.bells.ring(*str(payload).split("\n"))


@asynccontextmanager
async def open_rings(connect: Connect | None) -> AsyncIterator[Rings]:
    """Exchange rings inside the block; without `connect` they stay within this process."""
    rings = Rings()
    if connect is None:
        yield rings
        return
    exchange = asyncio.create_task(rings.run(connect), name="rings")
    try:
        yield rings
    finally:
        exchange.cancel()
        with suppress(asyncio.CancelledError):
            await exchange
