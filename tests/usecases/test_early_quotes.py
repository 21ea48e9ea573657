"""A message quotes one that is not stored, or not known by that id: it is found later."""

from typing import Any

import pytest

from helpdesk.domain.amendment import QuoteFound
from helpdesk.domain.message import Content, Delivery, Kind, Message, MessageReceived
from helpdesk.domain.report import EchoReported
from tests.support.clock import NOON
from tests.support.reports import sent_as
from tests.support.team import Firm
from tests.support.waiting import race

ANSWER = "wamid.answer"


async def an_answer(firm: Firm) -> Message:
    it = await firm.held(firm.office.ana)
    return (await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Oi")).message


def echo(firm: Firm, provider_id: str, **properties: Any) -> EchoReported:
    """Another device of ours writes to who writes in these tests."""
    return EchoReported(
        at=NOON,
        session_id=firm.office.session.id,
        provider_id=provider_id,
        recipient=firm.report().sender,
        content=Content(Kind.TEXT, "from the phone"),
        sent_at=NOON,
        **properties,
    )


async def newest(firm: Firm, like: Message) -> Message:
    return (await firm.messages(like.attendance_id))[-1]


async def test_a_client_quotes_an_answer_before_it_is_known_to_be_sent(firm: Firm) -> None:
    it, consume = await an_answer(firm), firm.cases.consume_reports()
    quoting = firm.report(quote_provider_id=ANSWER)
    for report in (quoting, quoting, sent_as(it, ANSWER), quoting, sent_as(it, ANSWER)):
        await consume(report)
    _, answer, quotes = await firm.messages(it.attendance_id)
    assert (answer.id, answer.delivery, quotes.quote) == (it.id, Delivery.SENT, it.id)
    assert [e.message.id for e in await firm.told(QuoteFound)] == [quotes.id]
    assert quotes.id in {e.message.id for e in await firm.told(MessageReceived)}


async def test_several_may_quote_the_same(firm: Firm) -> None:
    it, consume = await an_answer(firm), firm.cases.consume_reports()
    for n in range(3):
        await consume(firm.report(provider_id=f"{n}", quote_provider_id=ANSWER))
    await consume(sent_as(it, ANSWER))
    assert [m.quote for m in (await firm.messages(it.attendance_id))[2:]] == [it.id] * 3


@pytest.mark.parametrize("ours", [False, True])
async def test_what_is_quoted_may_come_later(firm: Firm, ours: bool) -> None:
    consume = firm.cases.consume_reports()
    quoting = firm.report(provider_id="second", quote_provider_id="first")
    late = echo(firm, "first") if ours else firm.report(provider_id="first")
    for report in (quoting, late, late, quoting):
        await consume(report)
    [it] = await firm.attendances()
    second, quoted = await firm.messages(it.id)
    assert (second.quote, quoted.provider_id) == (quoted.id, "first")


async def test_an_echo_waits_for_what_it_quotes_as_well(firm: Firm) -> None:
    consume = firm.cases.consume_reports()
    await consume(echo(firm, "echo", quote_provider_id="asked"))
    await consume(firm.report(provider_id="asked"))
    [it] = await firm.attendances()
    echoed, heard = await firm.messages(it.id)
    assert echoed.quote == heard.id


async def test_nothing_quotes_itself(firm: Firm) -> None:
    itself = firm.report(provider_id="one", quote_provider_id="one")
    for _ in range(2):
        await firm.cases.consume_reports()(itself)
    [it] = await firm.attendances()
    [message] = await firm.messages(it.id)
    assert message.quote is None


async def test_two_that_quote_each_other_are_stored_once(firm: Firm) -> None:
    one = firm.report(provider_id="one", quote_provider_id="two")
    two = firm.report(provider_id="two", quote_provider_id="one")
    for report in (one, two, one, two):
        await firm.cases.consume_reports()(report)
    [it] = await firm.attendances()
    first, second = await firm.messages(it.id)
    assert (first.quote, second.quote) == (second.id, first.id)


async def test_it_is_found_whoever_is_quicker(firm: Firm) -> None:
    it, consume = await an_answer(firm), firm.cases.consume_reports()
    rivals = consume(firm.report(quote_provider_id=ANSWER)), consume(sent_as(it, ANSWER))
    assert await race(*rivals) == [None, None]
    assert (await newest(firm, it)).quote == it.id
