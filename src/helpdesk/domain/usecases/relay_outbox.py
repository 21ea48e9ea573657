"""From the outbox to the feed and to the bots: what was committed is told, in order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from helpdesk.domain.change import Command
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.message import ReplyQueued
from helpdesk.domain.visibility import audience_of
from helpdesk.ports.broker import Broker, Queue, commands_of
from helpdesk.ports.feed import Feed
from helpdesk.ports.outbox import Destination, Outbox, OutboxEntry

BATCH: Final = 200
IN_FLIGHT: Final = 1000
IDLE_WAIT: Final = 1.0  # seconds; a wake-up may be lost, so look now and then
RETRY_WAIT: Final = 1.0  # seconds before a bot that could not send is asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayToFeed:
    """Pushes are idempotent by event id, so that a crash before `settle` doubles nothing."""

    outbox: Outbox
    feed: Feed

    async def __call__(self) -> None:
        """Relay until cancelled.

        Raises:
            UnavailableError: a neighbour failed; call again after a while.
        """
        async with self.outbox.lead(Destination.FEED):
            while True:
                if not await self.once():
                    await self.outbox.wait(Destination.FEED, seconds=IDLE_WAIT)

    async def once(self) -> int:
        """Relay one batch and return its size."""
        entries = await self.outbox.pending(Destination.FEED, limit=BATCH)
        if entries:
            envelopes = [it.envelope for it in entries]
            await self.feed.push([(it, audience_of(it.event)) for it in envelopes])
            await self.outbox.settle([it.position for it in entries])
        return len(entries)


@dataclass(slots=True)
class _Flight:
    """What was handed to the broker and is not settled yet."""

    positions: set[int] = field(default_factory=set)
    done: list[int] = field(default_factory=list)
    tails: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # newest task by key
    landed: asyncio.Event = field(default_factory=asyncio.Event)  # something is in `done`


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayToBots:
    """Commands of one attendance leave one after another, those of others meanwhile.

    A command that a bot cannot carry out now stays in the outbox, visible as queued, and is
    offered again until it can.
    """

    outbox: Outbox
    broker: Broker
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Relay until cancelled.

        Raises:
            UnavailableError: the outbox failed; call again after a while.
        """
        try:
            async with self.outbox.lead(Destination.BROKER), asyncio.TaskGroup() as group:
                await self._relay(group)
        except ExceptionGroup as failed:
            if unavailable := failed.subgroup(UnavailableError):
                raise UnavailableError(str(unavailable.exceptions[0])) from failed
            raise

    async def _relay(self, group: asyncio.TaskGroup) -> None:
        flight = _Flight()
        while True:
            await self._settle(flight)
            room = min(BATCH, IN_FLIGHT - len(flight.positions))
            entries = await self._pending(flight, room) if room > 0 else []
            for entry in entries:
                self._start(group, flight, entry)
            if not entries:
                await self._rest(flight)

    async def _rest(self, flight: _Flight) -> None:
        """Return when something was written, or handed over, or after a while."""
        waits = {
            asyncio.ensure_future(self.outbox.wait(Destination.BROKER, seconds=IDLE_WAIT)),
            asyncio.ensure_future(flight.landed.wait()),
        }
        try:
            ended, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for it in waits:
                it.cancel()
        flight.landed.clear()
        for it in ended:
            it.result()

    async def _pending(self, flight: _Flight, room: int) -> list[OutboxEntry]:
        but = tuple(flight.positions)
        return await self.outbox.pending(Destination.BROKER, limit=room, but=but)

    async def _settle(self, flight: _Flight) -> None:
        done, flight.done = flight.done, []
        if done:
            await self.outbox.settle(done)
            flight.positions.difference_update(done)

    def _start(self, group: asyncio.TaskGroup, flight: _Flight, entry: OutboxEntry) -> None:
        command = entry.envelope.event
        assert isinstance(command, Command)  # Destination.BROKER holds nothing else
        key = _key(command)
        flight.positions.add(entry.position)
        before, queue = flight.tails.get(key), commands_of(command.session_id)
        task = group.create_task(self._publish(flight, entry, queue, key, before))
        flight.tails[key] = task

        def forget(ended: asyncio.Task[None]) -> None:
            if flight.tails.get(key) is ended:
                del flight.tails[key]

        task.add_done_callback(forget)

    async def _publish(
        self,
        flight: _Flight,
        entry: OutboxEntry,
        queue: Queue,
        key: str,
        before: asyncio.Task[None] | None,
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        while True:
            try:
                await self.broker.publish(queue, entry.envelope, key=key)
            except UnavailableError:
                await self.sleep(RETRY_WAIT)
            else:
                break
        flight.done.append(entry.position)
        flight.landed.set()


def _key(command: Command) -> str:
    """Replies of one attendance keep their order; other commands need none."""
    if isinstance(command, ReplyQueued):
        return str(command.attendance_id)
    return f"{command.session_id}/{type(command).__name__}"
