"""Sending again."""

import pytest

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import (
    Delivery,
    Failure,
    Message,
    MessageNotFoundError,
    NotRetryableError,
    ReplyQueued,
)
from tests.support.builders import fresh, lid
from tests.support.team import Firm
from tests.support.waiting import race


async def failed(
    firm: Firm, it: Attendance, delivery: Delivery, quote: MessageId | None = None
) -> Message:
    """Let an answer of Ana fail."""
    shown = await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Oi", quote=quote)
    reported = shown.message.track(
        delivery, attendance=it, failure=Failure("recipient_unreachable"), at=firm.now()
    )
    await firm.office.save(reported)
    await firm.settle()
    return reported.state


@pytest.mark.parametrize("delivery", [Delivery.FAILED, Delivery.UNKNOWN])
async def test_a_retry_really_queues_a_further_attempt(firm: Firm, delivery: Delivery) -> None:
    message = await failed(firm, await firm.held(firm.office.ana), delivery)
    await firm.cases.retry_message()(message.id, by=firm.office.ana)
    [again] = await firm.told(ReplyQueued)
    assert (again.message_id, again.attempt, again.content.text) == (message.id, 2, "Oi")
    now = await firm.message(message.id)
    assert (now.delivery, now.failure, now.attempt) == (Delivery.QUEUED, None, 2)


async def test_two_retries_at_once_are_one(firm: Firm) -> None:
    message = await failed(firm, await firm.held(firm.office.ana), Delivery.FAILED)
    retry = firm.cases.retry_message()
    outcomes = await race(*(retry(message.id, by=firm.office.ana) for _ in range(2)))
    assert [type(it) for it in outcomes] == [type(None), NotRetryableError]
    assert len(await firm.told(ReplyQueued)) == 1


async def test_a_retry_quotes_what_the_first_attempt_quoted(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    [quoted] = await firm.messages(it.id)
    message = await failed(firm, it, Delivery.FAILED, quote=quoted.id)
    await firm.cases.retry_message()(message.id, by=firm.office.ana)
    assert [e.quote_provider_id for e in await firm.told(ReplyQueued)] == [quoted.provider_id]


async def test_a_retry_goes_to_where_the_client_writes_from_now(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    message = await failed(firm, it, Delivery.FAILED)
    await firm.cases.receive_message()(firm.report(lid(1), it.address))
    await firm.cases.retry_message()(message.id, by=firm.office.ana)
    assert [e.address for e in await firm.told(ReplyQueued)] == [lid(1)]


async def test_what_did_not_fail_is_not_sent_again(firm: Firm) -> None:
    it, ana = await firm.held(firm.office.ana), firm.office.ana
    [heard] = await firm.messages(it.id)
    queued = await firm.cases.send_reply()(it.id, by=ana, text="Oi")
    note = await firm.cases.write_note()(it.id, by=ana, text="Ver")
    for message in (heard.id, queued.message.id, note.message.id):
        with pytest.raises(NotRetryableError):
            await firm.cases.retry_message()(message, by=ana)


async def test_what_is_not_there_is_not_sent_again(firm: Firm) -> None:
    with pytest.raises(MessageNotFoundError):
        await firm.cases.retry_message()(MessageId(fresh()), by=firm.office.ana)
