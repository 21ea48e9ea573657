"""The store of files: bytes by their SHA-256, nothing about whose they are.

What is stored is complete and on disk when `put` returns; before that nobody can read any of it.
The same bytes are kept once, however often they are put.  Nothing is ever wholly in memory.
"""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.domain.file import Blob, StoredBlob


class MediaStore(Protocol):
    async def put(self, chunks: AsyncIterable[bytes], *, limit: int) -> StoredBlob:
        """Store what comes, of any length from 0; bytes that are there already count as put anew.

        What `chunks` raises is raised, and leaves nothing behind.

        Raises:
            FileTooLargeError: more than `limit` bytes came; no more of it is read.
            UnavailableError: the store failed; nothing was stored.
        """
        ...

    def open(
        self, blob: Blob, *, start: int = 0, end: int | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Read the bytes from `start` up to and without `end` (None: the last one), in pieces.

        Entering raises what is wrong; reading raises UnavailableError when the store fails midway,
        and never ends early without.

        Raises:
            MediaNotFoundError: it is not there.
            UnavailableError: the store does not answer.
        """
        ...

    async def address(
        self, blob: Blob, *, mime: str, disposition: str, lasts: timedelta
    ) -> str | None:
        """Sign an address at which a browser reads it from the store itself, for so long.

        There it has this type and this Content-Disposition; nobody has asked whether it is there.
        None: it is to be read from us.
        """
        ...

    async def stat(self, sha256: str) -> StoredBlob | None:
        """Find out what is stored; None when it is not there.  Raises UnavailableError."""
        ...

    async def delete(self, it: StoredBlob) -> bool:
        """Delete it, unless it was put again since `it.put_at`; False when it was, or is not there.

        Whoever puts the same bytes meanwhile either keeps this from happening, or puts them anew.
        Raises UnavailableError.
        """
        ...

    def older_than(self, before: datetime) -> AsyncIterator[StoredBlob]:
        """List what was last put before then, in any order.  Raises UnavailableError."""
        ...

    async def sweep(self, *, before: datetime) -> None:
        """Clear away what uploads left unfinished before then.  Raises UnavailableError."""
        ...

    async def ping(self) -> None:
        """Raise UnavailableError when nothing can be stored."""
        ...
