"""One message of an attendance: received, written as a reply, or noted for colleagues.

The delivery state only moves forward, by the rank in which `Delivery` lists its members: reports
may come late, twice or in any order and still lead to the same state.  `delivered` may be skipped;
`delivered` after `failed` reopens.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.change import Change, Command, Event
from helpdesk.domain.errors import ConflictError, InvalidError, NotFoundError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendanceId, AttendantId, ClientId, MessageId, SessionId
from helpdesk.domain.media import Media
from helpdesk.domain.place import place_of
from helpdesk.domain.reaction import Reaction
from helpdesk.domain.template import FilledTemplate

TEXT_LIMIT: Final = 4096  # WhatsApp's own limit for the body of a text message


class MessageNotFoundError(NotFoundError):
    """There is no such message."""

    code = "message_not_found"


class NotRetryableError(ConflictError):
    """Only a reply that failed, or whose fate is unknown, can be sent again."""

    code = "not_retryable"


class Direction(StrEnum):
    INBOUND = "inbound"
    REPLY = "reply"
    NOTE = "note"  # never sent to the client


class Kind(StrEnum):
    TEXT = "text"
    IMAGE = "image"  # this and the next five: see media.MediaKind
    STICKER = "sticker"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    LOCATION = "location"
    CONTACT = "contact"
    FEEDBACK_REQUEST = "feedback_request"  # the text sent has a secret link, which is not stored
    UNSUPPORTED = "unsupported"  # the client sent what we cannot show; `text` names it
    CALL = "call"  # the client called, which nobody can answer here; `text`: voice or video


class Delivery(StrEnum):
    """What is known of a reply's way, in order of rank."""

    QUEUED = "queued"
    UNKNOWN = "unknown"  # it may or may not have been sent
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"


