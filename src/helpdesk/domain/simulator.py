"""A WhatsApp in miniature: phones, one number of ours that they write to, switches for trouble.

Nothing of it reaches WhatsApp.  The state is kept behind `ports.simulator`; the rules are here.
A phone is known by `Identity.key`, so both spellings of a Brazilian number are one phone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from helpdesk.domain.bridge import InboundMessage, Report, StatusReported, TypingReported
from helpdesk.domain.errors import ConflictError, InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Content, Delivery
from helpdesk.domain.session import Qr, SessionState

# There is one network, and it knows one number of ours.
OUR_SESSION: Final = SessionId(UUID("00000000-0000-8000-8000-73696d756c61"))
OUR_PHONE: Final = "+5511900000000"
QR_LASTS: Final = timedelta(seconds=20)  # WhatsApp Web shows a new one about as often
TYPING_LASTS: Final = timedelta(seconds=6)
HELD_AT_MOST: Final = timedelta(seconds=2)  # a message to be overtaken, when no other comes
LATENCY_LIMIT: Final = 60_000
TROUBLE_LIMIT: Final = 10_000
NAME_LIMIT: Final = 200


class NotScannableError(ConflictError):
    """There is no QR code to scan now."""

    code = "not_scannable"


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
class Network:
    """How our number is linked, and what shall go wrong."""

    linked: bool = True  # from the start, so that the first run needs no hands
    network: bool = True
    latency_ms: int = 0
    fail_next: int = 0  # so many sends are refused
    duplicate_next: int = 0  # so many messages of phones come twice
    reorder_next: int = 0  # so many messages of phones come in swapped pairs
    qr: Qr | None = None
    reason: str = ""  # why the number is not linked

    @property
    def state(self) -> SessionState:
        """As a bridge reports it."""
        if self.linked:
            return SessionState.CONNECTED if self.network else SessionState.DISCONNECTED
        return SessionState.QR if self.qr else SessionState.LOGGED_OUT

    @property
    def is_up(self) -> bool:
        """Whether messages pass."""
        return self.state is SessionState.CONNECTED

    def adjust(
        self,
        *,
        network: bool | None = None,
        latency_ms: int | None = None,
        fail_next: int | None = None,
        duplicate_next: int | None = None,
        reorder_next: int | None = None,
    ) -> "Network":
        """Set the switches that are given.

        Raises:
            InvalidError: below 0, or over the limit.
        """
        return replace(
            self,
            network=self.network if network is None else network,
            latency_ms=_within(LATENCY_LIMIT, "latency_ms", latency_ms, self.latency_ms),
            fail_next=_within(TROUBLE_LIMIT, "fail_next", fail_next, self.fail_next),
            duplicate_next=_within(
                TROUBLE_LIMIT, "duplicate_next", duplicate_next, self.duplicate_next
            ),
            reorder_next=_within(TROUBLE_LIMIT, "reorder_next", reorder_next, self.reorder_next),
        )

    def unlink(self, reason: str) -> "Network":
        """Break the link; a new QR code follows."""
        return replace(self, linked=False, qr=None, reason=reason) if self.linked else self

    def issue(self, text: str, *, at: datetime) -> "Network":
        """Show a QR code, or the next one when the former has expired."""
        if self.linked or (self.qr and at < self.qr.expires_at):
            return self
        attempt = self.qr.attempt + 1 if self.qr else 1
        return replace(self, qr=Qr(text=text, attempt=attempt, expires_at=at + QR_LASTS))

    def scan(self) -> "Network":
        """Link the number.

        Raises:
            NotScannableError: no code is shown.
        """
        if self.state is not SessionState.QR:
            raise NotScannableError
        return replace(self, linked=True, qr=None, reason="")

    def refuse_one(self) -> "Network":
        """Use up one of `fail_next`."""
        return replace(self, fail_next=max(self.fail_next - 1, 0))

    def disturb_one(self) -> "Network":
        """Use up one of `duplicate_next` and one of `reorder_next`."""
        return replace(
            self,
            duplicate_next=max(self.duplicate_next - 1, 0),
            reorder_next=max(self.reorder_next - 1, 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """Somebody's phone; `number` as last spelled."""

    number: Identity
    name: str = ""
    online: bool = True
    missing: bool = False  # not on WhatsApp: it cannot be reached


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
    message: PhoneMessage | None  # a new one out, a changed one in; None: about typing
    at: datetime
    typing: bool = False
    copies: int = 1
    correlation: str = ""

    def report(self, session: SessionId, *, at: datetime) -> Report | None:
        """Say it in a bridge's words; None when nobody wants to know any more."""
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
            content=self.message.content,
            sent_at=self.message.at,
            quote_provider_id=self.message.quote,
        )


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


def _within(limit: int, field: str, wanted: int | None, present: int) -> int:
    if wanted is None:
        return present
    if not 0 <= wanted <= limit:
        raise InvalidError(f"Give a number from 0 to {limit}.", field=field)
    return wanted
