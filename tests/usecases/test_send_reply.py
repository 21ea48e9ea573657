"""Answers and notes: queued with what they say, once per key, quoting only what may be quoted."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendance import (
    AttendanceAssigned,
    AttendanceClosedError,
    NotYoursError,
    Status,
)
from helpdesk.domain.bridge import Capabilities, ReadReceiptRequested
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Delivery, Direction, MessageWritten, ReplyQueued
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.session import NotCapableError
from tests.support.builders import a_session, fresh
from tests.support.clock import NOON
from tests.support.team import Firm
from tests.support.waiting import race


async def test_an_answer_is_queued_for_the_bot_of_its_number(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    shown = await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Bom dia")
    assert (shown.message.delivery, shown.message.position) == (Delivery.QUEUED, 2)
    assert shown.author
    assert shown.author.name == "Ana"
    [command] = await firm.told(ReplyQueued)
    assert (command.session_id, command.address) == (it.session_id, it.address)
    assert (command.message_id, command.attempt) == (shown.message.id, 1)
    assert command.content.text == "Bom dia"
    assert [e.message for e in await firm.told(MessageWritten)] == [shown.message]


async def test_an_answer_takes_what_waits(firm: Firm) -> None:
    it = await firm.waiting()
    await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Bom dia")
    answered = await firm.attendance(it.id)
    assert (answered.status, answered.attendant_id) == (Status.ACTIVE, firm.office.ana.id)
    assert (answered.unread, answered.waiting_since) == (0, None)
    assert len(await firm.told(AttendanceAssigned)) == 1


async def test_who_takes_by_answering_has_read(firm: Firm) -> None:
    it = await firm.waiting()
    [message] = await firm.messages(it.id)
    for text in ("Bom dia", "Diga"):
        await firm.cases.send_reply()(it.id, by=firm.office.ana, text=text)
    [receipt] = await firm.told(ReadReceiptRequested)
    assert receipt.provider_id == message.provider_id


async def test_answers_at_once_have_a_place_each(firm: Firm) -> None:
    it, reply = await firm.held(firm.office.ana), firm.cases.send_reply()
    await race(*(reply(it.id, by=firm.office.ana, text=str(n)) for n in range(30)))
    messages = await firm.messages(it.id)
    assert [m.position for m in messages] == list(range(1, 32))
    sent = [e.message_id for e in await firm.told(ReplyQueued)]
    assert sent == [m.id for m in messages[1:]]


async def test_nothing_is_answered_after_the_end(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    with pytest.raises(AttendanceClosedError):
        await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Ah!")


@pytest.mark.parametrize("text", ["", "x" * 4097, "a\0b"])
async def test_a_text_that_cannot_be_sent_is_refused(firm: Firm, text: str) -> None:
    it = await firm.held(firm.office.ana)
    for write in (firm.cases.send_reply(), firm.cases.write_note()):
        with pytest.raises(InvalidError) as refused:
            await write(it.id, by=firm.office.ana, text=text)
        assert refused.value.field == "text"


async def test_a_place_or_a_card_is_refused_where_the_bridge_sends_none(firm: Firm) -> None:
    it, ana = await firm.waiting(), firm.office.ana
    able = Capabilities(location=True)
    reply = replace(firm.cases.send_reply(), abilities=lambda _: able)
    with pytest.raises(NotCapableError):
        await reply(it.id, by=ana, contacts=(ContactCard(name="Bia"),))
    assert (await firm.attendance(it.id)).status is Status.WAITING
    await reply(it.id, by=ana, location=Location(latitude=-23.5, longitude=-46.6))
    reply = replace(reply, abilities=lambda _: replace(able, location=False, contacts=True))
    with pytest.raises(NotCapableError):
        await reply(it.id, by=ana, location=Location(latitude=-23.5, longitude=-46.6))
    await reply(it.id, by=ana, contacts=(ContactCard(name="Bia"),))
    assert len(await firm.told(ReplyQueued)) == 2


async def test_a_repeated_request_finds_what_the_first_one_made(firm: Firm) -> None:
    it, ana = await firm.held(firm.office.ana), firm.office.ana
    for write in (firm.cases.send_reply(), firm.cases.write_note()):
        key = f"key of {type(write).__name__}"
        first, *others = await race(*(write(it.id, by=ana, text="Oi", key=key) for _ in range(5)))
        assert others == [first] * 4
    assert len(await firm.messages(it.id)) == 3
    assert len(await firm.told(ReplyQueued)) == 1


async def test_a_repeated_request_finds_it_also_after_the_end(firm: Firm) -> None:
    it, reply = await firm.held(firm.office.ana), firm.cases.send_reply()
    first = await reply(it.id, by=firm.office.ana, text="Oi", key="k")
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    assert await reply(it.id, by=firm.office.ana, text="Oi", key="k") == first


async def test_a_key_that_made_something_else_is_refused(firm: Firm) -> None:
    ana, cases = firm.office.ana, firm.cases
    it, other = await firm.held(ana), await firm.held(ana)
    await cases.send_reply()(it.id, by=ana, text="Oi", key="k")
    for reused in (
        cases.send_reply()(it.id, by=ana, text="Tchau", key="k"),
        cases.send_reply()(other.id, by=ana, text="Oi", key="k"),
        cases.write_note()(it.id, by=ana, text="Oi", key="k"),
    ):
        with pytest.raises(KeyReusedError):
            await reused


async def test_equal_keys_of_two_people_are_two_keys(firm: Firm) -> None:
    it, note = await firm.waiting(), firm.cases.write_note()
    ours = [
        await note(it.id, by=by, text="Oi", key="k") for by in (firm.office.ana, firm.office.carla)
    ]
    assert ours[0].message.id != ours[1].message.id


async def test_a_note_goes_to_nobody_outside_and_may_follow_the_end(firm: Firm) -> None:
    await firm.change(firm.office.sales, ask_feedback=False)
    it = await firm.held(firm.office.ana)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    shown = await firm.cases.write_note()(it.id, by=firm.office.carla, text="Ver contrato")
    assert (shown.message.direction, shown.message.delivery) == (Direction.NOTE, None)
    assert await firm.told(ReplyQueued) == []
    assert (await firm.attendance(it.id)).last_message_at == NOON


async def test_a_quote_carries_the_id_that_whatsapp_knows(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    [quoted] = await firm.messages(it.id)
    shown = await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Sim", quote=quoted.id)
    assert shown.quote
    assert (shown.quote.id, shown.quote.text) == (quoted.id, "Olá")
    assert [it.quote_provider_id for it in await firm.told(ReplyQueued)] == [quoted.provider_id]


async def test_a_message_of_an_earlier_attendance_may_be_quoted(firm: Firm) -> None:
    client = await firm.office.meet()
    earlier, old = await firm.office.hear(await firm.office.attend(client))
    await firm.office.close(earlier)
    it = await firm.office.attend(client)
    shown = await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Sim", quote=old.id)
    assert shown.message.quote == old.id


async def test_what_the_client_never_saw_cannot_be_quoted(firm: Firm) -> None:
    ana, reply = firm.office.ana, firm.cases.send_reply()
    client, second = await firm.office.meet(), a_session("Second")
    await firm.office.keep(second)
    it = await firm.office.attend(client)
    elsewhere = await firm.office.attend(client, session=second)
    _, of_our_other_number = await firm.office.hear(elsewhere)
    [of_somebody_else] = await firm.messages((await firm.waiting()).id)
    note = await firm.cases.write_note()(it.id, by=ana, text="Ver contrato")
    for quote in (
        of_our_other_number.id,
        of_somebody_else.id,
        note.message.id,
        MessageId(fresh()),
    ):
        with pytest.raises(InvalidError) as refused:
            await reply(it.id, by=ana, text="Sim", quote=quote)
        assert refused.value.field == "quote"


async def test_of_two_who_answer_at_once_one_does_and_the_other_learns_who(firm: Firm) -> None:
    ana, eva = firm.office.ana, await firm.hire("Eva", firm.office.sales)
    it, reply = await firm.waiting(), firm.cases.send_reply()
    _, second = await race(reply(it.id, by=ana, text="Oi"), reply(it.id, by=eva, text="Oi"))
    assert isinstance(second, NotYoursError)
    assert second.extras == {"holder_id": ana.id}
    assert len(await firm.told(ReplyQueued)) == 1
