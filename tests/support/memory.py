"""An installation that forgets everything when the test ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from helpdesk.opening import Opening, opening
from helpdesk.settings import Adapters, Settings


@asynccontextmanager
async def memory_opening() -> AsyncIterator[Opening]:
    """Open ports of the memory adapters."""
    chosen = Adapters(
        store="memory",
        feed="memory",
        broker="local",
        media="memory",
        conversion="memory",
        push="memory",
    )
    async with opening(Settings(adapters=chosen), process="firm@test:1") as it:
        yield it
