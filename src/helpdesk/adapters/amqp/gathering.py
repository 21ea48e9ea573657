"""Gathering the dead: each letter is kept elsewhere before the broker may forget it."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity

from helpdesk.adapters.amqp.connection import FAILURES, Link, close, limited
from helpdesk.adapters.amqp.letters import letter_of
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.reader import jitter
from helpdesk.adapters.amqp.topology import Topology
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.ports.broker import Keep

AT_ONCE: Final = 20
AGAIN: Final = 0.5  # seconds before the queue is subscribed to again
FORMER_AGAIN: Final = 30.0  # seconds; a bot of an earlier release may still declare it

log = structlog.get_logger(__name__)


class Gathering:
    """One queue of the dead; run it as a task.  One that is `former` need not be there."""

    def __init__(
        self,
        name: str,
        keep: Keep,
        *,
        former: bool,
        link: Link,
        topology: Topology,
        options: AmqpOptions,
    ) -> None:
        self._name = name
        self._keep = keep
        self._former = former
        self._link = link
        self._topology = topology
        self._options = options

    async def run(self) -> None:
        """Hand over what comes until cancelled; what was not kept by then comes again."""
        while True:
            with suppress(*FAILURES, UnavailableError):
                await self._subscribe()
            await asyncio.sleep(AGAIN * jitter())

    async def _subscribe(self) -> None:
        seconds = self._options.timeout
        connection = await self._link.connection()
        channel = await limited(connection.channel(publisher_confirms=False), seconds)
        arrived, ended = asyncio.Queue[AbstractIncomingMessage | None](), asyncio.Event()

        def closed(*_: object) -> None:
            ended.set()
            arrived.put_nowait(None)

        channel.close_callbacks.add(closed)
        try:
            await limited(channel.set_qos(prefetch_count=AT_ONCE), seconds)
            queue = await channel.get_queue(self._name, ensure=False)
            await limited(queue.consume(arrived.put), seconds)
            while (message := await arrived.get()) is not None:
                await self._hand_over(message, ended)
        except ChannelNotFoundEntity:
            if self._former:
                await asyncio.sleep(FORMER_AGAIN)
            else:
                await self._topology.establish_dead(self._name)
        finally:
            await close(channel)

    async def _hand_over(self, message: AbstractIncomingMessage, ended: asyncio.Event) -> None:
        letter, failures = letter_of(message, self._topology.names), 0
        while not ended.is_set():
            try:
                await self._keep(letter)
            except Exception as error:
                # Whatever it is: a letter is not given up, and its followers can wait.
                if isinstance(error, DomainError):
                    log.warning("dead_letter_waits", queue=self._name, reason=error.detail)
                else:
                    log.exception("dead_letter_waits", queue=self._name)
                failures += 1
                await asyncio.sleep(self._options.pause(failures) * jitter())
            else:
                await limited(message.ack(), self._options.timeout)
                return
