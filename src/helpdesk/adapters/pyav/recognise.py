"""Saying what a file is by its first bytes.

puremagic knows a thousand signatures, but a container's says nothing of what is inside: that is
read by `containers`.  A document that a browser or a system might run has no type at all.
"""

from codecs import getincrementaldecoder
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

import puremagic

from helpdesk.adapters.pyav.containers import inside, office
from helpdesk.domain.file import INLINE, MediaKind, Recognised, as_claimed

NO_TYPE: Final = "application/octet-stream"

# The type of a container that turned out to have sound alone.
SOUND_ONLY: Final[Mapping[str, str]] = {
    "video/mp4": "audio/mp4",
    "video/3gpp": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "video/webm": "audio/webm",
    "video/x-matroska": "audio/x-matroska",  # which is a document
}
_SOUNDS: Final = frozenset({MediaKind.AUDIO, MediaKind.VOICE})

# Documents that may say what they are: nothing that runs when it is opened by mistake.
_DOCUMENTS: Final = frozenset(
    {
        "application/pdf",
        "application/rtf",
        "application/gzip",
        "application/x-7z-compressed",
    }
)
_SYNONYMS: Final[Mapping[str, str]] = {
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "image/x-ms-bmp": "image/bmp",
    "video/avi": "video/x-msvideo",
    "application/x-gzip": "application/gzip",
}
# Office before 2007, which installers look like as well.
_OLE: Final[Mapping[str, str]] = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_TEXTS: Final[Mapping[str, str]] = {".csv": "text/csv", ".vcf": "text/vcard"}
_TIFFS: Final = frozenset({".tif", ".tiff"})
_PROGRAMS: Final = frozenset({".jar", ".apk", ".xpi", ".crx", ".ipa", ".appx", ".msix"})


def recognise(head: bytes, *, claimed: MediaKind, name: str = "") -> Recognised:
    """Name the type, and the kind that is claimed unless that is refuted; then it is a document.

    `head` is the beginning of the file, 8 KB of it where it is as long.
    """
    mime = _type_of(head, expected=claimed, suffix=PurePath(name).suffix.lower())
    return Recognised(kind=as_claimed(mime, claimed), mime=mime)


def _type_of(head: bytes, *, expected: MediaKind, suffix: str) -> str:
    if it := inside(head):
        silent = it.pictures is False or (it.pictures is None and expected in _SOUNDS)
        return _known(SOUND_ONLY.get(it.mime, it.mime) if silent else it.mime)
    if head.startswith(b"PK\x03\x04"):
        return NO_TYPE if suffix in _PROGRAMS else office(head)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _OLE.get(suffix, NO_TYPE)
    return _by_signature(head, suffix) or _text(head, suffix)


def _by_signature(head: bytes, suffix: str) -> str | None:
    """Ask puremagic; None when it knows nothing, or nothing that is to be trusted."""
    if head.startswith(b"#!AMR"):  # of which puremagic knows only the extension
        return "audio/amr"
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError):  # ValueError: an empty file
        return None
    known = _known(best.mime_type)
    if known == "image/tiff" and suffix not in _TIFFS:
        return None  # a camera's raw file, which begins with a small picture
    return None if known == NO_TYPE else known


def _known(mime: str) -> str:
    mime = _SYNONYMS.get(mime, mime)
    return mime if mime in INLINE or mime in _DOCUMENTS else NO_TYPE


def _text(head: bytes, suffix: str) -> str:
    """Call it a text when it is one, unless it may be markup or a script."""
    try:
        text = getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return NO_TYPE
    readable = all(it.isprintable() or it in "\t\r\n" for it in text.removeprefix("\ufeff"))
    begin = text.lstrip("\ufeff \t\r\n")
    if not readable or not begin or begin.startswith(("<", "#!")):
        return NO_TYPE
    return _TEXTS.get(suffix, "text/plain")
