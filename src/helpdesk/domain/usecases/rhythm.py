"""Doing together what comes closely together: the first at once, what follows with the next beat.

Each look wakes neighbours, and costs as much for one thing as for ten.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Rhythm:
    """Call it before each round."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._began = float("-inf")

    async def __call__(self, beat: float) -> None:
        """Return `beat` seconds after it did the last time, or at once when that was before."""
        if (left := self._began + beat - self._clock()) > 0:
            await self._sleep(left)
        self._began = self._clock()
