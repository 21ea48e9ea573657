"""How much a process grows when a large file goes in and out.

Run apart from the tests, whose process has been larger before:
`python -m tests.support.flat local|firebase|http FOLDER` prints megabytes.
"""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

import aiohttp

from helpdesk.opening import opening
from helpdesk.settings import Adapters, Settings
from tests.http.site import open_site
from tests.support.bucket import Bucket, bucket_settings
from tests.support.memory import memory_opening
from tests.support.streams import many

CHUNK: Final = bytes(range(256)) * 256
SMALL, LARGE = 16, 1600  # chunks: 1 MB, and the most that is taken

# Passes a file of so many chunks in and out.
Pass = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def through_store(settings: Settings) -> AsyncIterator[Pass]:
    async with opening(settings) as opened:
        media = await opened.port("media")

        async def through(chunks: int) -> None:
            stored = await media.put(many(CHUNK, chunks), limit=10**9)
            async with media.open(stored.blob) as read:
                assert await _size(read) == chunks * len(CHUNK)

        yield through


def local(folder: Path) -> AbstractAsyncContextManager[Pass]:
    return through_store(Settings(data_dir=str(folder), adapters=Adapters(media="local")))


@asynccontextmanager
async def firebase(folder: Path) -> AsyncIterator[Pass]:
    async with bucket_settings(folder, Bucket(folder)) as bucket:
        chosen = Adapters(media="firebase")
        settings = Settings(data_dir=str(folder / "data"), adapters=chosen, firebase=bucket)
        async with through_store(settings) as it:
            yield it


@asynccontextmanager
async def http(folder: Path) -> AsyncIterator[Pass]:
    """Client and API together."""
    async with open_site(opening=partial(memory_opening, media="local", place=folder)) as site:
        ana = site.office.ana
        path = f"/v1/attendances/{(await site.held_by(ana)).id}/media"
        headers = {"Authorization": f"Bearer {await site.token(ana)}"}

        async def through(chunks: int) -> None:
            form = aiohttp.FormData()
            form.add_field("file", many(CHUNK, chunks), filename="a.bin")
            async with site.client.post(path, data=form, headers=headers) as answer:
                media = (await answer.json())["items"][0]["media"]
            async with site.client.get(f"/v1/media/{media['id']}", headers=headers) as answer:
                assert await _size(answer.content.iter_any()) == chunks * len(CHUNK)

        yield through


async def measure(way: Callable[[Path], AbstractAsyncContextManager[Pass]], folder: Path) -> int:
    async with way(folder) as through:
        await through(SMALL)
        idle = _peak()
        await through(LARGE)
        return _peak() - idle


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def _size(chunks: AsyncIterator[bytes]) -> int:
    size = 0
    async for it in chunks:
        size += len(it)
    return size


WAYS: Final = {"local": local, "firebase": firebase, "http": http}

if __name__ == "__main__":
    grown = asyncio.run(measure(WAYS[sys.argv[1]], Path(sys.argv[2])))
    sys.stdout.write(f"{grown}\n")
