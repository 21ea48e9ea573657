"""The streams in which the order of a bridge's reports matters."""

from helpdesk.domain.bridge import InboundMessage, SendReported, StateReported, StatusReported
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Content, Delivery, Kind
from helpdesk.domain.session import SessionState
from tests.support.builders import fresh, lid
from tests.support.clock import NOON

SESSION = SessionId(fresh())


def test_one_person_is_one_stream_under_both_spellings_of_their_number() -> None:
    def written(number: str) -> InboundMessage:
        return InboundMessage(
            at=NOON,
            session_id=SESSION,
            provider_id="1",
            sender=(Identity.phone(number), lid(1)),
            sender_name="",
            content=Content(Kind.TEXT, "Oi"),
            sent_at=NOON,
        )

    assert written("+551187654321").key == written("+5511987654321").key
    assert written("+5511987654321").key != written("+5511987654322").key


def test_reports_of_one_message_are_one_stream() -> None:
    message = MessageId(fresh())
    ours = SendReported(
        at=NOON, session_id=SESSION, message_id=message, attempt=1, delivery=Delivery.SENT
    )
    theirs = StatusReported(
        at=NOON, session_id=SESSION, provider_id=str(message), delivery=Delivery.READ
    )
    # Where the bridge takes our id for its own, its reports stay behind ours.
    assert ours.key == theirs.key


def test_a_session_is_one_stream() -> None:
    report = StateReported(at=NOON, session_id=SESSION, state=SessionState.CONNECTED)
    assert report.key == str(SESSION)
