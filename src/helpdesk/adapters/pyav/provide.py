"""Opens the conversion of files; FFmpeg and Pillow are imported by its workers only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from helpdesk.adapters.pyav.conversion import PyAvConversion
from helpdesk.adapters.pyav.pool import Pool
from helpdesk.opening import Opening
from helpdesk.ports.conversion import Conversion

SHARED: Final = True  # it keeps nothing: any number of processes may convert


@asynccontextmanager
async def open_conversion(opening: Opening) -> AsyncIterator[Conversion]:
    settings = opening.settings.conversion
    pool = Pool(size=settings.workers, seconds=settings.seconds)
    films = Pool(size=1, seconds=settings.film_seconds)
    try:
        yield PyAvConversion(pool, films)
    finally:
        await pool.close()
        await films.close()
