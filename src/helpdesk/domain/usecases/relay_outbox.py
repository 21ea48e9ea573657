"""From the outbox to the feed and to the bots: what was committed is told, in order.

One process relays to each destination, under a lease that `roles` holds.  A second one, frozen
when it was succeeded, does no harm when it wakes: it read what is pending in the order of its
writing, so whatever it passes on follows what had to come before, and was passed on already.  The
feed leaves out what it knows, bots send nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from helpdesk.domain.bridge import TypingShown
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.usecases.keep_journey import KeepJourney
from helpdesk.domain.usecases.quota import Quota
from helpdesk.domain.usecases.rhythm import Rhythm
from helpdesk.domain.visibility import audience_of
from helpdesk.ports.broker import Broker, Queue
from helpdesk.ports.feed import Feed
from helpdesk.ports.outbox import Destination, Envelope, Outbox, OutboxEntry
from helpdesk.ports.system import Bell

BATCH: Final = 200
SHARE: Final = 100  # of one queue on their way at once
BEAT: Final = 0.02  # seconds between two looks for dashboards
RUSH: Final = 600  # events a second from which the beat is slower
RUSH_BEAT: Final = 0.05
BOTS_BEAT: Final = 0.05
PER_SECOND: Final = 80.0  # commands of one number: WhatsApp takes so many messages of it
RUSH_WAIT: Final = 0.5  # seconds until more may leave where that is too little
TOGETHER: Final = 0.1  # seconds until what was pushed is settled, with all that follows meanwhile
IDLE_WAIT: Final = 1.0  # seconds; a wake-up may be lost, so look now and then
RETRY_WAIT: Final = 1.0  # seconds before a bot that could not send is asked again; doubles
LONGEST_WAIT: Final = 8.0


@dataclass(slots=True)
class _Pushed:
    """What dashboards have and the outbox is still to forget."""

    envelopes: dict[int, Envelope] = field(default_factory=dict)  # by position
    some: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)

    async def add(self, envelopes: Mapping[int, Envelope]) -> None:
        """Return when there is room for more."""
        if envelopes:
            self.envelopes |= envelopes
            self.some.set()
        while len(self.envelopes) > BATCH:
            self.room.clear()
            await self.room.wait()

    def remove(self, positions: Iterable[int]) -> None:
        for it in positions:
            del self.envelopes[it]
        if not self.envelopes:
            self.some.clear()
        self.room.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayToFeed:
    """Pushes are idempotent by event id: neither a crash nor a second relay doubles anything."""

    outbox: Outbox
    feed: Feed
    journey: KeepJourney

    async def __call__(self) -> None:
        """Relay until cancelled; what dashboards have is forgotten by and by.

        Raises:
            UnavailableError: a neighbour failed; call again after a while.
        """
        pushed, rhythm, beat = _Pushed(), Rhythm(), BEAT
        try:
            async with (
                asyncio.TaskGroup() as group,
                self.outbox.listen(Destination.FEED) as bell,
            ):
                group.create_task(self._forget(pushed))
                while True:
                    await rhythm(beat)
                    fresh = await self._push(but=[*pushed.envelopes])
                    beat = RUSH_BEAT if len(fresh) > RUSH * beat else BEAT
                    await pushed.add(fresh)
                    if len(fresh) < BATCH:
                        await bell(IDLE_WAIT)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def once(self) -> int:
        """Relay one batch and return its size."""
        pushed = await self._push(but=())
        await self._settle(pushed)
        return len(pushed)

    async def _push(self, *, but: Sequence[int]) -> dict[int, Envelope]:
        """Push what is pending but for these positions; return what went, by position."""
        entries = await self.outbox.pending(Destination.FEED, limit=BATCH + len(but), but=but)
        envelopes = [it.envelope for it in entries]
        await self.feed.push([(it, audience_of(it.event)) for it in envelopes])
        shown = self.journey.shown(envelopes)
        return {entry.position: it for entry, it in zip(entries, shown, strict=True)}

    async def _forget(self, pushed: "_Pushed") -> None:
        while True:
            await pushed.some.wait()
            await asyncio.sleep(TOGETHER)
            settled = dict(pushed.envelopes)
            await self._settle(settled)
            pushed.remove(settled)

    async def _settle(self, pushed: Mapping[int, Envelope]) -> None:
        if pushed:
            await self.journey.keep([*pushed.values()])
            await self.outbox.settle([*pushed])


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
    read, however many wait.  In a rush they leave as quickly as the number can send them.
    """

    outbox: Outbox
    broker: Broker
    journey: KeepJourney
    per_second: float = PER_SECOND
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Relay until cancelled.

        Raises:
            UnavailableError: the outbox failed; call again after a while.
        """
        try:
            async with (
                asyncio.TaskGroup() as group,
                self.outbox.listen(Destination.BROKER) as bell,
            ):
                await self._relay(group, bell)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _relay(self, group: asyncio.TaskGroup, bell: Bell) -> None:
        flight, rhythm, quota = _Flight(), Rhythm(), Quota(self.per_second)
        while True:
            await rhythm(BOTS_BEAT)
            await self._settle(flight)
            entries = await self.outbox.pending(
                Destination.BROKER, limit=SHARE, but=tuple(flight.flying)
            )
            granted = quota.grant(entries)
            for entry in granted:
                self._start(group, flight, entry)
            if len(granted) < len(entries):
                await self.sleep(RUSH_WAIT)
            elif not entries:
                await self._rest(flight, bell)

    async def _settle(self, flight: _Flight) -> None:
        done, flight.done = flight.done, []
        handed, flight.handed = flight.handed, []
        if done:
            await self.journey.keep(handed)
            await self.outbox.settle(done)
            flight.flying.difference_update(done)

    async def _rest(self, flight: _Flight, bell: Bell) -> None:
        """Return when something was written, or handed over, or after a while."""
        waits: list[asyncio.Future[object]] = [
            asyncio.ensure_future(bell(IDLE_WAIT)),
            asyncio.ensure_future(flight.landed.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for it in waits:
                it.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        flight.landed.clear()

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
