"""How a queue lies in the broker, and how its division into partitions is changed.

docs/adr/0003-partitions.md has the reasons.  In short: one message in the broker lists the layouts,
oldest first.  A new layout takes over all bindings; the partitions of the old one get a fence, are
drained to it and deleted; only then is the new one consumed.  Each step can be done again.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import msgspec
import structlog
from aio_pika import DeliveryMode, Message

from helpdesk.adapters.amqp.connection import single_use, translated
from helpdesk.adapters.amqp.declaring import KEPT, Declaring
from helpdesk.adapters.amqp.messages import JSON, fence
from helpdesk.adapters.amqp.names import SLOTS, Layout, Names, is_partitioned
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.ports.broker import Queue

# A queue for one message: what is written replaces what was there.
ONE: Final = MappingProxyType({**KEPT, "x-max-length": 1, "x-overflow": "drop-head"})
LOCK_WAIT: Final = 0.05  # seconds between two tries, with jitter

log = structlog.get_logger(__name__)


class Layouts(msgspec.Struct, frozen=True):
    """What the message says: oldest first, the last one is bound when `settled`."""

    layouts: tuple[Layout, ...] = ()
    settled: bool = False

    @property
    def newest(self) -> Layout:
        return self.layouts[-1]

    def is_changed_by(self, wanted: Layout | None) -> bool:
        return not self.layouts or (wanted is not None and not wanted.is_as(self.newest))


class Topology:
    """Declarations; any process may make them, one at a time per queue."""

    def __init__(self, options: AmqpOptions) -> None:
        self._options = options
        self.names = Names(options.prefix)
        self._known: dict[Queue, Layouts] = {}  # as they were last read

    async def establish(self, queue: Queue, *, again: bool = False) -> None:
        """See to it that something published to `queue` has where to go.

        Raises:
            UnavailableError: the broker does not answer.
        """
        if is_partitioned(queue):
            await self.layouts(queue, change=False, again=again)
            return
        async with self._declaring() as declaring:
            await declaring.ensure_work(
                self.names.work(queue),
                dead=self.names.dead(queue),
                delivery_limit=self._options.delivery_limit,
            )

    async def layouts(self, queue: Queue, *, change: bool, again: bool = False) -> Layouts:
        """Read how `queue` is divided, first dividing it when it is not.

        With `change` it is divided anew when the configuration says otherwise; with `again` the
        bindings are made once more.

        Raises:
            UnavailableError: the broker does not answer, or others are at it for too long.
        """
        async with self._declaring() as declaring:
            await self._lock(declaring, queue)
            await declaring.ensure(self.names.layout(queue), ONE)
            await declaring.ensure(self.names.members(queue), KEPT)
            before = await self._read(declaring, queue)
            now = await self._without_the_drained(declaring, queue, before)
            if now.is_changed_by(self._wanted() if change else None):
                now = self._changed(queue, now)
            if not await self._all_there(declaring, queue, now) or again:
                now = msgspec.structs.replace(now, settled=False)
            if now != before:
                await self._write(declaring, queue, now)
            if not now.settled:
                await self._bind(declaring, queue, now)
                now = msgspec.structs.replace(now, settled=True)
                await self._write(declaring, queue, now)
            self._known[queue] = now
            return now

    async def backlog(self, *queues: Queue) -> dict[Queue, int]:
        """Count what waits, by the layouts that this process knows.

        Raises:
            UnavailableError: the broker does not answer.
        """
        for it in queues:
            if is_partitioned(it) and it not in self._known:
                await self.layouts(it, change=False)
        async with self._declaring() as declaring:
            return {
                it: sum([await declaring.ready_in(name) or 0 for name in self._work(it)])
                for it in queues
            }

    def _work(self, queue: Queue) -> list[str]:
        if not is_partitioned(queue):
            return [self.names.work(queue)]
        layouts = self._known[queue].layouts
        return [name for it in layouts for name in self.names.partitions(queue, it)]

    async def establish_dead(self, name: str) -> None:
        """See to it that there is a queue of the dead.

        Raises:
            UnavailableError: the broker does not answer.
        """
        async with self._declaring() as declaring:
            await declaring.ensure(name, KEPT)

    async def ready_in(self, name: str) -> int | None:
        """Count what waits in a partition; None when it is gone."""
        async with self._declaring() as declaring:
            return await declaring.ready_in(name)

    async def delete(self, name: str) -> None:
        """Give up a partition that was drained to its fence."""
        async with self._declaring() as declaring:
            await declaring.delete(name)

    @asynccontextmanager
    async def _declaring(self) -> AsyncIterator[Declaring]:
        with translated("The broker could not be prepared"):
            async with single_use(self._options, "topology") as connection:
                yield Declaring(connection, self._options.timeout)

    async def _lock(self, declaring: Declaring, queue: Queue) -> None:
        async with asyncio.timeout(self._options.timeout):
            while not await declaring.lock(self.names.lock(queue)):  # noqa: ASYNC110 - it is theirs
                await asyncio.sleep(LOCK_WAIT * random.uniform(0.5, 1.5))  # noqa: S311 - jitter

    async def _read(self, declaring: Declaring, queue: Queue) -> Layouts:
        found = await declaring.take_one(self.names.layout(queue))
        if found is None:
            return Layouts()
        await found.nack(requeue=True)
        return msgspec.json.decode(found.body, type=Layouts)

    async def _write(self, declaring: Declaring, queue: Queue, layouts: Layouts) -> None:
        body = msgspec.json.encode(layouts)
        message = Message(body, content_type=JSON, delivery_mode=DeliveryMode.PERSISTENT)
        await declaring.put(self.names.layout(queue), message)

    def _wanted(self) -> Layout:
        it = self._options
        return Layout(generation=1, partitions=it.partitions, delivery_limit=it.delivery_limit)

    def _changed(self, queue: Queue, it: Layouts) -> Layouts:
        generation = it.newest.generation + 1 if it.layouts else 1
        new = replace(self._wanted(), generation=generation)
        log.info(
            "partitions_changed", queue=queue, partitions=new.partitions, generation=generation
        )
        return Layouts(layouts=(*it.layouts, new))

    async def _without_the_drained(
        self, declaring: Declaring, queue: Queue, it: Layouts
    ) -> Layouts:
        """Leave out old layouts that have no partition any more; only the oldest is drained."""
        while it.settled and len(it.layouts) > 1:
            if await self._existing(declaring, queue, it.layouts[0]):
                break
            it = msgspec.structs.replace(it, layouts=it.layouts[1:])
        return it

    async def _existing(self, declaring: Declaring, queue: Queue, layout: Layout) -> list[str]:
        names = self.names.partitions(queue, layout)
        return [it for it in names if await declaring.ready_in(it) is not None]

    async def _all_there(self, declaring: Declaring, queue: Queue, it: Layouts) -> bool:
        """Declare what is missing of the newest layout; tell whether nothing was."""
        await declaring.exchange(self.names.exchange(queue))
        new = [
            await declaring.ensure_work(
                name, dead=self.names.dead(queue), delivery_limit=it.newest.delivery_limit
            )
            for name in self.names.partitions(queue, it.newest)
        ]
        return not any(new)

    async def _bind(self, declaring: Declaring, queue: Queue, it: Layouts) -> None:
        """Lead every slot to the newest layout only, then fence the others.

        For a moment a slot leads nowhere; who publishes then is told so and tries again.  Two ways
        at once would double messages.
        """
        exchange = self.names.exchange(queue)
        old = [
            name for one in it.layouts[:-1] for name in await self._existing(declaring, queue, one)
        ]
        partitions = self.names.partitions(queue, it.newest)
        for slot in range(SLOTS):
            for name in old:
                await declaring.unbind(name, exchange, str(slot))
            await declaring.bind(partitions[slot % len(partitions)], exchange, str(slot))
        for name in old:
            await declaring.put(name, fence())
