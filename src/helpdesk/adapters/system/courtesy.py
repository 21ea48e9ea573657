"""Requests first: what goes on behind the scenes gives way while people wait for an answer.

Without that, a rush of replies would compete with the delivery of each of them, and be accepted
several times slower.  Nobody starves: who gives way does so for a moment each time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

MOMENT: Final = 0.02  # seconds to give way at most

_BEHIND: Final = ContextVar("behind_the_scenes", default=False)


def stay_behind() -> None:
    """Let this task, and those that it starts from now on, give way."""
    _BEHIND.set(True)


def urgent(service: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Let a service go first as requests do: people wait for what it does."""

    async def go_first() -> None:
        _BEHIND.set(False)
        await service()

    return go_first


def is_behind() -> bool:
    """Whether this task gives way."""
    return _BEHIND.get()


class Courtesy:
    """Shares something of which there is little; `behind` may use so much of it at once."""

    def __init__(self, *, behind: int, moment: float = MOMENT) -> None:
        self._places = asyncio.Semaphore(behind)
        self._moment = moment
        self._people = 0  # requests that use it, or wait for it
        self._nobody = asyncio.Event()
        self._nobody.set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Use it inside, when it is one's turn."""
        if _BEHIND.get():
            async with self._places:
                await self._give_way()
                yield
            return
        self._people += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._people -= 1
            if not self._people:
                self._nobody.set()

    async def _give_way(self) -> None:
        if self._people:
            try:
                async with asyncio.timeout(self._moment):
                    await self._nobody.wait()
            except TimeoutError:
                return
