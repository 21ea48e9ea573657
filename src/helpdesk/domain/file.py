"""A file as it comes and as it is kept: what its sender says of it, and what its bytes say.

What a sender says (name, type, even what kind it is) is a claim; `Recognised` is what the bytes
say, and only that decides how a file is shown.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.errors import InvalidError, NotFoundError

NAME_LIMIT: Final = 120  # characters; file systems allow 255 bytes
_MB: Final = 1024 * 1024
_LARGEST_IMAGE: Final = 32 * _MB  # what cameras and screenshots make, and one file in memory


class MediaNotFoundError(NotFoundError):
    """There is no such file, or not any more."""

    code = "media_not_found"


class MediaGoneError(NotFoundError):
    """The source does not have the file any more; asking again will not help."""

    code = "media_gone"


class FileTooLargeError(InvalidError):
    """A file is larger than its kind may be; `limit` is in bytes."""

    code = "too_large"

    def __init__(self, limit: int, *, field: str = "file") -> None:
        super().__init__(f"The file has more than {limit} bytes.", field=field, limit=limit)


class MediaKind(StrEnum):
    """What a file is to people; a kind of message of the same name goes with each."""

    IMAGE = "image"
    STICKER = "sticker"
    AUDIO = "audio"
    VOICE = "voice"  # recorded to be heard in the conversation
    VIDEO = "video"
    DOCUMENT = "document"  # anything else, and all that is not what it claims to be


class VoiceFormat(StrEnum):
    """What a bridge takes as a voice note."""

    OGG_OPUS = "ogg_opus"
    MP3 = "mp3"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """The largest file of each kind, in bytes; 0: none.

    The defaults are what WhatsApp takes (Cloud API, "Supported media types"); a sticker may move.
    """

    image: int = 5 * _MB
    sticker: int = 500 * 1024
    audio: int = 16 * _MB
    voice: int = 16 * _MB
    video: int = 16 * _MB
    document: int = 100 * _MB

    def of(self, kind: MediaKind) -> int:
        limit: int = getattr(self, kind.value)
        return limit

    @property
    def uploads(self) -> "MediaLimits":
        """What may be uploaded: of a larger picture, one that the bridge takes is made."""
        image, sticker = (max(it, _LARGEST_IMAGE) if it else 0 for it in (self.image, self.sticker))
        return replace(self, image=image, sticker=sticker)


NO_FILES: Final = MediaLimits(image=0, sticker=0, audio=0, voice=0, video=0, document=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Bytes that the media store has."""

    sha256: str  # 64 hexadecimal digits, lower case
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """Something in the media store; `put_at` is when it was last put, by the store's own clock."""

    blob: Blob
    put_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that a bridge can fetch, as its sender describes it.

    `ref` is the bridge's own, for `ports.bridge.Bridge.open_media`; it may be a secret.
    """

    ref: str
    name: str = ""
    mime: str = ""
    size: int | None = None
    sha256: str | None = None  # when the sender's word is to be checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What the bytes say: `mime` never has parameters, and is application/octet-stream at worst."""

    kind: MediaKind
    mime: str


# What every current browser shows without risk, or what we make a form of that it does.
INLINE: Final[Mapping[str, MediaKind]] = {
    "image/jpeg": MediaKind.IMAGE,
    "image/png": MediaKind.IMAGE,
    "image/webp": MediaKind.IMAGE,
    "image/gif": MediaKind.IMAGE,
    "image/avif": MediaKind.IMAGE,
    "image/bmp": MediaKind.IMAGE,
    "image/heic": MediaKind.IMAGE,
    "image/tiff": MediaKind.IMAGE,
    "audio/ogg": MediaKind.AUDIO,
    "audio/webm": MediaKind.AUDIO,
    "audio/mp4": MediaKind.AUDIO,
    "audio/aac": MediaKind.AUDIO,
    "audio/mpeg": MediaKind.AUDIO,
    "audio/amr": MediaKind.AUDIO,
    "audio/wav": MediaKind.AUDIO,
    "audio/flac": MediaKind.AUDIO,
    "video/mp4": MediaKind.VIDEO,
    "video/webm": MediaKind.VIDEO,
    "video/3gpp": MediaKind.VIDEO,
    "video/quicktime": MediaKind.VIDEO,
    "video/x-matroska": MediaKind.VIDEO,
    "video/x-msvideo": MediaKind.VIDEO,
}

_STICKERS_OF: Final = frozenset({"image/webp", "image/png", "image/jpeg"})

# Of which browsers are shown another form.
UNSHOWN: Final = frozenset({"image/heic", "image/tiff"})


def as_claimed(mime: str, claimed: MediaKind) -> MediaKind:
    """Say what a file is whose bytes are of this type: what its sender claims, else a document."""
    natural = INLINE.get(mime, MediaKind.DOCUMENT)
    fits = {
        natural: True,
        MediaKind.VOICE: natural is MediaKind.AUDIO,
        MediaKind.STICKER: mime == "image/webp",
    }
    return claimed if fits.get(claimed, False) else MediaKind.DOCUMENT


def as_sticker(picture: Recognised) -> Recognised:
    """Take a picture to be sent as a sticker.

    Raises:
        InvalidError: of such a file none can be made.
    """
    if picture.mime not in _STICKERS_OF:
        raise InvalidError("A sticker is made of a WebP, PNG or JPEG.", field="file")
    return replace(picture, kind=MediaKind.STICKER)


def is_inline(kind: MediaKind, mime: str) -> bool:
    """Whether a browser may show it in place; what is not what it claims to be is only saved."""
    return kind is not MediaKind.DOCUMENT and mime in INLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that was stored and looked at."""

    blob: Blob
    recognised: Recognised
    name: str = ""  # as the sender says


_EXTENSIONS: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/webm": "webm",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/3gpp": "3gp",
    "application/pdf": "pdf",
}
_BARRED: Final = re.compile(r'[<>:"|?*\\/]')


def safe_name(name: str, of: Recognised) -> str:
    """Make a name that is safe to show and to save under, in whatever system; never empty.

    No path, no control or invisible character (also none that turns the direction of writing, which
    makes `exe.jpg` of `gpj.exe`), not hidden, not over 120 characters; the extension stays.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    clean = " ".join(_BARRED.sub("_", shown).split()).strip(". ")
    stem, dot, extension = clean.rpartition(".")
    if not dot:
        stem, extension = clean, _EXTENSIONS.get(of.mime, "")
    extension = extension[:16]
    stem = stem.strip(". ")[: NAME_LIMIT - 1 - len(extension)] or of.kind.value
    return f"{stem}.{extension}" if extension else stem


def renamed(name: str, mime: str) -> str:
    """Give a safe name the extension of another type."""
    return f"{name.rpartition('.')[0] or name}.{_EXTENSIONS[mime]}"
