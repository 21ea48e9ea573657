"""Waking those who wait for something in the database, here and in other processes.

Rung after the commit, never within it: a NOTIFY inside a transaction makes all commits of the
server wait for each other.  Rings that follow closely become one.  Each topic is a channel of its
own: a process is told of what somebody listens to in it, and of nothing else.  A ring may be lost
(the process dies, the connection breaks): whoever waits looks now and then without one.
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

_CHANNEL: Final = "helpdesk:"  # before the topic; PostgreSQL takes 63 bytes in all
_NOTIFY: Final = "SELECT pg_notify(it, '') FROM unnest($1::text[]) AS it"
# Seconds between notifications: other processes hear this much later.  Each wakes a process of the
# server for everybody who listens to anything.
_TOGETHER: Final = 0.01
_RETRY: Final = 0.5  # seconds until a broken connection is opened anew

Connect: TypeAlias = Callable[[], Awaitable[asyncpg.Connection]]
_BROKEN: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

log = structlog.get_logger()


class Rings:
    """Topics are texts of up to 50 bytes; each `ring` reaches every `listen` on the same topic."""

    def __init__(self) -> None:
        self.bells = Bells()
        self._alone = Counter[str]()  # who listens to a topic here, and nobody elsewhere
        self._heeded = Counter[str]()  # who listens to a topic here that others ring, too
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
    async def listen(self, topic: str) -> AsyncIterator[Bell]:
        """Listen to what is rung here and in other processes."""
        async with self.bells.listen(topic) as bell:
            self._heeded[topic] += 1
            self._something.set()
            try:
                yield bell
            finally:
                self._heeded[topic] -= 1
                if not self._heeded[topic]:
                    del self._heeded[topic]
                    self._something.set()

    @asynccontextmanager
    async def listen_alone(self, topic: str) -> AsyncIterator[Bell]:
        """Listen to what no other process listens to: what is rung here is not told to them."""
        async with self.listen(topic) as bell:
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
        connection.add_termination_listener(lambda _: self._something.set())
        heard = set[str]()
        while not connection.is_closed():
            await self._heed(connection, heard)
            topics, self._unsent = [_CHANNEL + it for it in self._unsent], {}
            if topics:
                await connection.execute(_NOTIFY, topics)
            await asyncio.sleep(_TOGETHER)
            await self._something.wait()
            self._something.clear()

    async def _heed(self, connection: asyncpg.Connection, heard: set[str]) -> None:
        """Be told of what somebody listens to here by now; `heard` is what we are told of."""
        heeded = set(self._heeded)
        for topic in heeded - heard:
            await connection.add_listener(_CHANNEL + topic, self._heard)
        for topic in heard - heeded:
            await connection.remove_listener(_CHANNEL + topic, self._heard)
        self.bells.ring(*heeded - heard)  # nobody told us anything before
        heard.clear()
        heard.update(heeded)

    def _heard(self, connection: object, sender: int, channel: str, payload: object) -> None:
        # Our own come back as well; those who listen here were woken when we rang.
        if sender != self._pid:
            self.bells.ring(str(channel).removeprefix(_CHANNEL))


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
