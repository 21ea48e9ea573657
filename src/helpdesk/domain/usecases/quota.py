"""How much of a queue may leave: what a number takes, and no more, however much waits.

More would only wait further on, or be refused by WhatsApp, while it takes processor time from who
writes the next answer.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from helpdesk.ports.outbox import OutboxEntry

SAVED: Final = 0.5  # seconds of rest that are made up for at once


class Quota:
    """So many entries a second of each queue; after a rest a few more together."""

    def __init__(self, per_second: float, *, clock: Callable[[], float] = monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._most = max(1.0, per_second * SAVED)
        self._left: dict[str, float] = {}  # of queues that used some of it
        self._at = clock()

    def grant(self, entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
        """Choose those that may leave now: of each queue its first ones."""
        self._refill()
        return [it for it in entries if self._take(it.queue)]

    def _refill(self) -> None:
        now = self._clock()
        more, self._at = (now - self._at) * self._per_second, now
        grown = {queue: left + more for queue, left in self._left.items()}
        self._left = {queue: left for queue, left in grown.items() if left < self._most}

    def _take(self, queue: str) -> bool:
        left = self._left.get(queue, self._most)
        if left < 1:
            return False
        self._left[queue] = left - 1
        return True
