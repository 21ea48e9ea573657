"""What a bridge to WhatsApp tells us and is told: its vocabulary, without any vendor's.

A bridge reports facts (`Report`); the bot puts them on the inbound queue; a consumer stores them.
Reports of what happens to messages later, and of rarer things, are in `report`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.attendance import AttendanceEvent
from helpdesk.domain.change import Command, Event
from helpdesk.domain.file import NO_FILES, MediaLimits, Source, StoredFile, VoiceFormat
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Content, Delivery, Failure
from helpdesk.domain.session import Qr, SessionState

# Codes a Failure may carry: what to do next, not what the vendor called it.
FAILURES: Final = frozenset(
    {
        "window_closed",
        "recipient_unreachable",
        "rate_limited",
        "media_rejected",
        "template_invalid",
        "auth",
        "banned",
        "bridge_down",
        "timeout_unknown",
        "bug",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Event):
    """A fact from a bridge; `key` names the stream in which its order matters."""

    session_id: SessionId

    @property
    def key(self) -> str:
        return str(self.session_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage(Report):
    """A client's message.  `at` is when we heard it, `sent_at` when WhatsApp says it was sent.

    With a file, a bridge reports the kind it claims to be, the caption and the `source`; on its way
    the bot fetches it and adds `file`, or the reason why it could not.
    """

    provider_id: str  # unique within the session
    sender: tuple[Identity, ...]  # the first is where to reply
    sender_name: str
    content: Content
    sent_at: datetime
    quote_provider_id: str | None = None
    source: Source | None = None
    file: StoredFile | None = None
    missing: str = ""  # why `file` is not there
    gone: bool = False  # and will never be

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.sender[0].key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReported(Report):
    """WhatsApp's news of a message we sent, by the id WhatsApp gave it.

    `message_id` is our own, where WhatsApp brings it back: it settles a message whose outcome was
    unknown, and which therefore nobody knows by WhatsApp's id.
    """

    provider_id: str
    delivery: Delivery
    failure: Failure | None = None
    message_id: MessageId | None = None

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.provider_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReported(Report):
    """What became of one attempt to send, told by our own bot."""

    message_id: MessageId
    attempt: int
    delivery: Delivery  # sent, failed or unknown
    provider_id: str | None = None
    failure: Failure | None = None

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateReported(Report):
    """`until` is when a ban ends, where WhatsApp says so; `still`: said again, nothing changed."""

    state: SessionState
    reason: str = ""
    phone: str | None = None
    until: datetime | None = None
    still: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QrReported(Report):
    qr: Qr


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingReported(Report):
    """A client types, or stopped; worth nothing a few seconds later."""

    sender: tuple[Identity, ...]
    typing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTyping(AttendanceEvent):
    """For those who see the attendance."""

    typing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingShown(Command):
    """Show the client that somebody types."""

    address: Identity

    @property
    def key(self) -> str:
        return f"typing/{self.session_id}/{self.address.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReceiptRequested(Command):
    """Show the client that everything up to this message was read."""

    address: Identity
    provider_id: str

    @property
    def key(self) -> str:
        return f"read/{self.session_id}/{self.address.key}"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # certainly not sent
    UNKNOWN = "unknown"  # perhaps sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """A message to send.  `message_id` is the provider's id too where presets are possible.

    The file of `content.media` is in the media store, in the format that the bridge asks for.
    """

    message_id: MessageId
    address: Identity
    content: Content
    quote_provider_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """`retry_after` in seconds, only with a rejection that may pass."""

    outcome: Outcome
    provider_id: str | None = None
    recipient_aliases: tuple[Identity, ...] = ()
    failure: Failure | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a bridge is, for metrics and `doctor`; `figures` are gauges by name (bytes, counts)."""

    state: SessionState
    detail: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a bridge can do; the dashboard hides the rest."""

    official: bool = True  # else WhatsApp may ban the number: it is used with care
    qr: bool = False
    pair_code: bool = False
    session_restore: bool = False
    logout: bool = False
    typing: bool = False
    hears_typing: bool = False  # tells that a client types
    mark_read: bool = False
    quote: bool = False
    location: bool = False
    contacts: bool = False
    media: MediaLimits = NO_FILES
    voice: VoiceFormat = VoiceFormat.OGG_OPUS
    reactions: bool = False
    edit: bool = False
    revoke: bool = False
    echo: bool = False  # tells what other devices of the number write
    check_contact: bool = False
    templates: bool = False
    window_24h: bool = False  # free texts only within 24 hours of the client's last message
    preset_message_id: bool = False  # WhatsApp drops a repetition, so that sending again is safe
    client_correlation: bool = False  # statuses bring our own id back
    holds_receipts: bool = False  # clients see "delivered" only when the helpdesk has the message
    acks: frozenset[Delivery] = field(default_factory=frozenset)
