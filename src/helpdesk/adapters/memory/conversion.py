"""Recognises files by the bytes they begin with, and converts none: without any library."""

from pathlib import Path
from typing import Final

from helpdesk.domain.file import MediaKind, Recognised, as_claimed
from helpdesk.domain.media import PHOTO_SIZE, Form
from helpdesk.ports.conversion import Converted

# Where, which bytes, and what that is; only what browsers show without risk.
_SIGNATURES: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
)
_UNKNOWN: Final = "application/octet-stream"
_SOUND: Final = frozenset({MediaKind.AUDIO, MediaKind.VOICE})


class MemoryConversion:
    def recognise(self, head: bytes, *, claimed: MediaKind, name: str, mime: str) -> Recognised:
        found = next((it for at, sign, it in _SIGNATURES if head[at:].startswith(sign)), _UNKNOWN)
        if claimed in _SOUND and found in ("video/webm", "video/mp4"):  # a container for both
            found = found.replace("video", "audio")
        return Recognised(kind=as_claimed(found, claimed), mime=found)

    async def convert(
        self,
        original: Path,
        recognised: Recognised,
        *,
        into: Path,
        forms: frozenset[Form],
        photo_size: int = PHOTO_SIZE,
    ) -> Converted:
        return Converted(recognised=recognised)
