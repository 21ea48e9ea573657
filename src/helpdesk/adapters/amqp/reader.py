"""Taking deliveries from one queue of the broker, which gives them to one consumer at a time.

Order rests on three rules.  Deliveries of one key are handled one after another, also across a
reconnection.  Nothing is ever given back singly: it would return behind its followers.  And a
channel is closed only when no handler runs, so that whoever is given the rest finds all done.
"""

import asyncio
import random
from contextlib import suppress
from enum import Enum, auto
from typing import Final

import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity

from helpdesk.adapters.amqp.acknowledging import Acknowledging
from helpdesk.adapters.amqp.connection import FAILURES, Link, close, limited
from helpdesk.adapters.amqp.handling import Handling, Trial, Verdict, unreadable
from helpdesk.adapters.amqp.letters import letter_for
from helpdesk.adapters.amqp.messages import FENCE, envelope_of, key_of
from helpdesk.adapters.amqp.options import PREFETCH, AmqpOptions
from helpdesk.adapters.amqp.publisher import Publisher
from helpdesk.adapters.amqp.topology import Topology
from helpdesk.adapters.system.lanes import Lanes
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.ports.broker import Queue

IDLE_POLL: Final = 0.05  # seconds

log = structlog.get_logger(__name__)


def jitter() -> float:
    return random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Ended(Enum):
    """Why a subscription ended."""

    GONE = auto()  # the queue is no more
    LOST = auto()  # the channel or the connection was lost
    GIVEN_UP = auto()  # we let go of it


class Subscription:
    """One subscription, from its channel's opening to its end."""

    def __init__(self, channel: AbstractChannel, *, seconds: float) -> None:
        self.channel = channel
        self.acknowledging = Acknowledging(channel, seconds=seconds)
        self.ended: Ended | None = None
        self.halted = asyncio.Event()
        self.is_active = False  # it was given something, so nobody else is
        self.jobs: set[asyncio.Task[None]] = set()
        self.fence: asyncio.Task[None] | None = None
        # Never full: the broker gives no more than that.
        self.lanes = Lanes(at_once=PREFETCH, waiting=PREFETCH)

    def end(self, why: Ended) -> None:
        """Start nothing more; the first reason counts."""
        self.ended = self.ended or why
        self.halted.set()

    async def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        with suppress(TimeoutError):
            await limited(self.halted.wait(), seconds)


class Reader:
    """Subscribes to one queue until told to stop, and handles what comes."""

    def __init__(
        self,
        name: str,
        queue: Queue,
        handling: Handling,
        *,
        link: Link,
        publisher: Publisher,
        topology: Topology,
        options: AmqpOptions,
    ) -> None:
        self._name = name
        self._queue = queue
        self._handling = handling
        self._link = link
        self._publisher = publisher
        self._topology = topology
        self._options = options
        self._now: Subscription | None = None

    @property
    def is_active(self) -> bool:
        """Whether the broker gives to us what is in the queue; known once it gave something."""
        return self._now is not None and self._now.is_active and not self._now.halted.is_set()

    def give_up(self) -> None:
        """Let the next in line have it; we go to the end of the line."""
        if self._now is not None:
            self._now.end(Ended.GIVEN_UP)

    async def subscribe(self) -> Ended:
        """Handle what comes until the subscription ends, then let go of the rest."""
        connection = await self._link.connection()
        try:
            channel = await limited(
                connection.channel(publisher_confirms=False), self._options.timeout
            )
        except FAILURES:
            return Ended.LOST
        it = self._now = Subscription(channel, seconds=self._options.timeout)
        try:
            await self._consume(it)
            await it.halted.wait()
        except ChannelNotFoundEntity:
            it.end(Ended.GONE)
        except FAILURES:
            it.end(Ended.LOST)
        finally:
            it.end(Ended.GIVEN_UP)
            await self._let_go(it)
        return it.ended or Ended.LOST

    async def _consume(self, it: Subscription) -> None:
        async def arrived(message: AbstractIncomingMessage) -> None:
            # Only begun here: tasks of the driver end with its channel.
            self._take(it, message)

        it.channel.close_callbacks.add(lambda *_: it.end(Ended.LOST))
        underlay = await it.channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(lambda _: it.end(Ended.GONE))
        seconds = self._options.timeout
        await limited(it.channel.set_qos(prefetch_count=PREFETCH), seconds)
        queue = await it.channel.get_queue(self._name, ensure=False)
        await limited(queue.consume(arrived), seconds)

    async def _let_go(self, it: Subscription) -> None:
        """Wait for the handlers at work, then return all else to the broker, in order."""
        if it.fence is not None:
            it.fence.cancel()
        if it.jobs:
            _, late = await asyncio.wait(it.jobs, timeout=self._options.drain)
            if late:
                log.warning("handlers_abandoned", queue=self._name, count=len(late))
            for job in late:
                job.cancel()
        await close(it.channel)

    def _take(self, it: Subscription, message: AbstractIncomingMessage) -> None:
        it.acknowledging.arrived(message.delivery_tag or 0)
        if it.halted.is_set():
            return
        it.is_active = True
        if message.type == FENCE:
            it.fence = it.fence or asyncio.create_task(self._drained(it))
            return
        key = key_of(message)
        job = asyncio.create_task(it.lanes.run(key, lambda: self._carry(it, message)))
        it.jobs.add(job)
        job.add_done_callback(it.jobs.discard)

    async def _carry(self, it: Subscription, message: AbstractIncomingMessage) -> None:
        """Try until there is a verdict, or until it is not ours any more."""
        try:
            envelope = envelope_of(message)
        except DomainError as error:
            await self._bury(it, message, unreadable(error))
            return
        trial = Trial(self._about(message))
        while not it.halted.is_set():
            async with self._handling.slots:
                if it.halted.is_set():
                    return
                verdict = await self._handling.attempt(trial, envelope)
            if isinstance(verdict, Verdict):
                await self._bury(it, message, verdict)
                return
            if verdict:
                await it.acknowledging.done(message.delivery_tag or 0)
                return
            await it.pause(self._options.pause(trial.attempts) * jitter())

    async def _bury(
        self, it: Subscription, message: AbstractIncomingMessage, verdict: Verdict
    ) -> None:
        """Copy it to the dead, with the reason, before it is acknowledged."""
        letter = letter_for(message, verdict, self._queue)
        failures = 0
        while not it.halted.is_set():
            try:
                await self._publisher.bury(self._queue, letter)
            except UnavailableError:
                failures += 1
                await it.pause(self._options.pause(failures) * jitter())
            else:
                log.error("delivery_put_aside", reason=verdict.reason, **self._about(message))
                await it.acknowledging.done(message.delivery_tag or 0)
                return

    async def _drained(self, it: Subscription) -> None:
        """Delete the queue once all before the fence is handled.

        Something may still be on its way into it, routed before the bindings changed; what is
        later than a publish's time-out was never confirmed.
        """
        while not it.halted.is_set():
            while it.jobs and not it.halted.is_set():
                await it.pause(IDLE_POLL)
            await it.pause(self._options.timeout)
            if it.jobs or it.halted.is_set():
                continue
            with suppress(UnavailableError):
                if not await self._topology.ready_in(self._name):
                    await self._topology.delete(self._name)

    def _about(self, message: AbstractIncomingMessage) -> dict[str, str]:
        return {
            "queue": self._name,
            "envelope": message.message_id or "",
            "type": message.type or "",
        }
