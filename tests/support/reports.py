"""Reports of a bridge, for tests to which their contents do not matter."""

from uuid import UUID, uuid4

from helpdesk.domain.bridge import SendReported, TypingReported
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.journey import Hop, StepName
from helpdesk.domain.message import Delivery, Message
from helpdesk.ports.outbox import Envelope
from tests.support.clock import NOON

SESSION = SessionId(UUID(int=1))


def typing(number: int = 0) -> TypingReported:
    """A person types, another one for each number."""
    person = Identity.phone(f"+5511{90000000 + number}")
    return TypingReported(at=NOON, session_id=SESSION, sender=(person,), typing=True)


def enveloped(number: int = 0) -> Envelope:
    hop = Hop(StepName.ACCEPTED, NOON, "api@one:7", number)
    return Envelope(id=uuid4(), event=typing(number), correlation=f"cause-{number}", trail=(hop,))


def sent_as(it: Message, provider_id: str) -> SendReported:
    """The bot tells that a reply is sent, and by which id WhatsApp knows it."""
    return SendReported(
        at=NOON,
        session_id=it.session_id,
        message_id=it.id,
        attempt=1,
        delivery=Delivery.SENT,
        provider_id=provider_id,
    )
