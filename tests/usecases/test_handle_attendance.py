"""Transfer, release, read, typing."""

import pytest

from helpdesk.domain.attendance import (
    AttendanceAssigned,
    AttendanceClosedError,
    AttendanceRead,
    AttendanceReleased,
    AttendanceTransferred,
    Status,
)
from helpdesk.domain.bridge import ReadReceiptRequested, TypingShown
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId, SectorId
from tests.support.builders import fresh
from tests.support.team import Firm


async def test_a_transfer_to_a_colleague_is_theirs(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    moved = await firm.cases.transfer_attendance()(
        it.id,
        by=firm.office.ana,
        to=firm.office.bia.id,
        to_sector=False,
        reason="  pergunta \n de TI ",
    )
    assert (moved.attendant_id, moved.sector_id) == (firm.office.bia.id, firm.office.sales.id)
    [told] = await firm.told(AttendanceTransferred)
    assert (told.previous_attendant_id, told.reason) == (firm.office.ana.id, "pergunta de TI")


async def test_a_transfer_to_a_sector_waits_there(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    moved = await firm.cases.transfer_attendance()(
        it.id, by=firm.office.ana, to=firm.office.support.id, to_sector=True
    )
    assert (moved.status, moved.sector_id) == (Status.WAITING, firm.office.support.id)
    assert await firm.attendance(it.id) == moved


async def test_a_transfer_to_a_sector_is_routed_there(firm: Firm) -> None:
    await firm.route(firm.office.support)
    await firm.come(firm.office.bia)
    it = await firm.held(firm.office.ana)
    moved = await firm.cases.transfer_attendance()(
        it.id, by=firm.office.ana, to=firm.office.support.id, to_sector=True
    )
    assert moved.attendant_id == firm.office.bia.id
    assert [e.by for e in await firm.told(AttendanceAssigned)][-1] is None


async def test_a_transfer_makes_room_for_what_waits(firm: Firm) -> None:
    ana = await firm.hire("Eva", firm.office.sales, capacity=1)
    it, other = await firm.held(ana), await firm.waiting()
    await firm.route(firm.office.sales)
    await firm.come(ana)
    await firm.cases.transfer_attendance()(it.id, by=ana, to=firm.office.support.id, to_sector=True)
    assert (await firm.attendance(other.id)).attendant_id == ana.id


async def test_who_hands_something_on_gets_what_waits_in_any_sector_of_theirs(firm: Firm) -> None:
    sales, support = await firm.route(firm.office.sales), await firm.route(firm.office.support)
    eva = await firm.hire("Eva", sales, support, capacity=1)
    it, other = await firm.held(eva, sales), await firm.waiting(support)
    await firm.come(eva)
    bia = firm.office.bia.id
    await firm.cases.transfer_attendance()(it.id, by=eva, to=bia, to_sector=False)
    assert (await firm.attendance(other.id)).attendant_id == eva.id


async def test_who_releases_gets_another_that_waits_and_never_the_same(firm: Firm) -> None:
    sales = await firm.route(firm.office.sales)
    eva = await firm.hire("Eva", sales, capacity=2)
    first, second = await firm.held(eva), await firm.held(eva)
    firm.later(minutes=1)
    waiting = await firm.waiting()
    await firm.come(eva)
    await firm.cases.release_attendance()(first.id, by=eva)
    held = {it: (await firm.attendance(it.id)).attendant_id for it in (first, second, waiting)}
    assert held == {first: None, second: eva.id, waiting: eva.id}


@pytest.mark.parametrize("with_colleague", [True, False])
async def test_a_transfer_to_ones_own_queue_does_not_come_back_at_once(
    firm: Firm, with_colleague: bool
) -> None:
    sales, ana = await firm.route(firm.office.sales), firm.office.ana
    eva = await firm.hire("Eva", sales)
    await firm.come(ana, *[eva] * with_colleague)
    it = await firm.held(ana)
    moved = await firm.cases.transfer_attendance()(it.id, by=ana, to=sales.id, to_sector=True)
    assert moved.attendant_id == (eva.id if with_colleague else None)
    assert await firm.attendance(it.id) == moved


async def test_a_transfer_needs_a_colleague_who_works_here(firm: Firm) -> None:
    it, transfer = await firm.held(firm.office.ana), firm.cases.transfer_attendance()
    gone = await firm.hire("Eva", firm.office.sales, active=False)
    for colleague in (gone.id, AttendantId(fresh())):
        with pytest.raises(InvalidError) as refused:
            await transfer(it.id, by=firm.office.ana, to=colleague, to_sector=False)
        assert refused.value.field == "attendant_id"


async def test_a_transfer_needs_a_sector_that_exists(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    with pytest.raises(InvalidError) as refused:
        await firm.cases.transfer_attendance()(
            it.id, by=firm.office.ana, to=SectorId(fresh()), to_sector=True
        )
    assert refused.value.field == "sector_id"


async def test_a_reason_is_not_a_novel(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    with pytest.raises(InvalidError) as refused:
        await firm.cases.transfer_attendance()(
            it.id, by=firm.office.ana, to=firm.office.bia.id, to_sector=False, reason="x" * 501
        )
    assert refused.value.field == "reason"


async def test_what_is_released_waits_again(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    released = await firm.cases.release_attendance()(it.id, by=firm.office.ana)
    assert (released.status, released.attendant_id) == (Status.WAITING, None)
    [told] = await firm.told(AttendanceReleased)
    assert told.previous_attendant_id == firm.office.ana.id


async def test_releasing_what_waits_changes_nothing(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    await firm.come(firm.office.ana)
    it = await firm.waiting()
    assert await firm.cases.release_attendance()(it.id, by=firm.office.ana) == it
    assert await firm.told(AttendanceReleased) == []


async def test_routing_gives_what_is_released_to_somebody_else(firm: Firm) -> None:
    sales, ana = await firm.route(firm.office.sales), firm.office.ana
    eva = await firm.hire("Eva", sales)
    it = await firm.held(ana)
    await firm.come(ana, eva)
    assert (await firm.cases.release_attendance()(it.id, by=ana)).attendant_id == eva.id


async def test_with_nobody_else_there_what_is_released_waits(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    it = await firm.held(firm.office.ana)
    await firm.come(firm.office.ana)
    released = await firm.cases.release_attendance()(it.id, by=firm.office.ana)
    assert await firm.attendance(it.id) == released
    assert released.status is Status.WAITING


async def test_a_manager_releases_what_a_colleague_holds(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    released = await firm.cases.release_attendance()(it.id, by=firm.office.carla)
    assert released.status is Status.WAITING


async def test_what_is_closed_is_neither_released_nor_transferred(firm: Firm) -> None:
    it, ana = await firm.held(firm.office.ana), firm.office.ana
    await firm.cases.close_attendance()(it.id, by=ana)
    with pytest.raises(AttendanceClosedError):
        await firm.cases.release_attendance()(it.id, by=ana)
    with pytest.raises(AttendanceClosedError):
        await firm.cases.transfer_attendance()(
            it.id, by=ana, to=firm.office.support.id, to_sector=True
        )


async def test_when_the_holder_reads_the_client_sees_it_once(firm: Firm) -> None:
    it, read = await firm.held(firm.office.ana), firm.cases.read_attendance()
    [message] = await firm.messages(it.id)
    for _ in range(2):
        await read(it.id, by=firm.office.ana)
    assert (await firm.attendance(it.id)).unread == 0
    assert len(await firm.told(AttendanceRead)) == 1
    [receipt] = await firm.told(ReadReceiptRequested)
    assert (receipt.address, receipt.provider_id) == (it.address, message.provider_id)


async def test_a_look_of_anybody_else_leaves_no_trace(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.read_attendance()(it.id, by=firm.office.carla)
    assert (await firm.attendance(it.id)).unread == 1
    assert await firm.told(ReadReceiptRequested, AttendanceRead) == []


async def test_reading_what_whatsapp_has_no_id_for_shows_the_client_nothing(firm: Firm) -> None:
    opened = await firm.office.attend(by=firm.office.ana)
    heard = opened.hear(opened.address, at=firm.now())
    await firm.office.keep(heard)  # counted, but no message of the client is there
    await firm.cases.read_attendance()(heard.id, by=firm.office.ana)
    assert await firm.told(ReadReceiptRequested) == []


async def test_the_client_sees_that_the_holder_types(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.show_typing()(it.id, by=firm.office.ana)
    [shown] = await firm.told(TypingShown)
    assert (shown.session_id, shown.address) == (it.session_id, it.address)


async def test_nobody_else_types_visibly_and_nobody_after_the_end(firm: Firm) -> None:
    it, typing = await firm.held(firm.office.ana), firm.cases.show_typing()
    await typing(it.id, by=firm.office.carla)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    await typing(it.id, by=firm.office.ana)
    assert await firm.told(TypingShown) == []
