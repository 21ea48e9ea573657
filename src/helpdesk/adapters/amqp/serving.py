"""Serving a queue: a reader for each of its partitions, shared fairly among processes.

The broker gives a partition to whoever subscribed first, so that the first process would have all.
Each process subscribes to all, and now and then lets go of what exceeds its share; the next in
line gets it at once, as it does when a process dies.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from math import ceil
from typing import Final, TypeVar

import structlog
from aio_pika.abc import AbstractIncomingMessage

from helpdesk.adapters.amqp.connection import FAILURES, Link, close, limited
from helpdesk.adapters.amqp.handling import Handling
from helpdesk.adapters.amqp.names import Layout, is_partitioned
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.publisher import Publisher
from helpdesk.adapters.amqp.reader import Ended, Reader, jitter
from helpdesk.adapters.amqp.topology import Layouts, Topology
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.broker import Handler, Queue

Answer = TypeVar("Answer")
AGAIN: Final = 0.2  # seconds before a subscription that ended is taken again

log = structlog.get_logger(__name__)


class Serving:
    """One `serve`: run it as a task; cancelled, it drains."""

    def __init__(
        self,
        queue: Queue,
        handle: Handler,
        *,
        link: Link,
        publisher: Publisher,
        topology: Topology,
        options: AmqpOptions,
    ) -> None:
        self._queue = queue
        self._handling = Handling(handle, options, tireless=not is_partitioned(queue))
        self._link = link
        self._publisher = publisher
        self._topology = topology
        self._options = options

    async def run(self) -> None:
        """Handle what comes until cancelled; then wait for what is being handled."""
        if is_partitioned(self._queue):
            await self._partitions()
        else:
            await self._single()

    async def _single(self) -> None:
        reader = self._reader(self._topology.names.work(self._queue))
        while True:
            await self._persistently(lambda: self._topology.establish(self._queue))
            why = None
            while why is not Ended.GONE:
                why = await reader.subscribe()
                await asyncio.sleep(AGAIN * jitter())

    async def _partitions(self) -> None:
        """Consume one layout after another, each to its end; mostly there is one, without end."""
        change = True  # only on starting: a reconnection of old ones must not undo the newest
        while True:
            found = await self._layouts(change=change)
            change = False
            oldest = found.layouts[0]
            names = self._topology.names.partitions(self._queue, oldest)
            readers = {name: self._reader(name) for name in names}
            async with asyncio.TaskGroup() as group:
                sharing = group.create_task(self._share(list(readers.values())))
                kept = [group.create_task(self._keep(it, oldest, n)) for n, it in readers.items()]
                await asyncio.wait(kept)
                sharing.cancel()

    async def _keep(self, reader: Reader, layout: Layout, name: str) -> None:
        """Subscribe again and again, until the partition was given up for a newer layout."""
        while True:
            if await reader.subscribe() is Ended.GONE:
                now = await self._layouts(change=False)
                if now.newest.generation != layout.generation and await self._is_gone(name):
                    return
            await asyncio.sleep(AGAIN * jitter())

    async def _is_gone(self, name: str) -> bool:
        return await self._persistently(lambda: self._topology.ready_in(name)) is None

    async def _share(self, readers: Sequence[Reader]) -> None:
        """Let go of what exceeds our share, again and again."""
        while True:
            with suppress(*FAILURES):
                await self._share_as_member(readers)
            await asyncio.sleep(AGAIN * jitter())

    async def _share_as_member(self, readers: Sequence[Reader]) -> None:
        """Count the members, of whom we are one: who subscribed to a queue that stays empty.

        The partitions cannot tell: of those who wait in line they count none.
        """
        seconds = self._options.timeout
        connection = await self._link.connection()
        channel = await limited(connection.channel(publisher_confirms=False), seconds)
        try:
            name = self._topology.names.members(self._queue)
            queue = await channel.get_queue(name, ensure=False)
            await limited(queue.consume(_ignore), seconds)
            while True:
                await asyncio.sleep(self._options.share_every * random.uniform(0.5, 1.5))  # noqa: S311
                found = await limited(channel.declare_queue(name, passive=True), seconds)
                members = found.declaration_result.consumer_count or 1
                _let_go_of_surplus(readers, share=ceil(len(readers) / members))
        finally:
            await close(channel)

    def _reader(self, name: str) -> Reader:
        return Reader(
            name,
            self._queue,
            self._handling,
            link=self._link,
            publisher=self._publisher,
            topology=self._topology,
            options=self._options,
        )

    async def _layouts(self, *, change: bool) -> Layouts:
        return await self._persistently(lambda: self._topology.layouts(self._queue, change=change))

    async def _persistently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask until the broker answers."""
        failures = 0
        while True:
            try:
                return await ask()
            except UnavailableError as error:
                failures += 1
                log.warning("serving_waits", queue=self._queue, reason=error.detail)
                await asyncio.sleep(self._options.pause(failures) * jitter())


async def _ignore(_: AbstractIncomingMessage) -> None:
    """Nobody writes to the queue of the members."""


def _let_go_of_surplus(readers: Sequence[Reader], *, share: int) -> None:
    active = [it for it in readers if it.is_active]
    for it in random.sample(active, max(0, len(active) - share)):
        it.give_up()
