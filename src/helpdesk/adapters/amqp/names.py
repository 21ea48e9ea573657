"""Names of queues and exchanges, and which partition a key belongs to.

A key belongs to one of 64 slots for ever; the broker's bindings say which partition has the slot.
So all publishers agree at any moment, whatever number of partitions each was configured with.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from helpdesk.ports.broker import INBOUND, Queue

SLOTS: Final = 64  # the most partitions there may be


def slot_of(key: str) -> str:
    """The slot of a key; `hash()` would differ between processes."""
    return str(zlib.crc32(key.encode()) % SLOTS)


def is_partitioned(queue: Queue) -> bool:
    """Many consumers share this queue; a session's has one bot at a time."""
    return queue == INBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to divide a queue; its generation makes the names of its partitions new."""

    generation: int
    partitions: int
    delivery_limit: int

    def is_as(self, other: "Layout") -> bool:
        """Whether only the generation may differ."""
        mine, theirs = self.partitions, other.partitions
        return mine == theirs and self.delivery_limit == other.delivery_limit


@dataclass(frozen=True, slots=True)
class Names:
    prefix: str

    def work(self, queue: Queue) -> str:
        return f"{self.prefix}.{queue}"

    def dead(self, queue: Queue) -> str:
        """Where its dead letters go."""
        return f"{self.prefix}.{queue}.dead"

    @property
    def former_dead(self) -> str:
        """Where those of all sessions went.

        A session's queue that is as old as that still says so, to the broker alone: what a queue
        was declared with is never changed.
        """
        return f"{self.prefix}.session.dead"

    def logical(self, name: str) -> Queue:
        """Which queue of ours a queue of the broker belongs to."""
        inner = name.removeprefix(f"{self.prefix}.")
        return INBOUND if inner.startswith(f"{INBOUND}.") else Queue(inner)

    def layout(self, queue: Queue) -> str:
        """The queue whose one message says how `queue` is divided."""
        return f"{self.prefix}.{queue}.layout"

    def members(self, queue: Queue) -> str:
        """The empty queue to which each process subscribes that serves `queue`."""
        return f"{self.prefix}.{queue}.members"

    def lock(self, queue: Queue) -> str:
        return f"{self.prefix}.{queue}.lock"

    def exchange(self, queue: Queue) -> str:
        return f"{self.prefix}.{queue}"

    def partitions(self, queue: Queue, layout: Layout) -> Sequence[str]:
        base = f"{self.prefix}.{queue}.{layout.generation}"
        return [f"{base}.{number}" for number in range(layout.partitions)]
