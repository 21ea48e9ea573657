"""Files in one process's memory: for tests, and for nothing large."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from helpdesk.domain.file import Blob, FileTooLargeError, MediaNotFoundError, StoredBlob

_PIECE: Final = 65_536


class MemoryMedia:
    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, datetime]] = {}
        self._last = datetime.fromtimestamp(0, UTC)

    async def put(self, chunks: AsyncIterable[bytes], *, limit: int) -> StoredBlob:
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > limit:
                raise FileTooLargeError(limit)
        key = sha256(content).hexdigest()
        # Two puts are never at the same moment, however coarse the clock.
        self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
        self._kept[key] = bytes(content), self._last
        return self._stored(key)

    @asynccontextmanager
    async def open(
        self, blob: Blob, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        if blob.sha256 not in self._kept:
            raise MediaNotFoundError
        content, _ = self._kept[blob.sha256]
        yield _pieces(content[start:end])

    async def address(
        self, blob: Blob, *, mime: str, disposition: str, lasts: timedelta
    ) -> str | None:
        """Nobody but us reads what is here."""
        del blob, mime, disposition, lasts
        return None

    async def stat(self, sha256: str) -> StoredBlob | None:
        return self._stored(sha256) if sha256 in self._kept else None

    async def delete(self, it: StoredBlob) -> bool:
        if await self.stat(it.blob.sha256) != it:
            return False
        del self._kept[it.blob.sha256]
        return True

    async def older_than(self, before: datetime) -> AsyncIterator[StoredBlob]:
        for key in list(self._kept):
            if (stored := await self.stat(key)) and stored.put_at < before:
                yield stored

    async def sweep(self, *, before: datetime) -> None:
        """Nothing is left unfinished here."""

    async def ping(self) -> None:
        """Memory always answers."""

    def _stored(self, key: str) -> StoredBlob:
        content, put_at = self._kept[key]
        return StoredBlob(blob=Blob(sha256=key, size=len(content)), put_at=put_at)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), _PIECE):
        yield content[at : at + _PIECE]
