"""The file of a message: where its bytes are, what was made of them, and why they may be missing.

The bytes are in `ports.media`, found by their SHA-256; the same bytes twice are kept once.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.file import (
    Blob,
    MediaKind,
    MediaLimits,
    Recognised,
    Source,
    StoredFile,
    VoiceFormat,
    renamed,
    safe_name,
)
from helpdesk.domain.ids import MediaId

PEAKS: Final = 64  # of a waveform


class MediaState(StrEnum):
    PENDING = "pending"  # it is fetched from where it is, again and again until `retry_until`
    READY = "ready"
    FAILED = "failed"  # fetching was given up; somebody may ask for it again
    GONE = "gone"  # its source does not have it any more
    REMOVED = "removed"  # it was kept for as long as is configured


class Form(StrEnum):
    """What is made of a file, beside the original that is always kept."""

    THUMBNAIL = "thumbnail"  # a small picture of an image or a sticker
    POSTER = "poster"  # a frame of a video
    PLAYABLE = "playable"  # sound (AAC in MP4) or a film (with H.264) that everything plays
    PHOTO = "photo"  # a JPEG of an image that WhatsApp, or a browser, does not take
    STICKER = "sticker"  # a WebP as WhatsApp takes it, of any picture
    VOICE = "voice"  # mono Opus in Ogg, which WhatsApp shows as a voice note
    MP3 = "mp3"  # a voice note for bridges that take nothing else


# Which rendition a bridge is given instead of the original.
VOICE_FORM: Final = {VoiceFormat.OGG_OPUS: Form.VOICE, VoiceFormat.MP3: Form.MP3}

PHOTO_SIZE: Final = MediaLimits().image  # bytes of a photo that WhatsApp takes

# Images that WhatsApp takes (Cloud API, "Supported media types"); WebP is for stickers.
TAKEN: Final = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """Another stored object, made of the original."""

    form: Form
    blob: Blob
    mime: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What conversion finds out: pixels as shown (turned upright), seconds, peaks from 0 to 100."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None
    waveform: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The file of one message, as it is now."""

    id: MediaId
    kind: MediaKind
    state: MediaState
    name: str  # safe: see `safe_name`
    mime: str  # the sender's word until it is ready
    blob: Blob | None = None  # of the original; None unless ready
    processing: bool = False  # renditions are being made
    facts: Facts = field(default_factory=Facts)
    renditions: tuple[Rendition, ...] = ()
    source: Source | None = None  # where to fetch it, as long as that may be needed
    attempts: int = 0  # to fetch it
    retry_until: datetime | None = None  # while pending
    reason: str = ""  # why it could not be fetched, or why it is a plain document

    @classmethod
    def of_file(cls, id: MediaId, file: StoredFile) -> "Media":
        """Take a file that is stored already; renditions follow."""
        return cls(
            id=id,
            kind=file.recognised.kind,
            state=MediaState.READY,
            name=safe_name(file.name, file.recognised),
            mime=file.recognised.mime,
            blob=file.blob,
            processing=True,
        )

    @classmethod
    def awaited(
        cls, id: MediaId, kind: MediaKind, source: Source, *, reason: str, until: datetime
    ) -> "Media":
        """Hold the place of a file that could not be fetched yet."""
        claimed = Recognised(kind=kind, mime=source.mime or "application/octet-stream")
        return cls(
            id=id,
            kind=kind,
            state=MediaState.PENDING,
            name=safe_name(source.name, claimed),
            mime=claimed.mime,
            source=source,
            attempts=1,
            retry_until=until,
            reason=reason,
        )

    def blobs(self) -> tuple[Blob, ...]:
        """All objects in the media store that must stay for it."""
        original = (self.blob,) if self.blob else ()
        return (*original, *(it.blob for it in self.renditions))

    def rendition(self, form: Form) -> Rendition | None:
        return next((it for it in self.renditions if it.form is form), None)

    def to_send(self, voice: VoiceFormat) -> "Media":
        """Put in place of the original what WhatsApp plays: of a voice note, what a bridge takes.

        What is played, or shown, anyway has no such form, and is sent as it is.
        """
        form = self._sent_as(voice)
        made = self.rendition(form) if form else None
        if made is None:
            return self
        facts = self.facts
        if made.width:
            facts = replace(facts, width=made.width, height=made.height)
        name = renamed(self.name, made.mime)
        return replace(self, blob=made.blob, mime=made.mime, name=name, facts=facts)

    def waits_for_conversion(self, voice: VoiceFormat) -> bool:
        """Whether it cannot be sent yet, because what WhatsApp plays may still be made of it."""
        return self.processing and self._sent_as(voice) is not None

    def _sent_as(self, voice: VoiceFormat) -> Form | None:
        """Which form is sent where there is one; None: nothing but the original."""
        match self.kind:
            case MediaKind.VOICE:
                return VOICE_FORM.get(voice)
            case MediaKind.AUDIO | MediaKind.VIDEO:
                return Form.PLAYABLE
            case MediaKind.IMAGE:
                return Form.PHOTO
            case MediaKind.STICKER:
                return Form.STICKER
        return None

    def arrive(self, file: StoredFile) -> "Media":
        """Take the file that was fetched at last."""
        ready = Media.of_file(self.id, file)
        named = safe_name(self.source.name if self.source else self.name, file.recognised)
        return replace(ready, name=named, attempts=self.attempts)

    def miss(self, reason: str, *, gone: bool, at: datetime) -> "Media":
        """Note an attempt that failed; the last one gives up."""
        if gone:
            return replace(
                self, state=MediaState.GONE, source=None, reason=reason, retry_until=None
            )
        given_up = self.retry_until is not None and at >= self.retry_until
        return replace(
            self,
            state=MediaState.FAILED if given_up else MediaState.PENDING,
            attempts=self.attempts + 1,
            retry_until=None if given_up else self.retry_until,
            reason=reason,
        )

    def convert(
        self,
        recognised: Recognised,
        facts: Facts,
        renditions: tuple[Rendition, ...],
        *,
        reason: str,
        more: bool = False,
    ) -> "Media":
        """Take what was made of it; what cannot be read is a plain document from now on.

        With `more` to be made, it is `complete` later.
        """
        return replace(
            self,
            kind=recognised.kind,
            mime=recognised.mime,
            processing=more,
            facts=facts,
            renditions=renditions,
            reason=reason,
        )

    def complete(self, renditions: tuple[Rendition, ...], *, reason: str) -> "Media":
        """Take what took longer to be made, or the reason why it could not be."""
        made = (*self.renditions, *renditions)
        return replace(self, processing=False, renditions=made, reason=reason)

    def remove(self) -> "Media":
        """Let go of all bytes."""
        return replace(
            self,
            state=MediaState.REMOVED,
            blob=None,
            processing=False,
            renditions=(),
            source=None,
            retry_until=None,
        )
