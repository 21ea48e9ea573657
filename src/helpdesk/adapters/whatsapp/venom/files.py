"""Files of messages, by the session's spool: one program writes, the other reads and clears up."""

import asyncio
import mimetypes
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePath
from typing import Any, Final

from helpdesk.adapters.whatsapp.worker.channel import Channel
from helpdesk.domain.file import MediaKind
from helpdesk.domain.media import Media
from helpdesk.ports.media import MediaStore

PIECE: Final = 256 * 1024  # bytes

# How the sidecar is asked to send: voice notes have a way of their own, all others are files.
_KINDS: Final = {MediaKind.VOICE: "voice"}


@asynccontextmanager
async def outgoing(media: Media, store: MediaStore, spool: Path) -> AsyncIterator[dict[str, Any]]:
    """Lay a file of the media store into the spool; yield what the sidecar is told of it."""
    assert media.blob, "a file that is sent is stored"
    place = spool / f"out-{os.urandom(16).hex()}"
    try:
        async with store.open(media.blob) as pieces:
            await _write(place, pieces)
        yield {
            "kind": _KINDS.get(media.kind, "file"),
            "file": str(place),
            "mime": media.mime,
            "name": media.name or f"file{mimetypes.guess_extension(media.mime) or ''}",
        }
    finally:
        place.unlink(missing_ok=True)


async def _write(place: Path, pieces: AsyncIterator[bytes]) -> None:
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        async for it in pieces:
            await asyncio.to_thread(file.write, it)


@asynccontextmanager
async def incoming(
    channel: Channel, ref: str, spool: Path, *, limit: float
) -> AsyncIterator[AsyncIterator[bytes]]:
    """Let the sidecar fetch a client's file; read it.

    Raises:
        RefusedError, WorkerGoneError, TimeoutError: it did not.
    """
    answer = await channel.ask("media", limit=limit, message=ref)
    place = spool / PurePath(answer["path"]).name
    try:
        yield _read(place)
    finally:
        place.unlink(missing_ok=True)


async def _read(place: Path) -> AsyncIterator[bytes]:
    with place.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
