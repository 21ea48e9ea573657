"""What bridges report besides what `bridge` has: what happens to messages later, rarer things.

What cannot be shown, and a call, are messages too, of the kinds `unsupported` and `call`: a sign of
life of a client is visible in the conversation, whatever it was.
"""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Report
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendantId, MessageId
from helpdesk.domain.message import Content, Failure
from helpdesk.domain.session import PairCode


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCodeReported(Report):
    code: PairCode


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoReported(Report):
    """Another device of our number wrote to a client; never told of what the bridge itself sent."""

    provider_id: str
    recipient: tuple[Identity, ...]
    recipient_name: str = ""
    content: Content
    sent_at: datetime
    quote_provider_id: str | None = None

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.recipient[0].key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentReported(Report):
    """Something happened to the message that WhatsApp knows by `provider_id`.

    `sender` is empty when we did it: `by` an attendant, or (None) on another device of ours.
    """

    provider_id: str
    sender: tuple[Identity, ...] = ()
    by: AttendantId | None = None
    done_at: datetime

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.sender[0].key if self.sender else self.provider_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionReported(AmendmentReported):
    emoji: str  # empty: taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReported(AmendmentReported):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeReported(AmendmentReported):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReported(Report):
    """Our own bot could not change a message as it was asked to."""

    message_id: MessageId
    verb: Verb
    failure: Failure
    by: AttendantId | None = None

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableReported(Report):
    """Something that a bridge's neighbour said and nobody can take: it ends as a dead letter.

    `session_id` is all zeros where nobody knows whose it is.
    """

    source: str  # the bridge's name
    reason: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasReported(Report):
    """One person has all these addresses; they write from `now` on, where they changed number."""

    known: tuple[Identity, ...]
    now: Identity | None = None

    @property
    def key(self) -> str:
        return f"{self.session_id}/{self.known[0].key}"
