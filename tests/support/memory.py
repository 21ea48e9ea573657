"""An installation that forgets everything when the test ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from helpdesk.neighbours import Firebase
from helpdesk.opening import Opening, opening
from helpdesk.settings import Adapters, Settings


@asynccontextmanager
async def memory_opening(
    *, media: str = "memory", place: Path = Path("data"), firebase: Firebase | None = None
) -> AsyncIterator[Opening]:
    """Open ports of the memory adapters; files may be kept elsewhere."""
    chosen = Adapters(
        store="memory",
        feed="memory",
        broker="local",
        media=media,
        conversion="memory",
        push="memory",
    )
    settings = Settings(adapters=chosen, data_dir=str(place), firebase=firebase or Firebase())
    async with opening(settings, process="firm@test:1") as it:
        yield it
