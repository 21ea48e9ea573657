"""Rare reports and commands: codes to type, what nobody can take, amendments of no known kind."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from helpdesk.domain.amendment import AmendmentEvent, AmendmentQueued
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Message
from helpdesk.domain.report import AmendmentReported, PairCodeReported, UnreadableReported
from helpdesk.domain.session import (
    NoPairCodeError,
    PairCode,
    PairCodeIssued,
    SessionChanged,
    SessionNotFoundError,
    SessionState,
)
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from helpdesk.sessions import serving
from tests.support.builders import PHONE, fresh, phone
from tests.support.clock import NOON
from tests.support.team import Firm
from tests.usecases.paper_bridge import PaperBridge

CLIENT = phone(7)


def a_code(firm: Firm, text: str = "ABCD-1234") -> PairCode:
    return PairCode(text=text, expires_at=firm.now() + timedelta(minutes=3))


async def issue(firm: Firm, code: PairCode, *, session: SessionId | None = None) -> None:
    report = PairCodeReported(at=NOON, session_id=session or firm.office.session.id, code=code)
    await firm.cases.consume_reports()(report)


async def a_message(firm: Firm) -> Message:
    """What a client wrote to Ana."""
    client = await firm.office.meet("João", CLIENT)
    it = await firm.office.attend(client, by=firm.office.ana)
    _, heard = await firm.office.hear(it, "Oi", provider_id="theirs")
    await firm.settle()
    return heard


async def test_a_code_to_type_is_kept_while_it_lasts_and_told_without_its_secret(
    firm: Firm,
) -> None:
    session, code = firm.office.session.id, a_code(firm)
    await issue(firm, code)
    read = firm.cases.read_directory()
    assert await read.pair_code(session, by=firm.office.dora) == code
    assert [it.state for it in await firm.told(SessionChanged)] == [SessionState.QR]
    issued = PairCodeIssued(at=firm.now(), session_id=session, expires_at=code.expires_at)
    assert await firm.told(PairCodeIssued) == [issued]
    firm.later(minutes=3)
    with pytest.raises(NoPairCodeError):
        await read.pair_code(session, by=firm.office.dora)


async def test_a_new_code_to_type_replaces_the_former(firm: Firm) -> None:
    await issue(firm, a_code(firm, "first"))
    await issue(firm, a_code(firm, "second"))
    shown = await firm.cases.read_directory().pair_code(firm.office.session.id, by=firm.office.dora)
    assert shown.text == "second"
    assert len(await firm.told(PairCodeIssued)) == 2
    assert len(await firm.told(SessionChanged)) == 1


async def test_a_code_to_type_of_a_stranger_is_refused(firm: Firm) -> None:
    with pytest.raises(SessionNotFoundError):
        await issue(firm, a_code(firm), session=SessionId(fresh()))
    assert await firm.told(PairCodeIssued) == []


async def test_what_nobody_can_read_is_refused_with_the_reason_of_its_bridge(firm: Firm) -> None:
    report = UnreadableReported(
        at=NOON,
        session_id=SessionId(UUID(int=0)),
        source="whatsapp.cloud",
        reason="No JSON at all.",
        body=b"\xff",
    )
    with pytest.raises(InvalidError, match=r"No JSON at all\.") as refusal:
        await firm.cases.consume_reports()(report)
    assert refusal.value.field == "body"


async def test_an_amendment_of_no_known_kind_changes_nothing(firm: Firm) -> None:
    heard = await a_message(firm)
    report = AmendmentReported(
        at=NOON,
        session_id=firm.office.session.id,
        provider_id="theirs",
        sender=(CLIENT,),
        done_at=NOON,
    )
    with pytest.raises(TypeError, match="AmendmentReported"):
        await firm.cases.consume_reports()(report)
    assert await firm.message(heard.id) == heard
    assert await firm.told(AmendmentEvent) == []


async def test_the_bot_refuses_an_amendment_of_no_known_kind_and_reports_nothing(
    firm: Firm,
) -> None:
    about: dict[str, Any] = {"at": NOON, "session_id": firm.office.session.id}
    command = AmendmentQueued(
        **about,
        message_id=MessageId(fresh()),
        provider_id="wa-1",
        address=PHONE,
        by=firm.office.ana.id,
    )
    bridge, heard = PaperBridge(preset=True), list[Envelope]()

    async def hear(envelope: Envelope) -> None:
        heard.append(envelope)

    async with firm.cases.broker().serve(INBOUND, hear):
        with pytest.raises(InvalidError, match="AmendmentQueued") as refusal:
            await serving(firm.cases, bridge, await firm.lease())(command)
    assert refusal.value.field == "type"
    assert (bridge.done, heard) == ([], [])
