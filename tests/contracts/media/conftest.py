"""Every adapter that stores files."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from helpdesk.opening import opening
from helpdesk.ports.media import MediaStore
from helpdesk.settings import Adapters, Settings
from tests.support.bucket import Bucket, bucket_settings


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[MediaStore]:
    async with opening(settings) as opened:
        yield await opened.port("media")


def in_memory(_: Path) -> AbstractAsyncContextManager[MediaStore]:
    return open_store(Settings(adapters=Adapters(media="memory")))


def in_directory(folder: Path) -> AbstractAsyncContextManager[MediaStore]:
    return open_store(Settings(data_dir=str(folder / "data"), adapters=Adapters(media="local")))


@asynccontextmanager
async def in_bucket(folder: Path) -> AsyncIterator[MediaStore]:
    async with bucket_settings(folder, Bucket(folder)) as firebase:
        chosen = Adapters(media="firebase")
        settings = Settings(data_dir=str(folder / "data"), adapters=chosen, firebase=firebase)
        async with open_store(settings) as it:
            yield it


ADAPTERS = [
    pytest.param(in_memory, id="memory"),
    pytest.param(in_directory, id="local"),
    pytest.param(in_bucket, id="firebase"),
]


@pytest.fixture(params=ADAPTERS)
async def media(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaStore]:
    installation: Callable[[Path], AbstractAsyncContextManager[MediaStore]] = request.param
    async with installation(tmp_path) as it:
        yield it
