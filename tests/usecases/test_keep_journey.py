"""The way of a message, from the first hop to the last, as relays keep it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from helpdesk.adapters.wire import trail
from helpdesk.domain.attendance import AttendanceNotFoundError
from helpdesk.domain.bridge import (
    Outcome,
    Report,
    SendReported,
    SendResult,
    StatusReported,
    TypingReported,
)
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.journey import Step
from helpdesk.domain.message import Delivery, Failure, Message
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Destination, Envelope
from helpdesk.sessions import serving
from tests.support.team import Firm
from tests.usecases.paper_bridge import PaperBridge

UNTIL_SENT = ["accepted", "queued", "sending", "sent"]


@dataclass
class Way:
    """Carries envelopes from process to process by hand."""

    firm: Firm
    bridge: PaperBridge = field(default_factory=lambda: PaperBridge(preset=True))

    async def report(self, report: Report) -> None:
        """Let a bot forward a report, and a consumer store it."""
        async with self.firm.cases.broker().serve(INBOUND, self._consume):
            await self.firm.cases.forward_report()(report)

    async def send(self) -> None:
        """Let the newest command reach the bot."""
        entries = await self.firm.outbox.pending(Destination.BROKER, limit=100)
        leaving = self.firm.cases.keep_journey().handing_over(entries[-1].envelope)
        obey = serving(self.firm.cases, self.bridge, await self.firm.lease())
        async with self.firm.cases.broker().serve(INBOUND, self._consume):
            with trail.bound(leaving.trail):
                await obey(leaving.event)

    async def _consume(self, envelope: Envelope) -> None:
        self.firm.later(seconds=1)
        with trail.bound(envelope.trail):
            await self.firm.cases.consume_reports()(envelope.event)

    async def shown(self, of: Message) -> list[Step]:
        """Relay to the feed, and show the journey to the admin."""
        self.firm.later(seconds=1)
        while await self.firm.cases.relay_to_feed().once():
            pass
        return await self.firm.cases.read_journey()(of.id, by=self.firm.office.dora)


@pytest.fixture
def way(firm: Firm) -> Way:
    return Way(firm)


def names(steps: Sequence[Step]) -> list[str]:
    return [str(it.name) for it in steps]


async def an_answer(firm: Firm) -> Message:
    it = await firm.held(firm.office.ana)
    answer = await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Oi")
    return answer.message


async def the_message(firm: Firm) -> Message:
    [attendance] = await firm.attendances()
    [message] = await firm.messages(attendance.id)
    return message


async def test_what_a_client_wrote_was_received_queued_stored_and_shown(way: Way) -> None:
    began = way.firm.now()
    await way.report(way.firm.report())
    steps = await way.shown(await the_message(way.firm))
    assert [(it.name, (it.at - began).total_seconds()) for it in steps] == [
        ("received", 0),
        ("queued", 0),
        ("stored", 1),
        ("shown", 2),
    ]
    assert {(it.process, it.attempt) for it in steps} == {("firm@test:1", 1)}


async def test_an_answer_was_accepted_queued_and_sent_then_delivered_and_read(way: Way) -> None:
    answer = await an_answer(way.firm)
    way.bridge.answer = SendResult(outcome=Outcome.ACCEPTED, provider_id="wa-1")
    await way.send()
    assert names(await way.shown(answer)) == UNTIL_SENT
    for delivery in (Delivery.DELIVERED, Delivery.READ):
        at = way.firm.later(minutes=1)
        await way.report(
            StatusReported(
                at=at, session_id=answer.session_id, provider_id="wa-1", delivery=delivery
            )
        )
        *_, newest = await way.shown(answer)
        assert (str(newest.name), newest.at) == (str(delivery), at)
    assert names(await way.shown(answer)) == [*UNTIL_SENT, "delivered", "read"]


async def test_a_failure_says_why_and_what_is_tried_again_is_another_attempt(way: Way) -> None:
    answer, firm = await an_answer(way.firm), way.firm
    why = Failure("recipient_unreachable", "There is no such number.")
    way.bridge.answer = SendResult(outcome=Outcome.REJECTED, failure=why)
    await way.send()
    *_, failed = await way.shown(answer)
    assert (failed.name, failed.failure) == ("failed", why)
    firm.later(minutes=1)
    await firm.cases.retry_message()(answer.id, by=firm.office.ana)
    way.bridge.answer = SendResult(outcome=Outcome.ACCEPTED, provider_id="wa-1")
    await way.send()
    steps = await way.shown(answer)
    assert [(it.attempt, str(it.name)) for it in steps] == [
        *((1, it) for it in (*UNTIL_SENT[:3], "failed")),
        *((2, it) for it in UNTIL_SENT),
    ]
    assert {it.failure for it in steps if it.name != "failed"} == {None}


async def test_an_answer_that_waits_for_its_bot_is_accepted_and_queued(way: Way) -> None:
    answer, cases = await an_answer(way.firm), way.firm.cases
    [entry] = await way.firm.outbox.pending(Destination.BROKER, limit=100)
    assert names(await way.shown(answer)) == ["accepted"]
    await cases.keep_journey().keep([cases.keep_journey().handing_over(entry.envelope)])
    assert names(await way.shown(answer)) == ["accepted", "queued"]


async def test_a_note_is_stored_and_shown(way: Way) -> None:
    it = await way.firm.held(way.firm.office.ana)
    note = await way.firm.cases.write_note()(it.id, by=way.firm.office.ana, text="Cuidado")
    assert names(await way.shown(note.message)) == ["stored", "shown"]


async def test_who_answers_sees_the_steps_but_not_which_machine_took_them(way: Way) -> None:
    answer, firm = await an_answer(way.firm), way.firm
    assert [it.process for it in await way.shown(answer)] == ["firm@test:1"]
    read = firm.cases.read_journey()
    assert [it.process for it in await read(answer.id, by=firm.office.ana)] == [""]
    with pytest.raises(AttendanceNotFoundError):
        await read(answer.id, by=await firm.hire("Zoe"))


async def test_what_reports_no_message_leaves_no_step(way: Way) -> None:
    await way.report(way.firm.report())
    typing = TypingReported(
        at=way.firm.now(),
        session_id=way.firm.office.session.id,
        sender=way.firm.report().sender,
        typing=True,
    )
    await way.report(typing)
    assert len(await way.shown(await the_message(way.firm))) == 4


async def test_without_a_place_to_keep_them_steps_are_lost_and_messages_are_not(way: Way) -> None:
    firm, lost = way.firm, list[int]()
    await way.report(firm.report())

    class Full:
        async def keep(self, _steps: object) -> None:
            raise UnavailableError

    journeys: Any = Full()
    keep = replace(firm.cases.keep_journey(), journeys=journeys, lost=lost.append)
    assert await replace(firm.cases.relay_to_feed(), journey=keep).once() > 0
    assert lost == [4]
    assert await firm.feed.head() > 0
    assert (await firm.outbox.depth())[Destination.FEED][0] == 0


async def test_the_way_is_kept_for_thirty_days(way: Way) -> None:
    await way.report(way.firm.report())
    message = await the_message(way.firm)
    assert len(await way.shown(message)) == 4
    for days, left in ((29, 4), (2, 0)):
        way.firm.later(days=days)
        await way.firm.cases.keep_house()()
        assert len(await way.firm.cases.read_journey()(message.id, by=way.firm.office.dora)) == left


async def test_a_late_report_of_an_earlier_attempt_is_told_of_that_attempt(way: Way) -> None:
    answer, firm = await an_answer(way.firm), way.firm
    way.bridge.answer = SendResult(outcome=Outcome.UNKNOWN, failure=Failure("timeout_unknown"))
    await way.send()
    firm.later(minutes=1)
    await firm.cases.retry_message()(answer.id, by=firm.office.ana)
    late = SendReported(
        at=firm.later(seconds=1),
        session_id=answer.session_id,
        message_id=answer.id,
        attempt=1,
        delivery=Delivery.SENT,
    )
    await way.report(late)
    steps = [(it.attempt, str(it.name)) for it in await way.shown(answer)]
    assert steps[-2:] == [(1, "sent"), (2, "accepted")]
