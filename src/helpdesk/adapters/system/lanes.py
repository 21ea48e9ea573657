"""Lanes: what has one key runs one after another, different keys run at the same time.

Bounded twice: so many run at once, so many wait for their turn; who comes then waits at the door,
in order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")


class _Lane:
    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.users = 0


class Lanes:
    """Order and bounds for jobs that their callers await."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._running = asyncio.Semaphore(at_once)
        self._door = asyncio.Semaphore(at_once + waiting)

    async def run(self, key: str, job: Callable[[], Awaitable[Result]]) -> Result:
        """Run `job` when all that came before with this key has ended, however it ended.

        Returns what the job returns and raises what it raises.  A caller that is cancelled takes
        its job with it.
        """
        async with self._door:
            lane = self._lanes.setdefault(key, _Lane())
            lane.users += 1
            try:
                # The turn before the slot: who waits for a turn occupies no slot.
                async with lane.turn, self._running:
                    return await job()
            finally:
                lane.users -= 1
                if not lane.users:
                    del self._lanes[key]
