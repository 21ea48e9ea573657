"""What simulated phones show and tell."""

from uuid import UUID

import pytest

from helpdesk.domain.bridge import (
    InboundMessage,
    Outbound,
    Outcome,
    StatusReported,
    TypingReported,
)
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Content, Delivery, Kind
from helpdesk.domain.simulator import (
    Conversation,
    News,
    Phone,
    Said,
    Side,
    Tick,
    accepted,
    on_its_way,
    refused,
    valid_name,
)
from tests.support.clock import NOON, after

ANA = Phone(number=Identity.phone("+5511987654321"), name="Ana")
SESSION = SessionId(UUID(int=1))
SAID = Said(id="m1", phone=ANA.number, content=Content(Kind.TEXT, "oi"), quote="m0")
ANSWER = Outbound(
    message_id=MessageId(UUID(int=2)), address=ANA.number, content=Content(Kind.TEXT, "olá")
)


def test_ticks_only_move_forward_and_only_then_count_as_changes() -> None:
    it = SAID.message(number=1, seq=1, online=True, at=NOON)
    read = it.mark(Tick.READ, seq=5)
    assert (read.delivery, read.seq) == (Tick.READ, 5)
    assert read.mark(Tick.DELIVERED, seq=6) is read
    assert read.mark(Tick.READ, seq=6) is read


def test_an_offline_phone_s_message_is_pending() -> None:
    assert SAID.message(number=1, seq=1, online=False, at=NOON).delivery is Tick.PENDING


def test_a_phone_s_message_is_reported_as_a_bridge_hears_it() -> None:
    message = SAID.message(number=1, seq=1, online=True, at=NOON)
    news = News(position=1, phone=ANA, message=message, at=NOON)
    assert news.report(SESSION, at=after(seconds=1)) == InboundMessage(
        at=after(seconds=1),
        session_id=SESSION,
        provider_id="m1",
        sender=(ANA.number,),
        sender_name="Ana",
        content=SAID.content,
        sent_at=NOON,
        quote_provider_id="m0",
    )


@pytest.mark.parametrize("tick", [Tick.DELIVERED, Tick.READ])
def test_a_tick_of_our_message_is_reported_as_its_status(tick: Tick) -> None:
    message = on_its_way(ANSWER, at=NOON).mark(tick, seq=1)
    news = News(position=1, phone=ANA, message=message, at=NOON)
    assert news.report(SESSION, at=NOON) == StatusReported(
        at=NOON,
        session_id=SESSION,
        provider_id=str(ANSWER.message_id),
        delivery=Delivery(tick),
    )


def test_typing_is_no_news_any_more_after_a_few_seconds() -> None:
    news = News(position=1, phone=ANA, message=None, at=NOON, typing=True)
    report = news.report(SESSION, at=after(seconds=6))
    assert isinstance(report, TypingReported)
    assert (report.sender, report.typing) == ((ANA.number,), True)
    assert news.report(SESSION, at=after(seconds=6.001)) is None


def test_our_message_on_its_way_is_not_on_the_phone_yet() -> None:
    it = on_its_way(ANSWER, at=NOON)
    assert (it.id, it.direction, it.delivery) == (str(ANSWER.message_id), Side.IN, Tick.SENT)
    assert (it.number, it.seq) == (0, 0)


def test_an_accepted_message_keeps_its_id_and_tells_another_spelling() -> None:
    other = Phone(number=Identity.phone("+551187654321"))
    assert accepted(ANSWER, ANA).recipient_aliases == ()
    assert accepted(ANSWER, other).recipient_aliases == (other.number,)
    assert accepted(ANSWER, ANA).provider_id == str(ANSWER.message_id)


def test_a_refused_message_says_why() -> None:
    it = refused("no such number")
    assert it.outcome is Outcome.REJECTED
    assert it.failure
    assert (it.failure.code, it.failure.detail) == ("recipient_unreachable", "no such number")


def test_a_phone_changes_in_what_is_given() -> None:
    assert ANA.put() == ANA
    assert ANA.put(name="", online=False, missing=True) == Phone(
        number=ANA.number, online=False, missing=True
    )


def test_a_conversation_is_in_the_order_of_the_phone() -> None:
    first = SAID.message(number=1, seq=9, online=True, at=NOON)
    second = SAID.message(number=2, seq=3, online=True, at=NOON)
    shown = Conversation.of([second, first], seq=9, typing_until=NOON, at=NOON)
    assert shown.items == (first, second)
    assert not shown.typing
    assert Conversation.of([], seq=9, typing_until=after(seconds=1), at=NOON).typing


def test_a_name_is_one_line() -> None:
    assert valid_name("  Ana\n\tSouza ") == "Ana Souza"
