"""The outbox: filled when units of work commit, so positions are in the order of commits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from time import monotonic
from uuid import uuid4

from helpdesk.adapters.system.bells import Bells
from helpdesk.domain.change import Command, Event
from helpdesk.domain.journey import Trail
from helpdesk.ports.broker import commands_of
from helpdesk.ports.outbox import Destination, Envelope, OutboxEntry
from helpdesk.ports.system import Bell


class MemoryOutbox:
    def __init__(self) -> None:
        self._entries: dict[int, OutboxEntry] = {}
        self._written_at: dict[int, float] = {}
        self._last_position = 0
        self._bells = Bells()

    def write(self, events: Iterable[tuple[Event, str, Trail]]) -> None:
        """Append committed events, each with its correlation id and its trail."""
        for event, cause, trail in events:
            envelope = Envelope(id=uuid4(), event=event, correlation=cause, trail=trail)
            if isinstance(event, Command):
                self._append(envelope, commands_of(event.session_id), event.key)
            else:
                self._append(envelope)

    def direct(self, envelope: Envelope, *, queue: str, key: str) -> None:
        """Append what goes to a queue of the broker, whatever its event says."""
        self._append(envelope, queue, key)

    def _append(self, envelope: Envelope, queue: str = "", key: str = "") -> None:
        self._last_position += 1
        entry = OutboxEntry(position=self._last_position, envelope=envelope, queue=queue, key=key)
        self._entries[self._last_position] = entry
        self._written_at[self._last_position] = monotonic()
        self._bells.ring(destination_of(entry))

    async def pending(
        self, destination: Destination, *, limit: int, but: Sequence[int] = ()
    ) -> list[OutboxEntry]:
        left_out, seen, found = frozenset(but), Counter[str](), []
        for it in self._of(destination):
            seen[it.queue] += 1
            if seen[it.queue] <= limit and it.position not in left_out:
                found.append(it)
        return found

    async def settle(self, positions: Sequence[int]) -> None:
        for it in positions:
            self._entries.pop(it, None)
            self._written_at.pop(it, None)

    def listen(self, destination: Destination) -> AbstractAsyncContextManager[Bell]:
        return self._bells.listen(destination)

    async def depth(self) -> dict[Destination, tuple[int, float]]:
        return {it: self._depth(it) for it in Destination}

    def _depth(self, destination: Destination) -> tuple[int, float]:
        pending = self._of(destination)
        if not pending:
            return 0, 0.0
        return len(pending), monotonic() - self._written_at[pending[0].position]

    def _of(self, destination: Destination) -> list[OutboxEntry]:
        entries = self._entries.values()
        return [it for it in entries if destination_of(it) is destination]


def destination_of(entry: OutboxEntry) -> Destination:
    return Destination.BROKER if entry.queue else Destination.FEED
