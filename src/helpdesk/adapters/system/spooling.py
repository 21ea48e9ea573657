"""Bytes that come, into a file: hashed and written in a thread while the next ones come."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from hashlib import sha256
from typing import BinaryIO, Final

from helpdesk.domain.file import Blob, FileTooLargeError

PIECE: Final = 512 * 1024  # bytes written at once: a call of a thread costs some 50 µs

Write = Callable[[bytearray], None]
InThread = Callable[[Write, bytearray], Awaitable[None]]


async def spool(
    file: BinaryIO, chunks: AsyncIterable[bytes], *, limit: int, in_thread: InThread
) -> Blob:
    """Write all that comes; nothing is being written any more when this returns or raises.

    Two pieces are in memory at most.  Raises what `chunks` and `in_thread` raise.

    Raises:
        FileTooLargeError: more than `limit` bytes came.
    """
    digest, size, waiting = sha256(), 0, bytearray()

    def write(piece: bytearray) -> None:
        digest.update(piece)
        left = memoryview(piece)
        while left:  # a disk that is nearly full takes a part
            left = left[file.write(left) :]

    writing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    writing.set_result(None)
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise FileTooLargeError(limit)
            waiting += chunk
            if len(waiting) >= PIECE:
                await asyncio.shield(writing)
                writing, waiting = asyncio.ensure_future(in_thread(write, waiting)), bytearray()
        await asyncio.shield(writing)
        writing = asyncio.ensure_future(in_thread(write, waiting))
        await asyncio.shield(writing)
    finally:
        # Whoever waits may be cancelled, the thread not: the file stays open until it has ended.
        await asyncio.wait([writing])
        _ = writing.cancelled() or writing.exception()  # what came first is raised already
    return Blob(sha256=digest.hexdigest(), size=size)
