"""What was committed and still has to be told to others: events to the feed, commands to bots."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from helpdesk.domain.change import Event
from helpdesk.domain.journey import Trail
from helpdesk.ports.system import Bell


class Destination(StrEnum):
    FEED = "feed"  # every Event that is no Command
    BROKER = "broker"  # every Command, and what is replayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An event on its way; `id` makes its handling idempotent, `correlation` names its cause.

    `trail` says where it was so far; whoever carries an envelope carries it along.
    """

    id: UUID
    event: Event
    correlation: str
    trail: Trail = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    position: int  # order of writing; within one attendance also the order of commits
    envelope: Envelope
    queue: str = ""  # of the broker, to which it goes; none when it is for the feed
    key: str = ""  # what it is in order with there


class Outbox(Protocol):
    """One process relays to each destination; two that do so for a while do no harm."""

    async def pending(
        self, destination: Destination, *, limit: int, but: Sequence[int] = ()
    ) -> list[OutboxEntry]:
        """Read what is not settled yet, by position: the first `limit` entries of each queue.

        Of these, positions in `but` are left out.  A queue that nobody empties hides no other.
        """
        ...

    async def settle(self, positions: Sequence[int]) -> None:
        """Forget entries that were passed on."""
        ...

    def listen(self, destination: Destination) -> AbstractAsyncContextManager[Bell]:
        """Yield what waits until something may have been written.

        For who relays: inside the block, what this process writes need not be told to others.
        """
        ...

    async def depth(self) -> dict[Destination, tuple[int, float]]:
        """Count what is pending and the age of its oldest entry in seconds."""
        ...
