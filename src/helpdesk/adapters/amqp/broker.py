"""The broker: one connection that publishes, one that consumes, some that prepare.

A broker short of memory stops reading from those who publish; acknowledgements must get through.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from helpdesk.adapters.amqp.connection import Link
from helpdesk.adapters.amqp.gathering import Gathering
from helpdesk.adapters.amqp.names import is_partitioned
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.publisher import Publisher
from helpdesk.adapters.amqp.serving import Serving
from helpdesk.adapters.amqp.topology import Topology
from helpdesk.ports.broker import Handler, Keep, Queue
from helpdesk.ports.outbox import Envelope


class AmqpBroker:
    def __init__(self, options: AmqpOptions, *, publishing: Link, consuming: Link) -> None:
        self._options = options
        self._consuming = consuming
        self._topology = Topology(options)
        self._publisher = Publisher(publishing, self._topology, options)

    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        await self._publisher.publish(queue, envelope, key=key)

    @asynccontextmanager
    async def serve(self, queue: Queue, handle: Handler) -> AsyncIterator[None]:
        """A broker that is down is waited for, in the background."""
        serving = Serving(
            queue,
            handle,
            link=self._consuming,
            publisher=self._publisher,
            topology=self._topology,
            options=self._options,
        )
        task = asyncio.create_task(serving.run(), name=f"serve {queue}")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def backlog(self, *queues: Queue) -> dict[Queue, int]:
        return await self._topology.backlog(*queues)

    @asynccontextmanager
    async def gather(self, queue: Queue, keep: Keep) -> AsyncIterator[None]:
        """Several processes may; each letter goes to one of them.

        Whoever gathers the dead of the reports gathers those as well that lie where those of all
        sessions once went.
        """
        names = self._topology.names
        tasks = [self._gathering(names.dead(queue), keep)]
        if is_partitioned(queue):
            tasks.append(self._gathering(names.former_dead, keep, former=True))
        try:
            yield
        finally:
            for it in tasks:
                it.cancel()
            await asyncio.wait(tasks)

    def _gathering(self, name: str, keep: Keep, *, former: bool = False) -> asyncio.Task[None]:
        it = Gathering(
            name,
            keep,
            former=former,
            link=self._consuming,
            topology=self._topology,
            options=self._options,
        )
        return asyncio.create_task(it.run(), name=f"gather {name}")

    async def close(self) -> None:
        """End what goes on behind; who serves and gathers has left before."""
        await self._publisher.close()

    async def ping(self) -> None:
        await self._publisher.ping()


@asynccontextmanager
async def opened(options: AmqpOptions) -> AsyncIterator[AmqpBroker]:
    """Connect in the background, for as long as this is open."""
    publishing, consuming = Link(options, "publishing"), Link(options, "consuming")
    tasks = [asyncio.create_task(it.run()) for it in (publishing, consuming)]
    broker = AmqpBroker(options, publishing=publishing, consuming=consuming)
    try:
        yield broker
    finally:
        await broker.close()
        for it in tasks:
            it.cancel()
        await asyncio.wait(tasks)
