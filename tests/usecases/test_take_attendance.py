"""Taking what waits: one has it, the others learn who."""

import pytest

from helpdesk.domain.attendance import (
    AlreadyTakenError,
    AttendanceAssigned,
    AttendanceClosedError,
    AttendanceNotFoundError,
    Status,
)
from helpdesk.domain.attendant import RoleRequiredError
from tests.support.team import Firm
from tests.support.waiting import race


async def test_who_takes_it_has_it(firm: Firm) -> None:
    it = await firm.waiting()
    taken = await firm.cases.take_attendance()(it.id, by=firm.office.ana)
    assert (taken.status, taken.attendant_id) == (Status.ACTIVE, firm.office.ana.id)
    assert await firm.attendance(it.id) == taken
    [told] = await firm.told(AttendanceAssigned)
    assert (told.by, told.attendance) == (firm.office.ana.id, taken)


async def test_of_two_at_once_one_wins_and_the_other_learns_who(firm: Firm) -> None:
    ana, eva = firm.office.ana, await firm.hire("Eva", firm.office.sales)
    it, take = await firm.waiting(), firm.cases.take_attendance()
    first, second = await race(take(it.id, by=ana), take(it.id, by=eva))
    assert first.attendant_id == ana.id
    assert isinstance(second, AlreadyTakenError)
    assert second.extras == {"holder_id": ana.id}
    assert len(await firm.told(AttendanceAssigned)) == 1


async def test_of_fifty_at_once_one_wins(firm: Firm) -> None:
    team = [await firm.hire(f"Person{n}", firm.office.sales) for n in range(50)]
    it, take = await firm.waiting(), firm.cases.take_attendance()
    outcomes = await race(*(take(it.id, by=person) for person in team))
    assert [type(it) for it in outcomes].count(AlreadyTakenError) == 49


async def test_taking_twice_is_taking_once(firm: Firm) -> None:
    it, take = await firm.waiting(), firm.cases.take_attendance()
    assert await take(it.id, by=firm.office.ana) == await take(it.id, by=firm.office.ana)
    assert len(await firm.told(AttendanceAssigned)) == 1


async def test_a_manager_takes_it_from_its_holder_only_by_force(firm: Firm) -> None:
    it, take = await firm.held(firm.office.ana), firm.cases.take_attendance()
    with pytest.raises(AlreadyTakenError):
        await take(it.id, by=firm.office.carla)
    taken = await take(it.id, by=firm.office.carla, force=True)
    assert taken.attendant_id == firm.office.carla.id


async def test_an_attendant_uses_no_force(firm: Firm) -> None:
    it = await firm.waiting()
    with pytest.raises(RoleRequiredError):
        await firm.cases.take_attendance()(it.id, by=firm.office.ana, force=True)


async def test_what_waits_elsewhere_does_not_exist(firm: Firm) -> None:
    it = await firm.waiting(firm.office.support)
    for stranger in (firm.office.ana, firm.office.carla):
        with pytest.raises(AttendanceNotFoundError):
            await firm.cases.take_attendance()(it.id, by=stranger)


async def test_what_somebody_holds_elsewhere_does_not_exist(firm: Firm) -> None:
    it = await firm.held(firm.office.bia, firm.office.support)
    with pytest.raises(AttendanceNotFoundError):
        await firm.cases.take_attendance()(it.id, by=firm.office.ana)


async def test_what_is_closed_cannot_be_taken(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    with pytest.raises(AttendanceClosedError):
        await firm.cases.take_attendance()(it.id, by=firm.office.ana)
