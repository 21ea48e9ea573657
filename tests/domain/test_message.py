"""Messages, and the merge of what is reported about them."""

from datetime import timedelta
from itertools import permutations
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId, MessageId
from helpdesk.domain.message import (
    TEXT_LIMIT,
    Content,
    Delivery,
    DeliveryChanged,
    Direction,
    Failure,
    Kind,
    Message,
    MessageReceived,
    MessageWritten,
    NotRetryableError,
    ReplyQueued,
    valid_text,
)
from tests.support.builders import an_attendance, fresh, noted, received, replied
from tests.support.clock import NOON, after

ANA = AttendantId(fresh())
ATTENDANCE = an_attendance(by=ANA).state
REPLY = replied(ATTENDANCE, ANA)[1].state

Report: TypeAlias = tuple[Delivery, int | None]
REPORTS = st.lists(st.tuples(st.sampled_from(Delivery), st.sampled_from([None, 1, 2])), max_size=6)


def tracked(it: Message, *reports: Report, attendance: Attendance = ATTENDANCE) -> Message:
    for delivery, attempt in reports:
        failure = Failure("bug", delivery)
        it = it.track(
            delivery, attendance=attendance, attempt=attempt, failure=failure, at=NOON
        ).state
    return it


def test_what_a_client_wrote_stands_where_it_was_counted() -> None:
    heard, message = received(ATTENDANCE, "Olá", provider_id="wamid.1")
    it = message.state
    assert (it.position, it.attendance_id) == (heard.state.last_position, ATTENDANCE.id)
    assert (it.direction, it.delivery, it.author) == (Direction.INBOUND, None, None)
    assert message.events == (MessageReceived(at=NOON, attendance=heard.state, message=it),)


def test_a_phone_with_a_wrong_clock_does_not_write_from_the_future() -> None:
    def receive(sent_after: timedelta) -> Message:
        return Message.receive(
            MessageId(fresh()),
            heard=ATTENDANCE,
            content=Content(Kind.TEXT, "Oi"),
            provider_id="1",
            quote=None,
            sent_at=NOON + sent_after,
            at=NOON,
        ).state

    assert receive(timedelta(hours=1)).at == NOON
    assert receive(timedelta(hours=-1)).at == after(hours=-1)


def test_a_reply_is_told_to_dashboards_and_queued_for_the_bot() -> None:
    asked = received(ATTENDANCE, provider_id="wamid.1")[1].state
    answered, reply = replied(ATTENDANCE, ANA, "Bom dia", quoted=asked)
    it = reply.state
    assert (it.delivery, it.attempt, it.author, it.quote) == (Delivery.QUEUED, 1, ANA, asked.id)
    written, queued = reply.events
    assert written == MessageWritten(at=NOON, attendance=answered.state, message=it)
    assert isinstance(queued, ReplyQueued)
    assert (queued.message_id, queued.attempt, queued.address) == (it.id, 1, ATTENDANCE.address)
    assert (queued.content, queued.quote_provider_id) == (it.content, "wamid.1")


def test_a_secret_goes_to_the_client_and_is_not_stored() -> None:
    reply = Message.reply(
        MessageId(fresh()),
        answered=ATTENDANCE,
        content=Content(Kind.FEEDBACK_REQUEST, "Rate us: …"),
        author=None,
        outgoing="Rate us: https://example.com/f/secret",
        at=NOON,
    )
    assert "secret" not in repr((reply.state, reply.events[0]))
    assert isinstance(reply.events[1], ReplyQueued)
    assert reply.events[1].content.text == "Rate us: https://example.com/f/secret"


def test_a_note_is_told_to_dashboards_only() -> None:
    counted, note = noted(ATTENDANCE, ANA, "Ver contrato")
    assert (note.state.direction, note.state.delivery) == (Direction.NOTE, None)
    assert note.events == (MessageWritten(at=NOON, attendance=counted.state, message=note.state),)


