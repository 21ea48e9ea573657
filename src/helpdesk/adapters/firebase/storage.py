"""Files in a bucket, named by what is in them.

What comes is written to a nameless local file first: only when all of it is there is its SHA-256
known, and so its name, and only a file can be sent again from where an upload broke off.  An object
appears in the bucket whole, or not at all.
"""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import aiohttp
from gcloud.aio.storage import Blob as _Blob
from gcloud.aio.storage import Storage

from helpdesk.adapters.system.spooling import Write, spool
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import Blob, MediaNotFoundError, StoredBlob
from helpdesk.neighbours import Firebase
from helpdesk.opening import OpeningError

GOOGLE: Final = "https://storage.googleapis.com"
PREFIX: Final = "files/"
PIECE: Final = 256 * 1024  # larger ones are no faster: the bucket is what one waits for
PAGE: Final = 500
_PUT_AT: Final = "put-at"  # in an object's own metadata: the bucket's clock has milliseconds only
_CONNECT: Final = 10.0  # seconds
_SILENCE: Final = 30.0  # seconds without a byte
# What comes first of an error: a file that is not there, or was put again.
_ABSENT: Final = frozenset({404, 410, 412})


@asynccontextmanager
async def open_bucket(settings: Firebase, scratch: Path) -> AsyncIterator["BucketMedia"]:
    """Connect when something is asked for.

    Raises:
        OpeningError: the credentials cannot be read.
    """
    await asyncio.to_thread(scratch.mkdir, mode=0o700, parents=True, exist_ok=True)
    async with aiohttp.ClientSession() as session:
        ours: Any = session  # the library names the sessions of its two builds alike
        try:
            storage = Storage(
                service_file=settings.credentials or None,
                session=ours,
                api_root=settings.storage_url or None,
            )
        except (OSError, ValueError, KeyError) as error:
            raise OpeningError(f"firebase.credentials cannot be used: {error}.") from error
        if settings.direct_links and not storage.token.service_data.get("private_key"):
            raise OpeningError(
                "firebase.direct_links needs a key to sign with: set firebase.credentials to the "
                "file of a service account."
            )
        yield BucketMedia(storage, settings, scratch)


class BucketMedia:
    def __init__(self, storage: Storage, settings: Firebase, scratch: Path) -> None:
        self._storage = storage
        self._bucket = settings.bucket
        self._direct = settings.direct_links
        self._origin = settings.storage_url or GOOGLE
        self._scratch = scratch
        self._last = datetime.fromtimestamp(0, UTC)
        # Without a limit to the whole: a large file takes its time, silence does not.
        self._patience: Any = aiohttp.ClientTimeout(
            total=None, sock_connect=_CONNECT, sock_read=_SILENCE
        )

    async def put(self, chunks: AsyncIterable[bytes], *, limit: int) -> StoredBlob:
        with TemporaryFile(dir=self._scratch) as file:
            blob = await spool(file, chunks, limit=limit, in_thread=_in_thread)
            self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
            put_at = self._last
            await asyncio.to_thread(file.seek, 0)
            with _translated():
                await self._storage.upload(
                    self._bucket,
                    _name(blob.sha256),
                    file,
                    content_type="application/octet-stream",
                    metadata={"metadata": {_PUT_AT: put_at.isoformat()}},
                    force_resumable_upload=blob.size > PIECE,
                    timeout=self._patience,
                )
        return StoredBlob(blob=blob, put_at=put_at)

    @asynccontextmanager
    async def open(
        self, blob: Blob, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        last = blob.size if end is None else min(end, blob.size)
        if start >= last:  # no range says "nothing"
            if await self.stat(blob.sha256) is None:
                raise MediaNotFoundError
            yield _nothing()
            return
        with _translated():
            response = await self._storage.download_stream(
                self._bucket,
                _name(blob.sha256),
                headers={"Range": f"bytes={start}-{last - 1}"},
                timeout=self._patience,
            )
        async with response as body:
            yield _read(body, last - start)

    async def address(
        self, blob: Blob, *, mime: str, disposition: str, lasts: timedelta
    ) -> str | None:
        if not self._direct:
            return None
        # No request: a name, and the key of the account.
        it = _Blob(self._storage.get_bucket(self._bucket), _name(blob.sha256), {"size": blob.size})
        told = {"response-content-type": mime, "response-content-disposition": disposition}
        seconds = int(lasts.total_seconds())
        url = await it.get_signed_url(seconds, query_params={**told})
        return self._origin + url.removeprefix(GOOGLE)

    async def stat(self, sha256: str) -> StoredBlob | None:
        found = await self._metadata(sha256)
        return _stored(found) if found else None

    async def delete(self, it: StoredBlob) -> bool:
        found = await self._metadata(it.blob.sha256)
        if found is None or _stored(found) != it:
            return False
        try:
            with _translated():
                await self._storage.delete(
                    self._bucket,
                    _name(it.blob.sha256),
                    params={"ifGenerationMatch": str(found["generation"])},
                    timeout=self._patience,
                )
        except MediaNotFoundError:
            return False
        return True

    async def older_than(self, before: datetime) -> AsyncIterator[StoredBlob]:
        page: str | None = ""
        while page is not None:
            params = {"prefix": PREFIX, "maxResults": str(PAGE), "pageToken": page}
            with _translated():
                listed = await self._storage.list_objects(
                    self._bucket, params=params, timeout=self._patience
                )
            for it in listed.get("items", ()):
                stored = _stored(it)
                if stored.put_at < before:
                    yield stored
            page = listed.get("nextPageToken") or None

    async def sweep(self, *, before: datetime) -> None:
        """Nameless files end with their process, unfinished uploads with the bucket's patience."""

    async def ping(self) -> None:
        with _translated():
            await self._storage.list_objects(
                self._bucket, params={"maxResults": "1"}, timeout=self._patience
            )

    async def _metadata(self, key: str) -> dict[str, Any] | None:
        try:
            with _translated():
                return await self._storage.download_metadata(
                    self._bucket, _name(key), timeout=self._patience
                )
        except MediaNotFoundError:
            return None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except aiohttp.ClientResponseError as error:
        if error.status in _ABSENT:
            raise MediaNotFoundError from error
        raise UnavailableError(f"The bucket answers {error.status}.") from error
    except (aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError) as error:
        raise UnavailableError(f"The bucket does not answer: {type(error).__name__}.") from error


async def _in_thread(write: Write, piece: bytearray) -> None:
    try:
        await asyncio.to_thread(write, piece)
    except OSError as error:
        raise UnavailableError(f"The scratch directory: {error.strerror}.") from error


async def _read(body: aiohttp.ClientResponse, left: int) -> AsyncIterator[bytes]:
    while left:
        with _translated():
            piece = await body.content.read(min(left, PIECE))
        if not piece:
            raise UnavailableError("A file in the bucket is shorter than it was.")
        left -= len(piece)
        yield piece


async def _nothing() -> AsyncIterator[bytes]:
    yield b""


def _name(key: str) -> str:
    return f"{PREFIX}{key}"


def _stored(found: dict[str, Any]) -> StoredBlob:
    put_at = found.get("metadata", {}).get(_PUT_AT) or found["updated"]
    return StoredBlob(
        blob=Blob(sha256=found["name"].removeprefix(PREFIX), size=int(found["size"])),
        put_at=datetime.fromisoformat(put_at),
    )
