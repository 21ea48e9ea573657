"""What a client wrote is stored once and in order, whatever races, and however often it comes."""

from dataclasses import replace

from helpdesk.domain.attendance import AttendanceOpened, ClosedBy, Party, Status
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.change import Change
from helpdesk.domain.client import ClientChanged, ClientsMerged
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import MessageReceived
from tests.support.builders import a_session, lid, phone
from tests.support.clock import NOON, after
from tests.support.team import Firm
from tests.support.waiting import race, soon, waiting


async def receive(firm: Firm, *reports: InboundMessage) -> None:
    for it in reports:
        await firm.cases.receive_message()(it)


async def receive_at_once(firm: Firm, *reports: InboundMessage) -> None:
    use_case = firm.cases.receive_message()
    assert await race(*(use_case(it) for it in reports)) == [None] * len(reports)


async def test_a_first_message_makes_a_client_and_a_waiting_attendance(firm: Firm) -> None:
    await receive(firm, firm.report(phone(1), text="Bom dia", sent_at=after(minutes=-1)))
    [client], [it] = await firm.clients(), await firm.attendances()
    [message] = await firm.messages(it.id)
    assert (client.name, client.phone) == ("João", phone(1).value)
    assert (it.status, it.sector_id) == (Status.WAITING, firm.office.sales.id)
    assert (it.opened_by, it.client_id, it.address) == (Party.CLIENT, client.id, phone(1))
    assert (it.unread, it.waiting_since, it.last_message_at) == (1, NOON, NOON)
    assert (message.content.text, message.position, message.at) == ("Bom dia", 1, after(minutes=-1))


async def test_all_that_happened_is_told_in_order_with_its_final_state(firm: Firm) -> None:
    await firm.settle()
    await receive(firm, firm.report())
    met, opened, received = await firm.told(ClientChanged, AttendanceOpened, MessageReceived)
    assert isinstance(met, ClientChanged)
    assert isinstance(opened, AttendanceOpened)
    assert isinstance(received, MessageReceived)
    assert received.attendance == (await firm.attendances())[0]


async def test_100_first_messages_at_once_are_one_client_and_one_attendance(firm: Firm) -> None:
    await receive_at_once(firm, *(firm.report(phone(1), text=str(n)) for n in range(100)))
    assert len(await firm.clients()) == 1
    [it] = await firm.attendances()
    messages = await firm.messages(it.id)
    assert [m.position for m in messages] == list(range(1, 101))
    assert {m.content.text for m in messages} == {str(n) for n in range(100)}
    assert (it.unread, it.last_position) == (100, 100)


async def test_each_delivered_twice_makes_no_difference(firm: Firm) -> None:
    reports = [firm.report(phone(1), text=str(n)) for n in range(100)]
    await receive_at_once(firm, *(it for report in reports for it in (report, report)))
    await receive_at_once(firm, *reports)
    [it] = await firm.attendances()
    assert [m.position for m in await firm.messages(it.id)] == list(range(1, 101))
    assert len(await firm.told(MessageReceived)) == 100


async def test_one_after_another_they_keep_the_order_in_which_they_came(firm: Firm) -> None:
    await receive(firm, *(firm.report(text=str(n), sent_at=after(seconds=-n)) for n in range(5)))
    [it] = await firm.attendances()
    assert [m.content.text for m in await firm.messages(it.id)] == list("01234")


async def test_both_spellings_of_a_brazilian_number_are_one_person(firm: Firm) -> None:
    old, new = replace(phone(1), value="+551187654321"), replace(phone(1), value="+5511987654321")
    await receive_at_once(firm, firm.report(old), firm.report(new))
    assert len(await firm.clients()) == len(await firm.attendances()) == 1


async def test_a_further_address_is_learned(firm: Firm) -> None:
    await receive(firm, firm.report(phone(1)), firm.report(lid(1), phone(1)))
    [client] = await firm.clients()
    assert client.identities == (phone(1), lid(1))
    assert (await firm.attendances())[0].address == lid(1)


