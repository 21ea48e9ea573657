"""What other devices of our number write, and clients who turn out to have more addresses."""

from typing import Any

from helpdesk.domain.attendance import Attendance, AttendanceOpened, Party, Status
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.message import Content, Delivery, Direction, Kind, MessageWritten
from helpdesk.domain.report import AliasReported, EchoReported
from tests.support.builders import phone
from tests.support.clock import NOON
from tests.support.team import Firm

BSUID = Identity(Scheme.BSUID, "BR.1502")


def echo(firm: Firm, provider_id: str = "echo", **properties: Any) -> EchoReported:
    defaults: dict[str, Any] = {"recipient": (phone(1),), "recipient_name": "João"}
    return EchoReported(
        at=NOON,
        session_id=firm.office.session.id,
        provider_id=provider_id,
        content=Content(Kind.TEXT, "from the phone"),
        sent_at=NOON,
        **(defaults | properties),
    )


async def alias(firm: Firm, *known: Identity, now: Identity | None = None) -> None:
    here = firm.office.session.id
    await firm.cases.consume_reports()(
        AliasReported(at=NOON, session_id=here, known=known, now=now)
    )


async def test_it_is_our_reply_without_an_author_and_nobody_waits_any_more(firm: Firm) -> None:
    consume = firm.cases.consume_reports()
    await consume(firm.report(text="Oi", provider_id="asked"))
    [it] = await firm.attendances()
    for _ in range(2):
        await consume(echo(firm, quote_provider_id="asked"))
    heard, said = await firm.messages(it.id)
    assert (said.direction, said.author, said.delivery) == (Direction.REPLY, None, Delivery.SENT)
    assert (said.content.text, said.quote, said.position) == ("from the phone", heard.id, 2)
    after = await firm.attendance(it.id)
    assert (after.unread, after.waiting_since, after.attendant_id) == (0, None, None)
    assert [e.message for e in await firm.told(MessageWritten)] == [said]


async def test_who_is_written_to_first_gets_an_attendance_that_we_opened(firm: Firm) -> None:
    await firm.cases.consume_reports()(echo(firm))
    [it] = await firm.attendances()
    assert (it.status, it.opened_by) == (Status.WAITING, Party.ATTENDANT)
    [opened] = await firm.told(AttendanceOpened)
    assert opened.attendance.opened_by is Party.ATTENDANT
    [client] = await firm.clients()
    assert (client.name, client.phone) == ("João", phone(1).value)


async def test_what_our_bot_sent_is_no_echo(firm: Firm) -> None:
    held = await firm.held(firm.office.ana)
    held, reply = await firm.office.answer(held, firm.office.ana)
    sent = reply.track(Delivery.SENT, attendance=held, provider_id="echo", at=NOON)
    await firm.office.save(sent)
    before = await firm.messages(held.id)
    await firm.cases.consume_reports()(echo(firm))
    assert await firm.messages(held.id) == before


async def test_two_clients_who_are_one_person_become_one(firm: Firm) -> None:
    first = await firm.office.meet("João", phone(1))
    await firm.office.meet("j0a0", BSUID)
    await alias(firm, phone(1), BSUID)
    [client] = await firm.clients()
    assert (client.id, set(client.identities)) == (first.id, {phone(1), BSUID})


async def test_of_strangers_no_client_comes(firm: Firm) -> None:
    await alias(firm, phone(1), phone(2))
    assert await firm.clients() == []


async def test_who_changed_number_is_answered_at_the_new_one(firm: Firm) -> None:
    client = await firm.office.meet("João", phone(1))
    it: Attendance = await firm.office.attend(client)
    await alias(firm, phone(1), phone(2), now=phone(2))
    assert (await firm.attendance(it.id)).address == phone(2)
    [client] = await firm.clients()
    assert client.identities == (phone(1), phone(2))
