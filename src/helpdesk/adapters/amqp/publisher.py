"""Publishing: one channel, confirmed, `mandatory`, in order for each key.

A time-out means unknown: the broker may have it all the same, so that handlers are idempotent.
"""

import asyncio
from typing import Final

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractMessage
from aio_pika.exceptions import PublishError

from helpdesk.adapters.amqp.connection import (
    FAILURES,
    Link,
    forget,
    limited,
    reason,
    translated,
)
from helpdesk.adapters.amqp.messages import message_of
from helpdesk.adapters.amqp.names import is_partitioned, slot_of
from helpdesk.adapters.amqp.options import IN_FLIGHT, AmqpOptions
from helpdesk.adapters.amqp.topology import Topology
from helpdesk.adapters.system.lanes import Lanes
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.broker import Queue
from helpdesk.ports.outbox import Envelope

WAITING: Final = 4 * IN_FLIGHT
PING_SECONDS: Final = 2.0
RETURNED_PAUSE: Final = 0.05  # seconds; partitions are being rebound, or a queue is gone


class Publisher:
    def __init__(self, link: Link, topology: Topology, options: AmqpOptions) -> None:
        self._link = link
        self._topology = topology
        self._seconds = options.timeout
        self._lanes = Lanes(at_once=IN_FLIGHT, waiting=WAITING)
        self._opening = asyncio.Lock()
        self._channel: AbstractChannel | None = None
        self._opened_on: AbstractConnection | None = None
        self._known: set[Queue] = set()
        self._preparing: dict[Queue, asyncio.Task[None]] = {}

    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        """Return when the broker has confirmed it.

        Raises:
            UnavailableError: it did not, in time.
        """
        message = message_of(envelope, key)
        await self._lanes.run(f"{queue} {key}", lambda: self._bounded(queue, message, key))

    async def close(self) -> None:
        """End what is being prepared."""
        tasks = [*self._preparing.values()]
        for it in tasks:
            it.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def bury(self, queue: Queue, message: AbstractMessage) -> None:
        """Put a message into the queue of the dead.

        Raises:
            UnavailableError: not confirmed.
        """
        with translated("The dead letter was not confirmed"):
            async with asyncio.timeout(self._seconds):
                await self._send("", self._topology.names.dead(queue), message)

    async def ping(self) -> None:
        """Ask the broker something on the connection that publishes.

        A broker that takes no more, because memory or disk ran out, does not answer there.

        Raises:
            UnavailableError: no answer.
        """
        try:
            await limited(self._round_trip(), min(self._seconds, PING_SECONDS))
        except FAILURES as error:
            raise UnavailableError(self._link.problem or reason(error)) from error

    async def _round_trip(self) -> None:
        connection = await self._link.connection()
        async with connection.channel():
            pass

    async def _bounded(self, queue: Queue, message: AbstractMessage, key: str) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._routed(queue, message, key)
        except FAILURES as error:
            self._known.discard(queue)  # a missing exchange or queue looks like this
            why = self._link.problem or reason(error)
            raise UnavailableError(f"The broker did not confirm: {why}") from error

    async def _routed(self, queue: Queue, message: AbstractMessage, key: str) -> None:
        """Publish until it reaches a queue; the caller bounds the time."""
        names = self._topology.names
        again = False
        while True:
            await self._prepare(queue, again=again)
            try:
                if is_partitioned(queue):
                    await self._send(names.exchange(queue), slot_of(key), message)
                else:
                    await self._send("", names.work(queue), message)
            except PublishError:
                # Returned: being rebound just now; if that is not it, mend it.
                await asyncio.sleep(RETURNED_PAUSE)
                self._known.discard(queue)
                again = True
            else:
                return

    async def _send(self, exchange: str, routing_key: str, message: AbstractMessage) -> None:
        channel = await self._open()
        to = await channel.get_exchange(exchange, ensure=False)
        await to.publish(message, routing_key, mandatory=True)

    async def _open(self) -> AbstractChannel:
        """The one channel, opened again after it or its connection was lost."""
        connection = await self._link.connection()
        async with self._opening:
            channel = self._channel
            if channel is None or channel.is_closed or self._opened_on is not connection:
                opened = connection.channel(publisher_confirms=True, on_return_raises=True)
                channel = await limited(opened, self._seconds)
                self._channel, self._opened_on = channel, connection
            return channel

    async def _prepare(self, queue: Queue, *, again: bool) -> None:
        """Wait until there is where to publish to.

        Whoever waits no longer does not end it: the next one would begin at the beginning, and a
        slow broker would never have it all.
        """
        if queue in self._known:
            return
        task = self._preparing.get(queue)
        if task is None or task.done():
            task = asyncio.create_task(self._establish(queue, again=again))
            task.add_done_callback(forget)
            self._preparing[queue] = task
        await asyncio.shield(task)

    async def _establish(self, queue: Queue, *, again: bool) -> None:
        await self._topology.establish(queue, again=again)
        self._known.add(queue)
