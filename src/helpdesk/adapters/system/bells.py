"""Waking who waits for a change, within this process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from helpdesk.ports.system import Bell


class Bells:
    """A ring is remembered until the next wait, so that none is lost between read and wait."""

    def __init__(self) -> None:
        self._listeners = defaultdict[str, set[asyncio.Event]](set)

    def ring(self, *topics: str) -> None:
        for topic in topics:
            for event in self._listeners.get(topic, ()):
                event.set()

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Bell]:
        """Yield what waits for a ring, or so many seconds; False when only time passed."""
        event = asyncio.Event()
        self._listeners[topic].add(event)
        try:
            yield lambda seconds: _rung(event, seconds)
        finally:
            self._listeners[topic].discard(event)
            if not self._listeners[topic]:
                del self._listeners[topic]


async def _rung(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
