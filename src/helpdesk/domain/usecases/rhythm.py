"""Doing together what comes closely together: the first at once, what follows with the next beat.

Each look wakes neighbours, and costs as much for one thing as for ten.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Rhythm:
    """Call it before each round: rounds begin at least `beat` seconds apart."""

    def __init__(
        self,
        beat: float,
        *,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._beat = beat
        self._clock = clock
        self._sleep = sleep
        self._next = float("-inf")

    async def __call__(self) -> None:
        """Return at once after a rest."""
        if (left := self._next - self._clock()) > 0:
            await self._sleep(left)
        self._next = self._clock() + self._beat
