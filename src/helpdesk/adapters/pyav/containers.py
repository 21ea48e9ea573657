"""What is inside a container, as far as its first bytes tell.

One signature stands for many types: an MP4 may be a song, a film or a photograph, a ZIP a letter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_BRANDS: Final[Mapping[bytes, str]] = {
    b"qt  ": "video/quicktime",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
}
_SOUND_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"F4A "})
_HANDLER: Final = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)  # ISO 14496-12, 8.4.3
_MATROSKA_CODEC: Final = re.compile(rb"\x86[\x81-\xa0]([VA])_")  # RFC 9559, 5.1.4.1.21
_OGG_SOUND: Final = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
# Directories within an Office file, and the first file of an OpenDocument.
_OFFICE: Final[Mapping[bytes, str]] = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN_DOCUMENT: Final = re.compile(rb"^.{30}mimetype(application/vnd\.oasis\.[a-z.-]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Inside:
    """The type when there are pictures in it; `pictures` is None when that cannot be told yet."""

    mime: str
    pictures: bool | None = None


def inside(head: bytes) -> Inside | None:
    """Look into a container; None when it is not one of these."""
    if head[4:8] == b"ftyp":
        return _iso(head)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return _matroska(head)
    if head.startswith(b"OggS"):
        start = 27 + head[26] if len(head) > 26 else 0  # RFC 3533, 6: a table of segments
        sound = head.startswith(_OGG_SOUND, start)
        return Inside("audio/ogg" if sound else "video/ogg", pictures=not sound)
    return None


def office(head: bytes) -> str:
    """Which kind of ZIP it is."""
    if declared := _OPEN_DOCUMENT.match(head):
        return declared[1].removesuffix(b"PK").decode()
    for folder, mime in _OFFICE.items():
        if folder in head:
            return mime
    return "application/zip"


def _iso(head: bytes) -> Inside:
    brand = head[8:12]
    if brand in _SOUND_BRANDS:
        return Inside("video/mp4", pictures=False)
    mime = "video/3gpp" if brand[:2] == b"3g" else _BRANDS.get(brand, "video/mp4")
    if mime == "image/heic":
        either = b"avif" in head[: int.from_bytes(head[:4])]  # the brands that it is good for
        return Inside("image/avif" if either else mime, pictures=True)
    tracks = set(_HANDLER.findall(head))
    if b"vide" in tracks:
        return Inside(mime, pictures=True)
    return Inside(mime, pictures=False if tracks and _is_whole(head) else None)


def _is_whole(head: bytes) -> bool:
    """Whether the table of tracks ends before `head` does."""
    start = head.find(b"moov") - 4
    return start >= 0 and start + int.from_bytes(head[start : start + 4]) <= len(head)


def _matroska(head: bytes) -> Inside:
    webm = b"webm" in head[:64]  # the document's type is among the first elements
    tracks = set(_MATROSKA_CODEC.findall(head))
    pictures = b"V" in tracks if tracks else None
    return Inside("video/webm" if webm else "video/x-matroska", pictures=pictures)
