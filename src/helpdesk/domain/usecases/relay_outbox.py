"""From the outbox to the feed and to the bots: what was committed is told, in order.

One process relays to each destination, under a lease that `roles` holds.  A second one, frozen
when it was succeeded, does no harm when it wakes: it read what is pending in the order of its
writing, so whatever it passes on follows what had to come before, and was passed on already.  The
feed leaves out what it knows, bots send nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from helpdesk.domain.bridge import TypingShown
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.usecases.keep_journey import KeepJourney
from helpdesk.domain.visibility import audience_of
from helpdesk.ports.broker import Broker, Queue
from helpdesk.ports.feed import Feed
from helpdesk.ports.outbox import Destination, Envelope, Outbox, OutboxEntry

BATCH: Final = 200
SHARE: Final = 100  # of one queue on their way at once
IDLE_WAIT: Final = 1.0  # seconds; a wake-up may be lost, so look now and then
RETRY_WAIT: Final = 1.0  # seconds before a bot that could not send is asked again; doubles
LONGEST_WAIT: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayToFeed:
    """Pushes are idempotent by event id: neither a crash nor a second relay doubles anything."""

    outbox: Outbox
    feed: Feed
    journey: KeepJourney

    async def __call__(self) -> None:
        """Relay until cancelled.

        Raises:
            UnavailableError: a neighbour failed; call again after a while.
        """
        while True:
            if not await self.once():
                await self.outbox.wait(Destination.FEED, seconds=IDLE_WAIT)

    async def once(self) -> int:
        """Relay one batch and return its size."""
        entries = await self.outbox.pending(Destination.FEED, limit=BATCH)
        if entries:
            envelopes = [it.envelope for it in entries]
            await self.feed.push([(it, audience_of(it.event)) for it in envelopes])
            await self.journey.shown(envelopes)
            await self.outbox.settle([it.position for it in entries])
        return len(entries)


@dataclass(slots=True)
class _Flight:
    """What was handed to the broker and is not settled yet."""

    flying: set[int] = field(default_factory=set)  # positions
    done: list[int] = field(default_factory=list)
    handed: list[Envelope] = field(default_factory=list)  # as they left; for their journeys
    tails: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # newest task by key
    landed: asyncio.Event = field(default_factory=asyncio.Event)  # something is in `done`


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayToBots:
    """Commands of one attendance leave one after another, those of others meanwhile.

    A command that a bot cannot carry out now stays in the outbox, visible as queued, and is
    offered again until it can.  A bot may be down for days: of its queue only the first few are
    read, however many wait.
    """

    outbox: Outbox
    broker: Broker
    journey: KeepJourney
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Relay until cancelled.

        Raises:
            UnavailableError: the outbox failed; call again after a while.
        """
        try:
            async with asyncio.TaskGroup() as group:
                await self._relay(group)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _relay(self, group: asyncio.TaskGroup) -> None:
        flight = _Flight()
        while True:
            await self._settle(flight)
            entries = await self.outbox.pending(
                Destination.BROKER, limit=SHARE, but=tuple(flight.flying)
            )
            for entry in entries:
                self._start(group, flight, entry)
            if not entries:
                await self._rest(flight)

    async def _settle(self, flight: _Flight) -> None:
        done, flight.done = flight.done, []
        handed, flight.handed = flight.handed, []
        if done:
            await self.journey.keep(handed)
            await self.outbox.settle(done)
            flight.flying.difference_update(done)

    async def _rest(self, flight: _Flight) -> None:
        """Return when something was written, or handed over, or after a while."""
        waits: list[asyncio.Future[object]] = [
            asyncio.ensure_future(self.outbox.wait(Destination.BROKER, seconds=IDLE_WAIT)),
            asyncio.ensure_future(flight.landed.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for it in waits:
                it.cancel()
            ended = await asyncio.gather(*waits, return_exceptions=True)
        flight.landed.clear()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def _start(self, group: asyncio.TaskGroup, flight: _Flight, entry: OutboxEntry) -> None:
        key = entry.key
        flight.flying.add(entry.position)
        task = group.create_task(self._pass_on(flight, entry, flight.tails.get(key)))
        flight.tails[key] = task

        def forget(ended: asyncio.Task[None]) -> None:
            if flight.tails.get(key) is ended:
                del flight.tails[key]

        task.add_done_callback(forget)

    async def _pass_on(
        self,
        flight: _Flight,
        entry: OutboxEntry,
        before: asyncio.Task[None] | None,
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        queue, key, wait = Queue(entry.queue), entry.key, RETRY_WAIT
        leaving = self.journey.handing_over(entry.envelope)
        while not await self._published(queue, leaving, key):
            await self.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            leaving = self.journey.handing_over(entry.envelope)
        flight.handed.append(leaving)
        flight.done.append(entry.position)
        flight.landed.set()

    async def _published(self, queue: Queue, envelope: Envelope, key: str) -> bool:
        try:
            await self.broker.publish(queue, envelope, key=key)
        except UnavailableError:
            # That somebody types is worth nothing a few seconds later.
            return isinstance(envelope.event, TypingShown)
        return True
