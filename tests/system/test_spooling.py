"""What comes is in the file, whole, and nobody writes any more when that is said."""

import asyncio
import io
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from helpdesk.adapters.system.spooling import PIECE, Write, spool
from helpdesk.domain.file import FileTooLargeError
from tests.support.streams import many, pieces


async def in_thread(write: Write, piece: bytearray) -> None:
    await asyncio.to_thread(write, piece)


class Stingy(io.BytesIO):
    """A disk that takes a part of what it is given."""

    def write(self, content: memoryview) -> int:  # type: ignore[override]
        return super().write(content[:1000])


class Gate:
    """A thread that writes when it is let."""

    def __init__(self) -> None:
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self.ended = False

    async def __call__(self, write: Write, piece: bytearray) -> None:
        self.asked.set()
        await self.let.wait()
        write(piece)
        self.ended = True


@pytest.mark.parametrize("count", [0, 1, 64, 65])
async def test_what_comes_is_written_and_hashed(count: int) -> None:
    file, content = Stingy(), bytes(range(256)) * 64
    blob = await spool(file, many(content, count), limit=10**7, in_thread=in_thread)
    assert file.getvalue() == content * count
    assert (blob.sha256, blob.size) == (sha256(content * count).hexdigest(), count * len(content))


async def test_the_next_piece_comes_while_one_is_written() -> None:
    gate, came = Gate(), asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        yield bytes(PIECE)
        await gate.asked.wait()
        came.set()
        yield b"more"

    file = io.BytesIO()
    spooling = asyncio.create_task(spool(file, chunks(), limit=10**7, in_thread=gate))
    async with asyncio.timeout(20):
        await came.wait()
        assert not gate.ended
        gate.let.set()
        assert (await spooling).size == PIECE + 4
    assert len(file.getvalue()) == PIECE + 4


async def test_who_gives_up_waits_for_what_is_being_written() -> None:
    gate = Gate()
    spooling = asyncio.create_task(
        spool(io.BytesIO(), many(bytes(PIECE), 3), limit=10**7, in_thread=gate)
    )
    await gate.asked.wait()
    spooling.cancel()
    await asyncio.sleep(0)
    assert not spooling.done()
    gate.let.set()
    with pytest.raises(asyncio.CancelledError):
        await spooling
    assert gate.ended


async def test_what_is_too_large_or_cannot_be_written_is_refused() -> None:
    async def full(write: Write, piece: bytearray) -> None:
        raise OSError("no space left")

    with pytest.raises(FileTooLargeError):
        await spool(io.BytesIO(), pieces(b"12345"), limit=4, in_thread=in_thread)
    with pytest.raises(OSError, match="no space"):
        await spool(io.BytesIO(), many(bytes(PIECE), 3), limit=10**7, in_thread=full)
