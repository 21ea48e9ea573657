"""A bucket that fails, and one that is killed while files come and go."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from helpdesk.adapters.firebase.storage import BucketMedia, open_bucket
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import Blob, MediaNotFoundError
from helpdesk.neighbours import Firebase
from helpdesk.opening import OpeningError, opening
from helpdesk.settings import Adapters, Settings
from tests.support.bucket import Bucket, bucket_settings
from tests.support.streams import many, pieces, read

FILES, AT_ONCE = 200, 16


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return Bucket(tmp_path)


@pytest.fixture
async def firebase(tmp_path: Path, bucket: Bucket) -> AsyncIterator[Firebase]:
    async with bucket_settings(tmp_path, bucket) as it:
        yield it


@pytest.fixture
async def media(tmp_path: Path, firebase: Firebase) -> AsyncIterator[BucketMedia]:
    async with open_bucket(firebase, tmp_path / "scratch") as it:
        yield it


async def test_a_bucket_that_does_not_answer_is_said_to_be_so(
    media: BucketMedia, bucket: Bucket
) -> None:
    stored = await media.put(pieces(b"one"), limit=9)
    bucket.kill()
    for trying in (media.ping(), media.put(pieces(b"two"), limit=9), read(media, stored.blob)):
        with pytest.raises(UnavailableError):
            await trying
    with pytest.raises(UnavailableError):
        await media.stat(stored.blob.sha256)
    bucket.start()
    assert await read(media, stored.blob) == b"one"


class Uploads:
    """Many files at once, some of them more than once."""

    def __init__(self, media: BucketMedia) -> None:
        chance = random.Random(7)
        self.contents = [chance.randbytes(chance.randrange(1, 600_000)) for _ in range(FILES)]
        self.stored: dict[int, Blob] = {}
        self.third = asyncio.Event()  # of them is stored
        self._media = media

    async def send_missing(self) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with room:
                await self._send(number)

        await asyncio.gather(*(one(it) for it in range(FILES) if it not in self.stored))

    async def _send(self, number: int) -> None:
        with suppress(UnavailableError):
            put = await self._media.put(pieces(self.contents[number]), limit=10**7)
            self.stored[number] = put.blob
        if len(self.stored) == FILES // 3:
            self.third.set()


async def test_nothing_half_written_is_served_and_retries_finish(
    media: BucketMedia, bucket: Bucket
) -> None:
    uploads = Uploads(media)
    sending = asyncio.create_task(uploads.send_missing())
    await uploads.third.wait()
    bucket.kill()
    await sending
    assert FILES // 3 <= len(uploads.stored) < FILES
    await asyncio.to_thread(bucket.start)
    for number, content in enumerate(uploads.contents):
        blob = Blob(sha256=sha256(content).hexdigest(), size=len(content))
        try:
            assert sha256(await read(media, blob)).hexdigest() == blob.sha256
        except MediaNotFoundError:
            assert number not in uploads.stored
    await uploads.send_missing()
    assert len(uploads.stored) == FILES


async def test_a_download_that_breaks_off_does_not_look_whole(
    media: BucketMedia, bucket: Bucket
) -> None:
    stored = await media.put(many(bytes(65_536), 800), limit=10**8)
    async with media.open(stored.blob) as chunks:
        await anext(chunks)
        bucket.kill()
        with pytest.raises(UnavailableError):
            [it async for it in chunks]


async def test_what_cannot_be_used_is_named_at_the_start(
    tmp_path: Path, firebase: Firebase
) -> None:
    chosen = Settings(data_dir=str(tmp_path), adapters=Adapters(media="firebase"))
    for wrong, says in (
        (Firebase(), "firebase.bucket"),
        (replace(firebase, credentials=str(tmp_path / "nothing")), "firebase.credentials"),
    ):
        async with opening(replace(chosen, firebase=wrong)) as opened:
            with pytest.raises(OpeningError, match=says):
                await opened.port("media")
