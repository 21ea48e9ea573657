"""Declaring queues and bindings, on a connection that exists for nothing else.

A bad declaration costs the channel, sometimes the connection.  What exists is left as it is: a
queue's arguments cannot be changed, and refusing to start because of them would help nobody.
"""

from collections.abc import Awaitable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from aio_pika import ExchangeType
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractIncomingMessage,
    AbstractMessage,
    AbstractQueue,
)
from aio_pika.exceptions import ChannelClosed, ChannelNotFoundEntity, PublishError

from helpdesk.adapters.amqp.connection import limited

Answer = TypeVar("Answer")
LOCKED: Final = "RESOURCE_LOCKED"  # aio-pika does not export the class
# Named, because a virtual host may have another default; this one ends with its connection.
CLASSIC: Final[Mapping[str, Any]] = MappingProxyType({"x-queue-type": "classic"})
QUORUM: Final[Mapping[str, Any]] = MappingProxyType({"x-queue-type": "quorum"})
# RabbitMQ 4 drops a message after 20 deliveries unless a limit is given.
KEPT: Final[Mapping[str, Any]] = MappingProxyType({**QUORUM, "x-delivery-limit": 1_000_000_000})
# From 3.12 on a queue may say how long a delivery may be held; a bot holds commands until WhatsApp
# can be reached.  Before, it is half an hour and costs one delivery.
LONGEST_HOLD_MS: Final = 30 * 24 * 3_600_000


class Declaring:
    """Passive and real declarations, one after another, each bounded in time."""

    def __init__(self, connection: AbstractConnection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._channel: AbstractChannel | None = None

    async def queue(self, name: str) -> AbstractQueue:
        """A queue that is known to be there."""
        return await (await self._open()).get_queue(name, ensure=False)

    async def take_one(self, name: str) -> AbstractIncomingMessage | None:
        """Take the first message of a queue, unacknowledged; None when it is empty."""
        queue = await self.queue(name)
        return await self._ask(queue.get(fail=False, timeout=None))

    async def ready_in(self, name: str) -> int | None:
        """Count what waits in a queue, without what is held; None when there is no such queue."""
        channel = await self._open()
        try:
            found = await self._ask(channel.declare_queue(name, passive=True))
        except ChannelNotFoundEntity:
            return None
        return found.declaration_result.message_count or 0

    async def ensure(self, name: str, arguments: Mapping[str, Any]) -> bool:
        """Declare a durable queue unless it exists; tell whether it is new."""
        if await self.ready_in(name) is not None:
            return False
        channel = await self._open()
        await self._ask(channel.declare_queue(name, durable=True, arguments=dict(arguments)))
        return True

    async def ensure_work(self, name: str, *, dead: str, delivery_limit: int) -> bool:
        """Declare a queue of which one consumer at a time takes, and where its dead go."""
        await self.ensure(dead, KEPT)
        return await self.ensure(
            name,
            {
                **QUORUM,
                "x-single-active-consumer": True,
                "x-delivery-limit": delivery_limit,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": dead,
                # Confirmed by the queue of the dead; it asks for this way to overflow.
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
                "x-consumer-timeout": LONGEST_HOLD_MS,
            },
        )

    async def lock(self, name: str) -> bool:
        """Declare a queue that only one connection can have, and that ends with it."""
        channel = await self._open()
        try:
            await self._ask(channel.declare_queue(name, exclusive=True, arguments=dict(CLASSIC)))
        except ChannelClosed as error:
            if LOCKED not in str(error):
                raise
            return False
        return True

    async def exchange(self, name: str) -> None:
        channel = await self._open()
        await self._ask(channel.declare_exchange(name, ExchangeType.DIRECT, durable=True))

    async def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        it = await self.queue(queue)
        await self._ask(it.bind(exchange, routing_key, timeout=None))

    async def unbind(self, queue: str, exchange: str, routing_key: str) -> None:
        it = await self.queue(queue)
        await self._ask(it.unbind(exchange, routing_key, timeout=None))

    async def put(self, queue: str, message: AbstractMessage) -> bool:
        """Publish into a queue and wait for the confirmation; False when there is no such queue."""
        channel = await self._open()
        try:
            await self._ask(channel.default_exchange.publish(message, queue))
        except PublishError:
            return False
        return True

    async def delete(self, queue: str) -> None:
        channel = await self._open()
        await self._ask(channel.queue_delete(queue))

    async def _open(self) -> AbstractChannel:
        """The channel, or a new one after a refusal closed it."""
        if self._channel is None or self._channel.is_closed:
            self._channel = await self._ask(self._connection.channel(on_return_raises=True))
        return self._channel

    async def _ask(self, answer: Awaitable[Answer]) -> Answer:
        return await limited(answer, self._seconds)
