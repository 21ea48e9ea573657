"""The bot: what is sent once, what twice, and what is never sent again."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.domain.amendment import EditQueued, ReactionQueued, RevokeQueued, Verb
from helpdesk.domain.attendance import AttendanceClosed, ClosedBy
from helpdesk.domain.bridge import (
    Outcome,
    ReadReceiptRequested,
    Report,
    SendReported,
    SendResult,
    TypingShown,
)
from helpdesk.domain.change import Event
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Delivery, Failure, ReplyQueued
from helpdesk.domain.report import (
    AliasReported,
    EditReported,
    ReactionReported,
    RefusalReported,
    RevokeReported,
)
from helpdesk.domain.session import LogoutRequested, PairCodeRequested
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.leases import Lease, LeaseLostError
from helpdesk.ports.outbox import Envelope
from helpdesk.sessions import serving
from tests.support.builders import PHONE, an_attendance, fresh
from tests.support.clock import NOON
from tests.support.team import Firm
from tests.usecases.paper_bridge import PaperBridge


@dataclass
class Bot:
    """A bot and the consumer's end of its queue."""

    firm: Firm
    bridge: PaperBridge
    reports: list[Report] = field(default_factory=list)
    deaf: bool = False
    lease: Lease | None = None  # else one of its own

    async def do(self, command: Event) -> None:
        lease = self.lease or await self.firm.lease()
        async with self.firm.cases.broker().serve(INBOUND, self._hear):
            await serving(self.firm.cases, self.bridge, lease)(command)

    async def _hear(self, envelope: Envelope) -> None:
        if self.deaf:
            raise UnavailableError
        assert isinstance(envelope.event, Report)
        self.reports.append(envelope.event)

    @property
    def outcomes(self) -> list[tuple[int, Delivery]]:
        return [(it.attempt, it.delivery) for it in self.reports if isinstance(it, SendReported)]


def with_presets(firm: Firm) -> Bot:
    return Bot(firm, PaperBridge(preset=True))


def without_presets(firm: Firm) -> Bot:
    return Bot(firm, PaperBridge(preset=False))


async def a_command(firm: Firm) -> ReplyQueued:
    """What an answer of Ana leaves for the bot."""
    it = await firm.held(firm.office.ana)
    await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Bom dia")
    return (await firm.told(ReplyQueued))[-1]


async def test_what_is_sent_is_reported_with_whatsapps_id(firm: Firm) -> None:
    bot, command = without_presets(firm), await a_command(firm)
    bot.bridge.answer = SendResult(outcome=Outcome.ACCEPTED, provider_id="wa-1")
    await bot.do(command)
    [sent], [report] = bot.bridge.sent, bot.reports
    assert (sent.message_id, sent.address, sent.content) == (
        command.message_id,
        command.address,
        command.content,
    )
    assert isinstance(report, SendReported)
    assert (report.delivery, report.provider_id) == (Delivery.SENT, "wa-1")
    assert report.key == f"{command.session_id}/{command.message_id}"


async def test_a_refusal_is_reported_with_its_reason(firm: Firm) -> None:
    bot = without_presets(firm)
    failure = Failure("recipient_unreachable")
    bot.bridge.answer = SendResult(outcome=Outcome.REJECTED, failure=failure)
    await bot.do(await a_command(firm))
    [report] = bot.reports
    assert isinstance(report, SendReported)
    assert (report.delivery, report.failure) == (Delivery.FAILED, failure)


@pytest.mark.parametrize("trouble", [RuntimeError("bug"), asyncio.CancelledError()])
async def test_without_presets_what_was_perhaps_sent_is_never_sent_again(
    firm: Firm, trouble: BaseException
) -> None:
    bot, command = without_presets(firm), await a_command(firm)
    bot.bridge.trouble = trouble
    with pytest.raises(type(trouble)):
        await bot.do(command)
    bot.bridge.trouble = None
    await bot.do(command)
    assert len(bot.bridge.sent) == 1
    assert bot.outcomes == [(1, Delivery.UNKNOWN)]


async def test_with_presets_it_is_sent_again_for_whatsapp_to_drop(firm: Firm) -> None:
    bot, command = with_presets(firm), await a_command(firm)
    bot.bridge.trouble = RuntimeError("killed")
    with pytest.raises(RuntimeError):
        await bot.do(command)
    bot.bridge.trouble = None
    await bot.do(command)
    assert [it.message_id for it in bot.bridge.sent] == [command.message_id] * 2
    assert bot.outcomes == [(1, Delivery.SENT)]


async def test_without_presets_a_report_that_got_lost_leaves_an_unknown_outcome(
    firm: Firm,
) -> None:
    bot, command = without_presets(firm), await a_command(firm)
    bot.deaf = True
    with pytest.raises(UnavailableError):
        await bot.do(command)
    bot.deaf = False
    await bot.do(command)
    assert len(bot.bridge.sent) == 1
    assert bot.outcomes == [(1, Delivery.UNKNOWN)]


@pytest.mark.parametrize("preset", [True, False])
async def test_what_was_certainly_not_sent_may_be_sent_later(firm: Firm, preset: bool) -> None:
    bot, command = Bot(firm, PaperBridge(preset=preset)), await a_command(firm)
    bot.bridge.trouble = UnavailableError("not connected")
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await bot.do(command)
    bot.bridge.trouble = None
    await bot.do(command)
    assert len(bot.bridge.sent) == 1
    assert bot.outcomes == [(1, Delivery.SENT)]