_RANK: Final = {state: rank for rank, state in enumerate(Delivery)}
_RETRYABLE: Final = frozenset({Delivery.FAILED, Delivery.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says; `text` is the caption of a file, and may be empty then.

    Each of the others is there with its kinds only: `media` with files, `location` and `contacts`
    with theirs, `template` with a text that was made of one.  What a bridge reports has no `media`
    yet, see `bridge.InboundMessage`.
    """

    kind: Kind
    text: str
    media: Media | None = None
    location: Location | None = None
    contacts: tuple[ContactCard, ...] = ()
    template: FilledTemplate | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a reply did not arrive: `code` is one of bridge.FAILURES, `detail` for people."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: MessageId
    attendance_id: AttendanceId
    client_id: ClientId
    session_id: SessionId
    position: int  # within the attendance, from 1, without gaps
    direction: Direction
    content: Content
    at: datetime  # written, or sent by the client as far as the bridge knows
    author: AttendantId | None = None  # None: the client, or the system
    quote: MessageId | None = None
    provider_id: str | None = None  # the bridge's id, unique within a session
    delivery: Delivery | None = None  # replies only
    failure: Failure | None = None
    attempt: int = 0  # replies only: 1, then one more for each retry
    reactions: tuple[Reaction, ...] = ()  # also those taken back: see `reaction`
    edited_at: datetime | None = None  # see `amendment`
    revoked_at: datetime | None = None  # its text is gone, and kept in its history

    @classmethod
    def receive(
        cls,
        id: MessageId,
        *,
        heard: Attendance,
        content: Content,
        provider_id: str,
        quote: MessageId | None,
        sent_at: datetime,
        at: datetime,
    ) -> "Change[Message]":
        """Keep what the client sent; `heard` has already counted it."""
        state = cls(
            **place_of(heard),
            id=id,
            direction=Direction.INBOUND,
            content=content,
            at=min(sent_at, at),
            quote=quote,
            provider_id=provider_id,
        )
        return Change(state, (MessageReceived(at=at, attendance=heard, message=state),))

    @classmethod
    def reply(
        cls,
        id: MessageId,
        *,
        answered: Attendance,
        content: Content,
        author: AttendantId | None,
        quoted: "Message | None" = None,
        outgoing: str | None = None,
        at: datetime,
    ) -> "Change[Message]":
        """Queue an answer; `answered` has already counted it.

        `outgoing` replaces the stored text on its way to the client (a secret link).
        """
        state = cls(
            **place_of(answered),
            id=id,
            direction=Direction.REPLY,
            content=content,
            at=at,
            author=author,
            quote=quoted.id if quoted else None,
            delivery=Delivery.QUEUED,
            attempt=1,
        )
        written = MessageWritten(at=at, attendance=answered, message=state)
        return Change(state, (written, state.to_send(answered.address, quoted, outgoing, at)))

    @classmethod
    def note(
        cls, id: MessageId, *, noted: Attendance, text: str, author: AttendantId, at: datetime
    ) -> "Change[Message]":
        """Write to colleagues only; `noted` has already counted it."""
        state = cls(
            **place_of(noted),
            id=id,
            direction=Direction.NOTE,
            content=Content(Kind.TEXT, valid_text(text)),
            at=at,
            author=author,
        )
        return Change(state, (MessageWritten(at=at, attendance=noted, message=state),))

    def retry(
        self,
        attendance: Attendance,
        *,
        quoted: "Message | None" = None,
        outgoing: str | None = None,
        at: datetime,
    ) -> "Change[Message]":
        """Queue a further attempt.

        Raises:
            NotRetryableError: it did not fail.
        """
        if self.delivery not in _RETRYABLE:
            raise NotRetryableError
        state = replace(self, delivery=Delivery.QUEUED, failure=None, attempt=self.attempt + 1)
        changed = DeliveryChanged(at=at, attendance=attendance, message=state)
        return Change(state, (changed, state.to_send(attendance.address, quoted, outgoing, at)))

    def track(
        self,
        delivery: Delivery,
        *,
        attendance: Attendance,
        attempt: int | None = None,
        provider_id: str | None = None,
        failure: Failure | None = None,
        at: datetime,
    ) -> "Change[Message]":
        """Merge a report; an older attempt's bad news is no news (`attempt` None: unknown)."""
        state = self if provider_id is None else replace(self, provider_id=provider_id)
        outdated = attempt is not None and attempt < self.attempt and delivery in _RETRYABLE
        if not outdated and self.delivery and _RANK[delivery] > _RANK[self.delivery]:
            bad = delivery in _RETRYABLE
            state = replace(state, delivery=delivery, failure=failure if bad else None)
        if state.delivery is self.delivery:
            return Change(state)
        return Change(state, (DeliveryChanged(at=at, attendance=attendance, message=state),))

    def to_send(
        self, address: Identity, quoted: "Message | None", outgoing: str | None, at: datetime
    ) -> "ReplyQueued":
        """What the bot must do for the present attempt."""
        return ReplyQueued(
            at=at,
            session_id=self.session_id,
            attendance_id=self.attendance_id,
            message_id=self.id,
            attempt=self.attempt,
            address=address,
            content=self.content if outgoing is None else replace(self.content, text=outgoing),
            quote_provider_id=quoted.provider_id if quoted else None,
        )


def valid_text(text: str) -> str:
    """Return `text` as it is, byte for byte.

    Raises:
        InvalidError: empty, over 4096 characters, or with a NUL or a lone surrogate.
    """
    if not 1 <= len(text) <= TEXT_LIMIT:
        raise InvalidError(f"A text has 1 to {TEXT_LIMIT} characters.", field="text")
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidError("A text has no NUL and no lone surrogate.", field="text")
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent(Event):
    """Carries the message and its attendance as they are afterwards."""

    attendance: Attendance
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(MessageEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWritten(MessageEvent):
    """A reply or a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged(MessageEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyQueued(Command):
    """Send this; `(message_id, attempt)` is what must happen at most once."""

    attendance_id: AttendanceId
    message_id: MessageId
    attempt: int
    address: Identity
    content: Content
    quote_provider_id: str | None

    @property
    def key(self) -> str:
        return str(self.attendance_id)
