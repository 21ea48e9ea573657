"""What became of an answer, whoever tells it first."""

from dataclasses import replace
from itertools import permutations

import pytest

from helpdesk.domain.bridge import Report, SendReported, StatusReported
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import (
    Delivery,
    DeliveryChanged,
    Failure,
    Message,
    MessageNotFoundError,
    ReplyQueued,
)
from tests.support.builders import fresh
from tests.support.team import Firm
from tests.support.waiting import race, soon, waiting

FAILURE = Failure("recipient_unreachable")


async def an_answer(firm: Firm) -> Message:
    it = await firm.held(firm.office.ana)
    shown = await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Oi")
    return shown.message


def sent(it: Message, delivery: Delivery = Delivery.SENT, *, attempt: int = 1) -> SendReported:
    return SendReported(
        at=it.at,
        session_id=it.session_id,
        message_id=it.id,
        attempt=attempt,
        delivery=delivery,
        provider_id=f"wa-{it.id}" if delivery is Delivery.SENT else None,
        failure=FAILURE if delivery is Delivery.FAILED else None,
    )


def status(it: Message, delivery: Delivery, failure: Failure | None = None) -> StatusReported:
    return StatusReported(
        at=it.at,
        session_id=it.session_id,
        provider_id=f"wa-{it.id}",
        delivery=delivery,
        failure=failure,
    )


async def test_a_status_with_our_own_id_settles_what_was_unknown(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, sent(it, Delivery.UNKNOWN))
    mine = replace(status(it, Delivery.DELIVERED), message_id=it.id)
    await track(firm, mine, replace(mine, delivery=Delivery.READ))
    now = await firm.message(it.id)
    assert (now.delivery, now.provider_id) == (Delivery.READ, f"wa-{it.id}")
    other = replace(mine, provider_id="wa-other", delivery=Delivery.FAILED)
    await track(firm, other)
    assert await firm.message(it.id) == now


async def track(firm: Firm, *reports: Report) -> None:
    for it in reports:
        await firm.cases.consume_reports()(it)


async def ways(firm: Firm) -> list[Delivery | None]:
    return [it.message.delivery for it in await firm.told(DeliveryChanged)]


async def test_our_own_report_comes_first_as_a_rule(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, sent(it), status(it, Delivery.DELIVERED), status(it, Delivery.READ))
    assert (await firm.message(it.id)).delivery is Delivery.READ
    assert await ways(firm) == [Delivery.SENT, Delivery.DELIVERED, Delivery.READ]


async def test_a_status_that_overtakes_our_own_report_is_not_lost(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, status(it, Delivery.DELIVERED), sent(it))
    now = await firm.message(it.id)
    assert (now.delivery, now.provider_id) == (Delivery.DELIVERED, f"wa-{it.id}")
    assert await ways(firm) == [Delivery.SENT, Delivery.DELIVERED]


async def test_every_order_of_reports_comes_to_the_same(firm: Firm) -> None:
    for order in permutations(range(3)):
        it = await an_answer(firm)
        reports = [sent(it), status(it, Delivery.DELIVERED), status(it, Delivery.READ)]
        await track(firm, *(reports[n] for n in order))
        assert (await firm.message(it.id)).delivery is Delivery.READ, order


async def test_all_reports_at_once_come_to_the_same(firm: Firm) -> None:
    consume = firm.cases.consume_reports()
    for turn in range(10):
        it = await an_answer(firm)
        reports = [status(it, Delivery.DELIVERED), sent(it), status(it, Delivery.READ)]
        await race(*(consume(report) for report in reports[turn % 3 :] + reports[: turn % 3]))
        assert (await firm.message(it.id)).delivery is Delivery.READ


async def test_a_status_waits_for_our_own_report_that_is_being_stored(firm: Firm) -> None:
    it = await an_answer(firm)
    async with firm.store.transaction() as work:
        message = await work.messages.load(it.id)
        assert await work.first_time(f"provider:{it.session_id}:wa-{it.id}")
        rival = await waiting(track(firm, status(it, Delivery.READ)))
        attendance = await work.attendances.find(it.attendance_id)
        await work.save(
            message.track(
                Delivery.SENT, attendance=attendance, provider_id=f"wa-{it.id}", at=firm.now()
            )
        )
    await soon(rival)
    assert (await firm.message(it.id)).delivery is Delivery.READ


async def test_reports_that_come_twice_are_told_once(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, sent(it), sent(it), *[status(it, Delivery.READ)] * 2)
    assert await ways(firm) == [Delivery.SENT, Delivery.READ]


async def test_a_failure_says_why(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, sent(it, Delivery.FAILED))
    now = await firm.message(it.id)
    assert (now.delivery, now.failure) == (Delivery.FAILED, FAILURE)


async def test_a_failure_that_whatsapp_tells_later_is_shown(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, status(it, Delivery.FAILED, FAILURE), sent(it))
    now = await firm.message(it.id)
    assert (now.delivery, now.failure) == (Delivery.FAILED, FAILURE)


async def test_bad_news_of_a_former_attempt_is_no_news(firm: Firm) -> None:
    it = await an_answer(firm)
    await track(firm, sent(it, Delivery.FAILED))
    await firm.cases.retry_message()(it.id, by=firm.office.ana)
    await track(firm, sent(it, Delivery.UNKNOWN))
    assert (await firm.message(it.id)).delivery is Delivery.QUEUED
    await track(firm, sent(it, attempt=2))
    assert (await firm.message(it.id)).delivery is Delivery.SENT
    assert len(await firm.told(ReplyQueued)) == 2


async def test_news_of_what_another_device_sent_is_kept_aside(firm: Firm) -> None:
    it = await an_answer(firm)
    stranger = StatusReported(
        at=it.at, session_id=it.session_id, provider_id="elsewhere", delivery=Delivery.READ
    )
    await track(firm, stranger, stranger)
    assert await ways(firm) == []


async def test_a_report_of_no_message_of_ours_is_refused(firm: Firm) -> None:
    it = await an_answer(firm)
    lost = SendReported(
        at=it.at,
        session_id=it.session_id,
        message_id=MessageId(fresh()),
        attempt=1,
        delivery=Delivery.SENT,
    )
    with pytest.raises(MessageNotFoundError):
        await track(firm, lost)
