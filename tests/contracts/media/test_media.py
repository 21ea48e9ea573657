"""Files by their SHA-256: complete or not there, once however often they are put."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from helpdesk.domain.file import Blob, FileTooLargeError, MediaNotFoundError, StoredBlob
from helpdesk.ports.media import MediaStore
from tests.support.streams import many, pieces, read

MB = 1024 * 1024
ABSENT = Blob(sha256="0" * 64, size=9)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


async def listed(media: MediaStore, before: datetime = TOMORROW) -> list[StoredBlob]:
    return [it async for it in media.older_than(before)]


@pytest.mark.parametrize("content", [b"", b"x", b"\0\xff" * 700_001])
async def test_what_is_put_is_read_byte_for_byte(media: MediaStore, content: bytes) -> None:
    half = len(content) // 2
    stored = await media.put(pieces(content[:half], b"", content[half:]), limit=2 * MB)
    assert stored.blob == Blob(sha256=sha256(content).hexdigest(), size=len(content))
    assert await read(media, stored.blob) == content
    assert await media.stat(stored.blob.sha256) == stored


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 1), (5, None), (5, 6), (0, 10_000_000), (1_499_999, None), (700_000, 1_400_001), (9, 9)],
)
async def test_a_range_is_read_alone(media: MediaStore, start: int, end: int | None) -> None:
    content = bytes(range(250)) * 6000
    stored = await media.put(pieces(content), limit=2 * MB)
    assert await read(media, stored.blob, start=start, end=end) == content[start:end]


async def test_the_same_bytes_are_kept_once_and_count_as_put_anew(media: MediaStore) -> None:
    first = await media.put(pieces(b"one"), limit=9)
    second = await media.put(pieces(b"o", b"ne"), limit=9)
    assert first.blob == second.blob
    assert second.put_at > first.put_at
    assert await listed(media) == [second]


async def test_what_is_too_large_is_not_read_further_and_leaves_nothing(media: MediaStore) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(65_536)

    with pytest.raises(FileTooLargeError) as refused:
        await media.put(endless(), limit=MB)
    assert refused.value.extras["limit"] == MB
    assert taken == MB // 65_536 + 1
    assert await listed(media) == []


async def test_as_much_as_the_limit_is_taken(media: MediaStore) -> None:
    assert (await media.put(pieces(b"12", b"34"), limit=4)).blob.size == 4


async def test_a_stream_that_breaks_leaves_nothing(media: MediaStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"begun"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await media.put(broken(), limit=MB)
    assert await listed(media) == []


async def test_a_put_that_is_cancelled_leaves_nothing(media: MediaStore) -> None:
    begun = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"begun"
        begun.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(media.put(stuck(), limit=MB))
    await begun.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await listed(media) == []


async def test_what_is_not_there_is_not_found(media: MediaStore) -> None:
    with pytest.raises(MediaNotFoundError):
        await read(media, ABSENT)
    assert await media.stat(ABSENT.sha256) is None
    assert not await media.delete(StoredBlob(blob=ABSENT, put_at=datetime.now(UTC)))


async def test_what_is_deleted_is_gone(media: MediaStore) -> None:
    stored = await media.put(pieces(b"one"), limit=9)
    assert await media.delete(stored)
    assert not await media.delete(stored)
    with pytest.raises(MediaNotFoundError):
        await read(media, stored.blob)
    assert await media.put(pieces(b"one"), limit=9) != stored


async def test_what_was_put_again_is_not_deleted_for_the_first(media: MediaStore) -> None:
    first = await media.put(pieces(b"one"), limit=9)
    second = await media.put(pieces(b"one"), limit=9)
    assert not await media.delete(first)
    assert await read(media, second.blob) == b"one"
    assert await media.delete(second)


async def test_only_what_is_old_is_listed(media: MediaStore) -> None:
    first = await media.put(pieces(b"one"), limit=9)
    second = await media.put(pieces(b"two"), limit=9)
    assert await listed(media, first.put_at) == []
    assert await listed(media, second.put_at) == [first]
    assert sorted(map(str, await listed(media))) == sorted(map(str, [first, second]))


async def test_many_at_once_do_not_disturb_each_other(media: MediaStore) -> None:
    stored = await asyncio.gather(
        *(media.put(many(bytes([it % 5]) * 999, 300), limit=MB) for it in range(40))
    )
    assert len({it.blob for it in stored}) == len(await listed(media)) == 5
    for it in {it.blob for it in stored}:
        assert sha256(await read(media, it)).hexdigest() == it.sha256


async def test_a_sweep_takes_nothing_that_is_whole(media: MediaStore) -> None:
    stored = await media.put(pieces(b"one"), limit=9)
    await media.sweep(before=TOMORROW)
    assert await read(media, stored.blob) == b"one"
    await media.ping()
