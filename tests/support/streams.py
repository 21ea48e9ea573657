"""Bytes that come in pieces, and go as pieces."""

from collections.abc import AsyncIterator

from helpdesk.domain.file import Blob
from helpdesk.ports.media import MediaStore


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for it in chunks:
        yield it


async def many(chunk: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield chunk


async def read(media: MediaStore, blob: Blob, *, start: int = 0, end: int | None = None) -> bytes:
    async with media.open(blob, start=start, end=end) as chunks:
        return b"".join([it async for it in chunks])
