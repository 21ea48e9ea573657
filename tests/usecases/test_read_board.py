"""Reading: lists, counts, search and people, each for who asks."""

from datetime import timedelta

import pytest

from helpdesk.domain.attendance import Status
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import MessageNotFoundError
from helpdesk.domain.session import NoPairCodeError, PairCode, SessionNotFoundError
from helpdesk.domain.views import AttendanceFilter, ChangeKind
from tests.support.builders import fresh, phone
from tests.support.team import Firm


async def test_a_list_shows_what_one_may_see(firm: Firm) -> None:
    board, office = firm.cases.read_board(), firm.office
    mine, theirs = await firm.held(office.ana), await firm.waiting(office.support)
    seen = {}
    for by in office.team:
        page = await board.attendances(by, AttendanceFilter(), cursor=None, limit=50)
        seen[by.name] = {it.attendance.id for it in page.items}
    assert seen == {
        "Ana": {mine.id},
        "Bia": {theirs.id},
        "Carla": {mine.id},
        "Dora": {mine.id, theirs.id},
    }


async def test_counts_are_of_what_one_may_see(firm: Firm) -> None:
    await firm.held(firm.office.ana)
    await firm.waiting(firm.office.support)
    counts = await firm.cases.read_board().counts(firm.office.ana)
    assert (counts.waiting, counts.mine, counts.all, counts.closed) == (0, 1, 1, 0)


async def test_a_conversation_is_shown_with_its_messages_and_history(firm: Firm) -> None:
    board, ana = firm.cases.read_board(), firm.office.ana
    it = await firm.held(ana)
    sent = await firm.cases.send_reply()(it.id, by=ana, text="Bom dia")
    shown = await board.attendance(it.id, by=ana)
    assert (shown.attendance.status, shown.sector.name) == (Status.ACTIVE, "Sales")
    page = await board.messages(it.id, by=ana, before=None, limit=1)
    assert [m.message.id for m in page.items] == [sent.message.id]
    assert await board.message(sent.message.id, by=ana) == page.items[0]
    assert [c.kind for c in await board.history(it.id, by=ana)] == [
        ChangeKind.OPENED,
        ChangeKind.ASSIGNED,
    ]


async def test_who_gave_it_away_is_shown_what_became_of_it(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    moved = await firm.cases.transfer_attendance()(
        it.id, by=firm.office.ana, to=firm.office.support.id, to_sector=True
    )
    shown = await firm.cases.read_board().afterwards(moved)
    assert (shown.attendance, shown.sector.name) == (moved, "Help")


async def test_a_message_that_is_not_there_is_not_shown(firm: Firm) -> None:
    with pytest.raises(MessageNotFoundError):
        await firm.cases.read_board().message(MessageId(fresh()), by=firm.office.dora)


async def test_search_finds_what_one_may_see(firm: Firm) -> None:
    search, office = firm.cases.read_board().search, firm.office
    await firm.waiting(office.sales, text="Promoção de verão")
    found = await search(office.ana, "  promocao ", cursor=None, limit=10)
    hidden = await search(office.bia, "promocao", cursor=None, limit=10)
    assert (len(found.items), len(hidden.items)) == (1, 0)


@pytest.mark.parametrize("text", ["", "   ", "ab", "?! ab cd", "x" * 201, "a\0b"])
async def test_a_search_is_for_something(firm: Firm, text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        await firm.cases.read_board().search(firm.office.ana, text, cursor=None, limit=10)
    assert refused.value.field == "q"


async def test_clients_are_listed_and_found(firm: Firm) -> None:
    read = firm.cases.read_directory()
    rita, rui = await firm.office.meet("Rita", phone(1)), await firm.office.meet("Rui", phone(2))
    assert (await read.clients(" ", cursor=None, limit=10)).items == (rita, rui)
    assert (await read.clients("rit", cursor=None, limit=10)).items == (rita,)
    with pytest.raises(InvalidError):
        await read.clients("x" * 201, cursor=None, limit=10)
    assert await read.client(rui.id) == rui


async def test_the_team_is_listed_with_who_is_there_and_what_they_have(firm: Firm) -> None:
    await firm.come(firm.office.ana)
    await firm.held(firm.office.ana)
    shown = await firm.cases.read_directory().attendants()
    assert [(it.attendant.name, it.online, it.open_attendances) for it in shown] == [
        ("Ana", True, 1),
        ("Bia", False, 0),
        ("Carla", False, 0),
        ("Dora", False, 0),
    ]
    sectors = await firm.cases.read_directory().sectors()
    assert [it.sector.name for it in sectors] == ["Sales", "Help"]


async def test_there_is_no_qr_code_of_a_session_that_does_not_exist(firm: Firm) -> None:
    with pytest.raises(SessionNotFoundError):
        await firm.cases.read_qr()(SessionId(fresh()), by=firm.office.dora)


async def test_a_pairing_code_is_shown_until_it_expires(firm: Firm) -> None:
    code = PairCode(text="ABCD-1234", expires_at=firm.now() + timedelta(minutes=1))
    async with firm.store.transaction() as work:
        session = await work.sessions.load(firm.office.session.id)
        await work.save(session.issue_pair_code(code, at=firm.now()))
    read = firm.cases.read_directory()
    assert await read.pair_code(session.id, by=firm.office.dora) == code
    with pytest.raises(RoleRequiredError):
        await read.pair_code(session.id, by=firm.office.ana)
    firm.later(minutes=1)
    with pytest.raises(NoPairCodeError):
        await read.pair_code(session.id, by=firm.office.dora)
