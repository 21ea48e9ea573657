"""What happens to the file of a message when the message is there already.

Whoever sees the message sees the file: its events are events of the message.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.bridge import Report
from helpdesk.domain.cards import ContactCard, Location, valid_contacts, valid_location
from helpdesk.domain.change import Change, Command
from helpdesk.domain.errors import ConflictError, InvalidError
from helpdesk.domain.file import MediaKind, Source, StoredFile
from helpdesk.domain.ids import MediaId, MessageId
from helpdesk.domain.media import Media, MediaState
from helpdesk.domain.message import Content, Kind, Message, MessageEvent, valid_text


class NotFetchableError(ConflictError):
    """Only a file that could not be fetched can be asked for again."""

    code = "not_fetchable"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaChanged(MessageEvent):
    """The file came, was converted, is missing, or was removed; see `message.content.media`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaWanted(Command):
    """Fetch a file from where the client's app has left it, and report."""

    message_id: MessageId
    media_id: MediaId
    kind: MediaKind
    source: Source
    attempt: int  # which this is, from 2: the first was made before the message was told of

    @property
    def key(self) -> str:
        return str(self.media_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReported(Report):
    """What came of `MediaWanted`: a file, or the reason why not."""

    message_id: MessageId
    media_id: MediaId
    attempt: int
    file: StoredFile | None = None
    reason: str = ""
    gone: bool = False  # asking again will not help

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.media_id}"


def content_of(media: Media, caption: str) -> Content:
    """A message that is a file; the kind of the file is the kind of the message."""
    return Content(Kind(media.kind), caption, media=media)


def spoken(
    text: str, location: Location | None = None, contacts: tuple[ContactCard, ...] = ()
) -> Content:
    """What somebody says without a file: a text, or a place, or cards.

    Raises:
        InvalidError: none of them, more than one, or one that is wrong.
    """
    if bool(text) + bool(location) + bool(contacts) > 1:
        raise InvalidError("Send a text, a location or contacts, not two at once.", field="text")
    if location is not None:
        return Content(Kind.LOCATION, "", location=valid_location(location))
    if contacts:
        return Content(Kind.CONTACT, "", contacts=valid_contacts(contacts))
    return Content(Kind.TEXT, valid_text(text))


def with_media(it: Message, media: Media, attendance: Attendance, at: datetime) -> Change[Message]:
    """Put another state of its file into a message, and tell."""
    state = replace(it, content=content_of(media, it.content.text))
    return Change(state, (MediaChanged(at=at, attendance=attendance, message=state),))


def fetch(it: Message, *, at: datetime) -> MediaWanted | None:
    """What the bot must do to get the file; None when there is nothing to fetch."""
    media = it.content.media
    if media is None or media.state is not MediaState.PENDING or media.source is None:
        return None
    return MediaWanted(
        at=at,
        session_id=it.session_id,
        message_id=it.id,
        media_id=media.id,
        kind=media.kind,
        source=media.source,
        attempt=media.attempts + 1,
    )


def ask_again(
    it: Message, *, until: datetime, attendance: Attendance, at: datetime
) -> Change[Message]:
    """Let somebody who wants the file start over.

    Raises:
        NotFetchableError: it is there, gone for good, or was removed.
    """
    media = it.content.media
    awaited = (MediaState.FAILED, MediaState.PENDING)
    if media is None or media.state not in awaited or media.source is None:
        raise NotFetchableError
    pending = replace(media, state=MediaState.PENDING, retry_until=until)
    return with_media(it, pending, attendance, at)
