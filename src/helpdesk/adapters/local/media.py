"""Files in a directory below `data_dir`, named by what is in them.

A file is written beside, brought to disk, and then takes its name: what has a name is complete.
Directories are for the owner alone.  Between a `put` and a `delete` of the same bytes stands a lock
of ours, and where processes share the directory, one of the file system's.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec, TypeVar
from uuid import uuid4

from helpdesk.adapters.system.spooling import PIECE, spool
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import Blob, MediaNotFoundError, StoredBlob

_PRIVATE: Final = 0o700
_UNFINISHED: Final = ".unfinished"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class LocalMedia:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / _UNFINISHED
        self._naming = asyncio.Lock()
        self._last = datetime.fromtimestamp(0, UTC)

    async def prepare(self) -> None:
        """Make the directories.  Raises UnavailableError."""
        await _in_thread(self._make_folders)

    def _make_folders(self) -> None:
        self._unfinished.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        self._folder.chmod(_PRIVATE)

    async def put(self, chunks: AsyncIterable[bytes], *, limit: int) -> StoredBlob:
        path = self._unfinished / uuid4().hex
        file = await _in_thread(_create, path)
        try:
            with file:
                blob = await spool(file, chunks, limit=limit, in_thread=_in_thread)
                await _in_thread(_to_disk, file)
            return await self._name(path, blob)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    async def _name(self, path: Path, blob: Blob) -> StoredBlob:
        async with self._naming:
            # Two puts are never at the same moment, so that `delete` can tell them apart.
            self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
            # Whoever waits may be cancelled, the thread not: hold the lock until it has ended.
            naming = asyncio.ensure_future(
                _in_thread(_rename, path, self._path(blob.sha256), _nanoseconds(self._last))
            )
            try:
                await asyncio.shield(naming)
            except asyncio.CancelledError:
                await asyncio.wait([naming])
                raise
            return StoredBlob(blob=blob, put_at=self._last)

    @asynccontextmanager
    async def open(
        self, blob: Blob, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        last = blob.size if end is None else min(end, blob.size)
        file = await _in_thread(_open, self._path(blob.sha256), start)
        with file:
            yield _read(file, max(last - start, 0))

    async def address(
        self, blob: Blob, *, mime: str, disposition: str, lasts: timedelta
    ) -> str | None:
        """Nobody but us reads what is here."""
        del blob, mime, disposition, lasts
        return None

    async def stat(self, sha256: str) -> StoredBlob | None:
        return await _in_thread(_stat, self._path(sha256))

    async def delete(self, it: StoredBlob) -> bool:
        async with self._naming:
            return await _in_thread(_delete, self._path(it.blob.sha256), it)

    async def older_than(self, before: datetime) -> AsyncIterator[StoredBlob]:
        for shelf in await _in_thread(_list, self._folder):
            if shelf.name != _UNFINISHED:
                for path in await _in_thread(_list, shelf):
                    stored = await _in_thread(_stat, path)
                    if stored and stored.put_at < before:
                        yield stored

    async def sweep(self, *, before: datetime) -> None:
        for path in await _in_thread(_list, self._unfinished):
            await _in_thread(_delete_older, path, before)

    async def ping(self) -> None:
        path = self._unfinished / f"ping-{uuid4().hex}"
        await _in_thread(path.write_bytes, b"ping")
        await _in_thread(path.unlink)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


async def _in_thread(
    do: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    with _translated():
        return await asyncio.to_thread(do, *args, **kwargs)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise MediaNotFoundError from error
    except OSError as error:
        raise UnavailableError(f"The media directory: {error.strerror}.") from error


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)


def _to_disk(file: BinaryIO) -> None:
    os.fsync(file.fileno())


def _rename(path: Path, name: Path, put_at: int) -> None:
    name.parent.mkdir(mode=_PRIVATE, exist_ok=True)
    os.utime(path, ns=(put_at, put_at))
    with _alone_in(name.parent.parent):
        path.replace(name)
    for folder in (name.parent, name.parent.parent):  # the name is on disk only with its folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _open(path: Path, start: int) -> BinaryIO:
    file = path.open("rb", buffering=0)
    file.seek(start)
    return file


async def _read(file: BinaryIO, left: int) -> AsyncIterator[bytes]:
    while left:
        piece = await _in_thread(file.read, min(left, PIECE))
        if not piece:
            raise UnavailableError("A file in the media directory is shorter than it was.")
        left -= len(piece)
        yield piece


def _stat(path: Path) -> StoredBlob | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    # Whole microseconds were set, see `_nanoseconds`: no float in between.
    put_at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=found.st_mtime_ns // 1000)
    return StoredBlob(blob=Blob(sha256=path.name, size=found.st_size), put_at=put_at)


def _delete(path: Path, it: StoredBlob) -> bool:
    with _alone_in(path.parent.parent):
        if _stat(path) != it:
            return False
        path.unlink()
        return True


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from naming and deleting meanwhile; Windows has none that share."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not there on Windows

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _delete_older(path: Path, before: datetime) -> None:
    stored = _stat(path)
    if stored and stored.put_at < before:
        path.unlink(missing_ok=True)


def _list(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _nanoseconds(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1) * 1000