@given(REPORTS)
def test_any_order_of_reports_leads_to_the_same_state(reports: list[Report]) -> None:
    outcomes = {tracked(REPLY, *order) for order in permutations(reports[:4])}
    assert len(outcomes) == 1
    assert tracked(REPLY, *reports, *reports) == tracked(REPLY, *reports)


@given(REPORTS)
def test_the_state_only_moves_forward(reports: list[Report]) -> None:
    it, ranks = REPLY, list(Delivery)
    for report in reports:
        before, it = it, tracked(it, report)
        assert before.delivery is not None
        assert it.delivery is not None
        assert ranks.index(it.delivery) >= ranks.index(before.delivery)
        assert (it.failure is not None) == (it.delivery in {Delivery.FAILED, Delivery.UNKNOWN})


def test_a_change_is_told_and_no_change_is_not() -> None:
    sent = REPLY.track(Delivery.SENT, attendance=ATTENDANCE, provider_id="wamid.1", at=NOON)
    assert sent.state.provider_id == "wamid.1"
    assert sent.events == (DeliveryChanged(at=NOON, attendance=ATTENDANCE, message=sent.state),)
    again = sent.state.track(Delivery.SENT, attendance=ATTENDANCE, at=NOON)
    assert again == Change(sent.state)


def test_a_late_report_still_brings_the_provider_id() -> None:
    read = tracked(REPLY, (Delivery.READ, None))
    late = read.track(Delivery.SENT, attendance=ATTENDANCE, provider_id="wamid.1", at=NOON)
    assert (late.state.delivery, late.state.provider_id) == (Delivery.READ, "wamid.1")
    assert late.events == ()


def test_delivered_after_failed_reopens() -> None:
    it = tracked(REPLY, (Delivery.FAILED, 1), (Delivery.DELIVERED, None))
    assert (it.delivery, it.failure) == (Delivery.DELIVERED, None)


@pytest.mark.parametrize("bad", [Delivery.FAILED, Delivery.UNKNOWN])
def test_a_failed_or_unknown_reply_is_queued_again(bad: Delivery) -> None:
    retried = tracked(REPLY, (bad, 1)).retry(ATTENDANCE, at=NOON)
    it = retried.state
    assert (it.delivery, it.failure, it.attempt) == (Delivery.QUEUED, None, 2)
    changed, queued = retried.events
    assert changed == DeliveryChanged(at=NOON, attendance=ATTENDANCE, message=it)
    assert isinstance(queued, ReplyQueued)
    assert queued.attempt == 2


def test_bad_news_of_an_older_attempt_is_no_news() -> None:
    it = tracked(REPLY, (Delivery.FAILED, 1)).retry(ATTENDANCE, at=NOON).state
    assert tracked(it, (Delivery.FAILED, 1)) == it
    assert tracked(it, (Delivery.FAILED, 2)).delivery is Delivery.FAILED
    assert tracked(it, (Delivery.DELIVERED, 1)).delivery is Delivery.DELIVERED


@pytest.mark.parametrize(
    "good", [Delivery.QUEUED, Delivery.SENT, Delivery.DELIVERED, Delivery.READ]
)
def test_what_did_not_fail_is_not_sent_again(good: Delivery) -> None:
    with pytest.raises(NotRetryableError):
        tracked(REPLY, (good, 1)).retry(ATTENDANCE, at=NOON)


def test_what_was_never_sent_has_no_way_to_track_and_none_to_retry() -> None:
    note = noted(ATTENDANCE, ANA)[1].state
    assert tracked(note, (Delivery.READ, None)) == note
    with pytest.raises(NotRetryableError):
        note.retry(ATTENDANCE, at=NOON)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_is_kept_byte_for_byte(text: str) -> None:
    assert valid_text(text[:TEXT_LIMIT]) == text[:TEXT_LIMIT]


@pytest.mark.parametrize("text", ["", "a" * (TEXT_LIMIT + 1), "a\0b", "a\ud800"])
def test_a_text_out_of_its_range_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        valid_text(text)
    assert refused.value.field == "text"