async def test_a_message_that_names_two_clients_proves_them_one(firm: Firm) -> None:
    await receive(firm, firm.report(phone(1), text="1"))
    firm.later(minutes=1)
    await receive(firm, firm.report(lid(1), text="2"))
    await receive(firm, firm.report(lid(1), phone(1), text="3"))
    [client] = await firm.clients()
    [merged] = await firm.told(ClientsMerged)
    assert (merged.client_id, merged.by) == (client.id, None)
    assert set(client.identities) == {phone(1), lid(1)}
    open_now = [it for it in await firm.attendances() if it.is_open]
    assert [[m.content.text for m in await firm.messages(it.id)] for it in open_now] == [["1", "3"]]
    assert {it.client_id for it in await firm.attendances()} == {client.id}


async def test_rivals_that_prove_two_clients_one_merge_them_once(firm: Firm) -> None:
    await receive(firm, firm.report(phone(1)), firm.report(lid(1)))
    await receive_at_once(firm, *(firm.report(lid(1), phone(1)) for _ in range(10)))
    assert len(await firm.clients()) == len(await firm.told(ClientsMerged)) == 1
    assert len([it for it in await firm.attendances() if it.is_open]) == 1


async def test_a_message_after_closing_opens_another_attendance(firm: Firm) -> None:
    await receive(firm, firm.report())
    [first] = await firm.attendances()
    await firm.cases.close_attendance()(first.id, by=firm.office.dora)
    await receive(firm, firm.report())
    assert [it.is_open for it in await firm.attendances()].count(True) == 1
    assert len(await firm.attendances()) == 2


async def test_each_number_of_ours_has_an_attendance_of_its_own(firm: Firm) -> None:
    other = a_session("Second")
    await firm.office.keep(other)
    await receive_at_once(firm, firm.report(), firm.report(session_id=other.id))
    assert len(await firm.clients()) == 1
    sessions: set[SessionId] = {it.session_id for it in await firm.attendances()}
    assert sessions == {firm.office.session.id, other.id}


async def test_a_quote_is_found_by_its_id_in_whatsapp(firm: Firm) -> None:
    await receive(firm, firm.report(provider_id="wa"), firm.report(quote_provider_id="wa"))
    [it] = await firm.attendances()
    first, second = await firm.messages(it.id)
    assert second.quote == first.id


async def test_a_quote_of_what_we_never_got_is_none(firm: Firm) -> None:
    await receive(firm, firm.report(quote_provider_id="gone"))
    [it] = await firm.attendances()
    [message] = await firm.messages(it.id)
    assert message.quote is None


async def test_routing_gives_a_first_message_to_who_is_there(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    await firm.come(firm.office.ana)
    await receive(firm, firm.report(phone(1)), firm.report(phone(1)))
    [it] = await firm.attendances()
    assert (it.status, it.attendant_id) == (Status.ACTIVE, firm.office.ana.id)
    assert it.unread == 2


async def test_a_message_that_comes_while_silence_looks_wins(firm: Firm) -> None:
    await receive(firm, firm.report())
    [it] = await firm.attendances()
    firm.later(minutes=30)
    async with firm.store.transaction() as work:
        held = await work.attendances.load(it.id)  # as the message's own unit of work does
        assert await firm.cases.close_silent()(firm.now()) == 0
        await work.save(Change(held.hear(held.address, at=firm.now())))
    assert await firm.cases.close_silent()(firm.now()) == 0
    assert (await firm.attendance(it.id)).is_open


async def test_a_message_that_comes_while_it_is_closed_opens_another(firm: Firm) -> None:
    await receive(firm, firm.report())
    [it] = await firm.attendances()
    async with firm.store.transaction() as work:
        held = await work.attendances.load(it.id)
        rival = await waiting(receive(firm, firm.report()))
        await work.save(held.close(ClosedBy.SILENCE, by=None, at=firm.now()))
    await soon(rival)
    closed, other = sorted(await firm.attendances(), key=lambda it: it.opened_at)
    assert {closed.is_open, other.is_open} == {True, False}
    assert [m.position for m in await firm.messages(it.id)] == [1]
