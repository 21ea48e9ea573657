"""Following a bridge, forwarding what it reports, and refusing what nobody knows."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.domain.bridge import (
    ClientTyping,
    QrReported,
    Report,
    StateReported,
    TypingReported,
)
from helpdesk.domain.change import Event
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import (
    LogoutRequested,
    Qr,
    SessionChanged,
    SessionNotFoundError,
    SessionState,
)
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.builders import fresh, phone
from tests.support.clock import NOON, after
from tests.support.team import Firm


def state(firm: Firm, state: SessionState, **properties: Any) -> StateReported:
    return StateReported(at=NOON, session_id=firm.office.session.id, state=state, **properties)


def qr(firm: Firm, text: str = "2@secret", attempt: int = 1) -> QrReported:
    expires_at = firm.now() + timedelta(seconds=20)
    shown = Qr(text=text, attempt=attempt, expires_at=expires_at)
    return QrReported(at=NOON, session_id=firm.office.session.id, qr=shown)


async def consume(firm: Firm, *reports: Event) -> None:
    for it in reports:
        await firm.cases.consume_reports()(it)


async def test_a_session_follows_its_bridge(firm: Firm) -> None:
    phone = "+5511900000000"
    await consume(
        firm,
        state(firm, SessionState.CONNECTED, phone=phone),
        state(firm, SessionState.CONNECTED, phone=phone),
        state(firm, SessionState.DISCONNECTED, reason="network"),
    )
    [session] = await firm.cases.read_directory().sessions()
    assert (session.state, session.reason, session.phone) == ("disconnected", "network", phone)
    assert [it.state for it in await firm.told(SessionChanged)] == ["connected", "disconnected"]


async def test_that_a_number_is_connected_still_lifts_no_ban(firm: Firm) -> None:
    async def told(*reports: StateReported) -> str:
        await consume(firm, *reports)
        [session] = await firm.cases.read_directory().sessions()
        return str(session.state)

    connected, banned = SessionState.CONNECTED, SessionState.BANNED
    assert await told(state(firm, banned), state(firm, connected, still=True)) == "banned"
    assert await told(state(firm, connected)) == "connected"
    down = state(firm, SessionState.DISCONNECTED)  # told late by a bot that was succeeded
    assert await told(down, state(firm, connected, still=True)) == "connected"


async def test_reports_of_a_stranger_are_refused(firm: Firm) -> None:
    stranger = SessionId(fresh())
    for report in (
        StateReported(at=NOON, session_id=stranger, state=SessionState.CONNECTED),
        QrReported(at=NOON, session_id=stranger, qr=qr(firm).qr),
    ):
        with pytest.raises(SessionNotFoundError):
            await consume(firm, report)


async def test_a_client_who_wrote_is_received(firm: Firm) -> None:
    await consume(firm, firm.report())
    assert len(await firm.attendances()) == 1


async def test_nobody_consumes_what_is_no_report(firm: Firm) -> None:
    with pytest.raises(InvalidError):
        await consume(firm, LogoutRequested(at=NOON, session_id=firm.office.session.id))


async def test_who_sees_the_attendance_sees_the_client_typing(firm: Firm) -> None:
    it = await firm.waiting()
    typing = TypingReported(
        at=after(minutes=-1), session_id=it.session_id, sender=(it.address,), typing=True
    )
    await consume(firm, typing)
    [told] = await firm.told(ClientTyping)
    assert (told.attendance, told.typing) == (it, True)


async def test_strangers_and_those_whose_attendance_ended_type_unseen(firm: Firm) -> None:
    it = await firm.waiting()
    await firm.cases.close_attendance()(it.id, by=firm.office.dora)
    for sender in (it.address, phone(99)):
        await consume(
            firm,
            TypingReported(at=NOON, session_id=it.session_id, sender=(sender,), typing=True),
        )
    assert await firm.told(ClientTyping) == []


async def test_logging_out_is_the_bots_to_do(firm: Firm) -> None:
    await firm.cases.log_out_session()(firm.office.session.id, by=firm.office.carla)
    [command] = await firm.told(LogoutRequested)
    assert command.session_id == firm.office.session.id
    with pytest.raises(SessionNotFoundError):
        await firm.cases.log_out_session()(SessionId(fresh()), by=firm.office.carla)


async def test_a_report_is_forwarded_when_it_is_safe(firm: Firm) -> None:
    heard: list[Envelope] = []

    async def hear(envelope: Envelope) -> None:
        heard.append(envelope)

    report: Report = firm.report()
    async with firm.cases.broker().serve(INBOUND, hear):
        await firm.cases.forward_report()(report)
    [envelope] = heard
    assert envelope.event is report
    assert envelope.correlation == str(envelope.id)


async def test_a_report_that_is_not_safe_is_not_taken_on(firm: Firm) -> None:
    async def fail(_: Envelope) -> None:
        raise UnavailableError

    async with firm.cases.broker().serve(INBOUND, fail):
        with pytest.raises(UnavailableError):
            await firm.cases.forward_report()(firm.report())