async def test_a_further_attempt_is_sent_though_the_first_was_claimed(firm: Firm) -> None:
    bot, command = without_presets(firm), await a_command(firm)
    await bot.do(command)
    await bot.do(replace(command, attempt=2))
    assert bot.outcomes == [(1, Delivery.SENT), (2, Delivery.SENT)]


@pytest.mark.parametrize("preset", [True, False])
async def test_a_bot_whose_lease_is_over_neither_sends_nor_reports(
    firm: Firm, preset: bool
) -> None:
    bot, command = Bot(firm, PaperBridge(preset=preset)), await a_command(firm)
    bot.lease = await firm.lease(by="frozen")
    await firm.cases.leases().release(bot.lease)
    successor = await firm.lease(by="successor")
    with pytest.raises(LeaseLostError):
        await bot.do(command)
    assert (bot.bridge.sent, bot.reports) == ([], [])
    bot.lease = successor
    await bot.do(command)
    assert bot.outcomes == [(1, Delivery.SENT)]


async def test_the_bot_does_what_each_command_says(firm: Firm) -> None:
    session, bridge = firm.office.session.id, PaperBridge(preset=True)
    serve = serving(firm.cases, bridge, await firm.lease())
    await serve(ReadReceiptRequested(at=NOON, session_id=session, address=PHONE, provider_id="1"))
    await serve(TypingShown(at=NOON, session_id=session, address=PHONE))
    await serve(PairCodeRequested(at=NOON, session_id=session, phone=PHONE.value))
    await serve(LogoutRequested(at=NOON, session_id=session))
    assert bridge.done == [(PHONE, "1"), PHONE, PHONE.value, "logout"]


async def test_a_number_is_unlinked_once_for_each_time_that_was_asked(firm: Firm) -> None:
    bot, session = with_presets(firm), firm.office.session.id
    first = LogoutRequested(at=NOON, session_id=session)
    for command in (first, first, replace(first, at=NOON + timedelta(minutes=1)), first):
        await bot.do(command)
    assert bot.bridge.done == ["logout", "logout"]


async def test_a_number_that_could_not_be_unlinked_is_when_it_can_be(firm: Firm) -> None:
    bot = with_presets(firm)
    command = LogoutRequested(at=NOON, session_id=firm.office.session.id)
    bot.bridge.trouble = UnavailableError()
    with pytest.raises(UnavailableError):
        await bot.do(command)
    bot.bridge.trouble = None
    await bot.do(command)
    assert bot.bridge.done == ["logout"]


async def test_what_whatsapp_took_of_an_amendment_is_reported_as_done(firm: Firm) -> None:
    bot, by = with_presets(firm), firm.office.ana.id
    for command in amendments(firm):
        await bot.do(command)
    assert bot.bridge.done == [
        ("react", PHONE, "wa-1", "👍"),
        ("edit", PHONE, "wa-1", "Olá"),
        ("revoke", PHONE, "wa-1"),
    ]
    reaction, edit, revocation = bot.reports
    assert isinstance(reaction, ReactionReported)
    assert (reaction.emoji, reaction.sender, reaction.by) == ("👍", (), by)
    assert isinstance(edit, EditReported)
    assert (edit.text, edit.provider_id, edit.done_at) == ("Olá", "wa-1", NOON)
    assert isinstance(revocation, RevokeReported)


@pytest.mark.parametrize("failure", [Failure("bug", "Too late."), None])
async def test_what_was_not_taken_of_an_amendment_is_told(
    firm: Firm, failure: Failure | None
) -> None:
    bot = with_presets(firm)
    outcome = Outcome.REJECTED if failure else Outcome.UNKNOWN
    bot.bridge.answer = SendResult(outcome=outcome, failure=failure)
    for command in amendments(firm):
        await bot.do(command)
    refusals = [it for it in bot.reports if isinstance(it, RefusalReported)]
    assert [it.verb for it in refusals] == [Verb.REACT, Verb.EDIT, Verb.REVOKE]
    assert refusals[0].failure == (failure or Failure("timeout_unknown"))


async def test_an_address_that_whatsapp_answers_with_is_learnt(firm: Firm) -> None:
    bot, command = with_presets(firm), await a_command(firm)
    other = Identity.phone("+5511912345678")
    bot.bridge.answer = SendResult(outcome=Outcome.ACCEPTED, recipient_aliases=(other,))
    await bot.do(command)
    assert isinstance(bot.reports[-1], AliasReported)
    assert bot.reports[-1].known == (command.address, other)


def amendments(firm: Firm) -> tuple[Event, ...]:
    about: dict[str, Any] = {
        "at": NOON,
        "session_id": firm.office.session.id,
        "message_id": MessageId(fresh()),
        "provider_id": "wa-1",
        "address": PHONE,
        "by": firm.office.ana.id,
    }
    return (
        ReactionQueued(**about, emoji="👍"),
        EditQueued(**about, text="Olá"),
        RevokeQueued(**about),
    )


async def test_the_bot_refuses_what_is_no_command(firm: Firm) -> None:
    bridge = PaperBridge(preset=True)
    serve = serving(firm.cases, bridge, await firm.lease())
    closed = an_attendance().state.close(ClosedBy.SILENCE, by=None, at=NOON)
    assert isinstance(closed.events[0], AttendanceClosed)
    with pytest.raises(InvalidError):
        await serve(closed.events[0])
