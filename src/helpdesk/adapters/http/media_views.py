"""The file of a message as the API shows it, in lists and in the feed alike."""

from datetime import datetime
from typing import Self
from uuid import UUID

from helpdesk.adapters.http.out import Out
from helpdesk.domain.file import MediaKind
from helpdesk.domain.media import Form, Media, MediaState, Rendition


class RenditionOut(Out, frozen=True):
    """What was made of the file; it is at `/v1/media/{id}/{form}`."""

    form: Form
    mime: str
    size: int
    width: int | None
    height: int | None

    @classmethod
    def of(cls, it: Rendition) -> Self:
        return cls(it.form, it.mime, it.blob.size, it.width, it.height)


class MediaOut(Out, frozen=True):
    """A file, which is at `/v1/media/{id}` when `state` is `ready`.

    `kind` and `mime` are what its bytes say, or the sender's word while it is `pending`; `width`
    and `height` are in pixels as shown, `duration` is in seconds, `waveform` has peaks from 0 to
    100. While `processing`, renditions may still come. While `pending`, it is fetched until
    `retry_until`; `reason` says what was wrong the last time.
    """

    id: UUID
    kind: MediaKind
    state: MediaState
    name: str
    mime: str
    size: int | None
    sha256: str | None
    width: int | None
    height: int | None
    duration: float | None
    waveform: tuple[int, ...]
    renditions: list[RenditionOut]
    processing: bool
    attempts: int
    retry_until: datetime | None
    reason: str

    @classmethod
    def maybe(cls, it: Media | None) -> Self | None:
        return None if it is None else cls.of(it)

    @classmethod
    def of(cls, it: Media) -> Self:
        expected = it.source.size if it.source else None
        return cls(
            id=it.id,
            kind=it.kind,
            state=it.state,
            name=it.name,
            mime=it.mime,
            size=it.blob.size if it.blob else expected,
            sha256=it.blob.sha256 if it.blob else None,
            width=it.facts.width,
            height=it.facts.height,
            duration=it.facts.duration,
            waveform=it.facts.waveform,
            renditions=[RenditionOut.of(one) for one in it.renditions],
            processing=it.processing,
            attempts=it.attempts,
            retry_until=it.retry_until,
            reason=it.reason,
        )
