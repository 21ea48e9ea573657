"""A WhatsApp in miniature: phones, what they show, and what passes between them and our bridge.

Nothing of it reaches WhatsApp.  The state is kept behind `ports.simulator`; the rules are here.
A phone is known by `Identity.key`, so both spellings of a Brazilian number are one phone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self, assert_never

from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import (
    InboundMessage,
    Outbound,
    Outcome,
    Report,
    SendResult,
    StatusReported,
    TypingReported,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import Source
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Content, Delivery, Failure
from helpdesk.domain.phone_amendment import PhoneAmendment

TYPING_LASTS: Final = timedelta(seconds=6)
HELD_AT_MOST: Final = timedelta(seconds=2)  # a message to be overtaken, when no other comes
NAME_LIMIT: Final = 200


class Side(StrEnum):
    OUT = "out"  # from the phone to the helpdesk
    IN = "in"


class Tick(StrEnum):
    """What a phone shows beside a message, in order of rank."""

    PENDING = "pending"  # the phone is offline
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"


_RANK: Final = {it: rank for rank, it in enumerate(Tick)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """Somebody's phone; `number` as last spelled."""

    number: Identity
    name: str = ""
    online: bool = True
    missing: bool = False  # not on WhatsApp: it cannot be reached

    def put(
        self, *, name: str | None = None, online: bool | None = None, missing: bool | None = None
    ) -> "Phone":
        """Change what is given."""
        return replace(
            self,
            name=self.name if name is None else name,
            online=self.online if online is None else online,
            missing=self.missing if missing is None else missing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMessage:
    """A message as the phone shows it; `seq` grows, per phone, with each change of any."""

    id: str  # the provider's id, too
    phone: str
    number: int  # its place on the phone
    seq: int
    direction: Side
    content: Content
    quote: str | None
    delivery: Tick
    at: datetime
    reaction_out: str = ""  # the phone's emoji on it
    reaction_in: str = ""  # the helpdesk's
    edited: bool = False
    revoked: bool = False

    def amend(self, verb: Verb, text: str, *, by: Side, seq: int) -> "PhoneMessage":
        """Show what either side did to it; only its sender can do more than react.

        Raises:
            InvalidError: it is not theirs, or was revoked (field "message").
        """
        if self.revoked or (verb is not Verb.REACT and by is not self.direction):
            raise InvalidError("This message cannot be changed.", field="message")
        match verb:
            case Verb.REACT if by is Side.OUT:
                return replace(self, reaction_out=text, seq=seq)
            case Verb.REACT:
                return replace(self, reaction_in=text, seq=seq)
            case Verb.EDIT:
                content = replace(self.content, text=text)
                return replace(self, content=content, edited=True, seq=seq)
            case Verb.REVOKE:
                return replace(self, content=replace(self.content, text=""), revoked=True, seq=seq)
            case _:
                assert_never(verb)

    @property
    def source(self) -> Source | None:
        """How a bridge finds its file."""
        media = self.content.media
        if media is None or media.blob is None:
            return None
        return Source(ref=self.id, name=media.name, mime=media.mime, size=media.blob.size)

    def mark(self, tick: Tick, *, seq: int) -> "PhoneMessage":
        """Move its tick forward, never back."""
        if _RANK[tick] <= _RANK[self.delivery]:
            return self
        return replace(self, delivery=tick, seq=seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person types and sends; the same `id` again is the same message."""

    id: str
    phone: Identity
    content: Content
    quote: str | None = None
    name: str | None = None  # None: as before

    def message(self, *, number: int, seq: int, online: bool, at: datetime) -> PhoneMessage:
        """As it stands on the phone at first."""
        return PhoneMessage(
            id=self.id,
            phone=self.phone.key,
            number=number,
            seq=seq,
            direction=Side.OUT,
            content=self.content,
            quote=self.quote,
            delivery=Tick.SENT if online else Tick.PENDING,
            at=at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a phone shows: messages that are new or changed, in their order on the phone."""

    items: tuple[PhoneMessage, ...] = ()
    seq: int = 0  # pass it as `after` to get what changes next
    typing_until: datetime | None = None  # the helpdesk types; None: it does not

    @property
    def typing(self) -> bool:
        return self.typing_until is not None

    @classmethod
    def of(
        cls,
        changed: Iterable[PhoneMessage],
        *,
        seq: int,
        typing_until: datetime | None,
        at: datetime,
    ) -> Self:
        """Put them in order; typing that is over is none."""
        return cls(
            items=tuple(sorted(changed, key=lambda it: it.number)),
            seq=seq,
            typing_until=typing_until if typing_until and typing_until > at else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """A line of the list of phones."""

    phone: Phone
    last: PhoneMessage | None
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the network has to tell the bridge, until that has acknowledged `position`."""

    position: int
    phone: Phone
    message: PhoneMessage | None  # a new one out, a changed one in; None: typing, or `amendment`
    at: datetime
    typing: bool = False
    copies: int = 1
    correlation: str = ""
    amendment: PhoneAmendment | None = None

    def report(self, session: SessionId, *, at: datetime) -> Report | None:
        """Say it in a bridge's words; None when nobody wants to know any more."""
        if self.amendment:
            return self.amendment.report(session, self.phone.number, at=at)
        if self.message is None:
            if at - self.at > TYPING_LASTS:
                return None
            return TypingReported(
                at=at, session_id=session, sender=(self.phone.number,), typing=self.typing
            )
        if self.message.direction is Side.IN:
            return StatusReported(
                at=at,
                session_id=session,
                provider_id=self.message.id,
                delivery=Delivery(self.message.delivery),
            )
        return InboundMessage(
            at=at,
            session_id=session,
            provider_id=self.message.id,
            sender=(self.phone.number,),
            sender_name=self.phone.name,
            content=replace(self.message.content, media=None),
            source=self.message.source,
            sent_at=self.message.at,
            quote_provider_id=self.message.quote,
        )


def on_its_way(message: Outbound, *, at: datetime) -> PhoneMessage:
    """What the network has of a message that no phone shows yet."""
    return PhoneMessage(
        id=str(message.message_id),
        phone=message.address.key,
        number=0,
        seq=0,
        direction=Side.IN,
        content=message.content,
        quote=message.quote_provider_id,
        delivery=Tick.SENT,
        at=at,
    )


def accepted(message: Outbound, phone: Phone) -> SendResult:
    """The id was ours; the phone may spell its number otherwise."""
    return SendResult(
        outcome=Outcome.ACCEPTED,
        provider_id=str(message.message_id),
        recipient_aliases=() if phone.number == message.address else (phone.number,),
    )


def changed(id: str) -> SendResult:
    """A message that is shown was changed."""
    return SendResult(outcome=Outcome.ACCEPTED, provider_id=id)


def refused(detail: str, *, code: str = "recipient_unreachable") -> SendResult:
    """Certainly not shown."""
    return SendResult(outcome=Outcome.REJECTED, failure=Failure(code, detail))


def valid_name(text: str) -> str:
    """Return a profile's name in one line.

    Raises:
        InvalidError: over 200 characters, or with a NUL or a lone surrogate.
    """
    if len(text) > NAME_LIMIT:
        raise InvalidError(f"A name has at most {NAME_LIMIT} characters.", field="name")
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidError("A name has no NUL and no lone surrogate.", field="name")
    return " ".join(text.split())
