"""Every adapter that stores files."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from helpdesk.opening import opening
from helpdesk.ports.media import MediaStore
from helpdesk.settings import Adapters, Settings


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[MediaStore]:
    async with opening(settings) as opened:
        yield await opened.port("media")


def in_memory(_: Path) -> AbstractAsyncContextManager[MediaStore]:
    return open_store(Settings(adapters=Adapters(media="memory")))


def in_directory(folder: Path) -> AbstractAsyncContextManager[MediaStore]:
    return open_store(Settings(data_dir=str(folder / "data"), adapters=Adapters(media="local")))


@pytest.fixture(
    params=[pytest.param(in_memory, id="memory"), pytest.param(in_directory, id="local")]
)
async def media(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaStore]:
    installation: Callable[[Path], AbstractAsyncContextManager[MediaStore]] = request.param
    async with installation(tmp_path) as it:
        yield it
