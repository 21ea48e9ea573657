"""Least busy: who gets what waits, and when."""

from collections import Counter
from dataclasses import replace

import pytest

from helpdesk.domain.attendance import AttendanceAssigned
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import SectorId
from helpdesk.domain.sector import Policy, SectorNotFoundError
from tests.support.builders import fresh, phone
from tests.support.team import Firm
from tests.support.waiting import race


async def team(firm: Firm, *names: str, capacity: int = 10) -> list[Attendant]:
    """Hire people for sales and let them come online."""
    people = [await firm.hire(it, firm.office.sales, capacity=capacity) for it in names]
    await firm.come(*people)
    return people


async def shares(firm: Firm) -> Counter[str]:
    """Count what everybody answers."""
    names = {
        it.attendant.id: it.attendant.name for it in await firm.cases.read_directory().attendants()
    }
    return Counter(names[it.attendant_id] for it in await firm.attendances() if it.attendant_id)


async def write(firm: Firm, *people: int) -> None:
    for n in people:
        await firm.cases.receive_message()(firm.report(phone(n)))


async def test_new_attendances_are_spread_evenly(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    await team(firm, "Eva", "Ivo", "Leo")
    await write(firm, *range(12))
    assert await shares(firm) == {"Eva": 4, "Ivo": 4, "Leo": 4}


async def test_new_attendances_at_once_are_spread_evenly_too(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    await team(firm, "Eva", "Ivo", "Leo")
    receive = firm.cases.receive_message()
    await race(*(receive(firm.report(phone(n))) for n in range(12)))
    assert await shares(firm) == {"Eva": 4, "Ivo": 4, "Leo": 4}


async def test_who_has_twice_the_room_gets_twice_as_much(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    await team(firm, "Eva", capacity=6)
    await team(firm, "Ivo", capacity=3)
    await write(firm, *range(9))
    assert await shares(firm) == {"Eva": 6, "Ivo": 3}


async def test_of_equals_the_one_who_waited_longest_is_next(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    eva, ivo = await team(firm, "Eva", "Ivo")
    turns = []
    for n in range(4):
        firm.later(seconds=1)
        await write(firm, n)
        it = (await firm.told(AttendanceAssigned))[-1].attendance
        await firm.cases.close_attendance()(it.id, by=firm.office.dora)
        turns.append(it.attendant_id)
    assert turns in ([eva.id, ivo.id] * 2, [ivo.id, eva.id] * 2)


async def test_nobody_gets_more_than_there_is_room_for(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    await team(firm, "Eva", "Ivo", capacity=2)
    await write(firm, *range(7))
    assert await shares(firm) == {"Eva": 2, "Ivo": 2}


async def test_who_comes_online_gets_what_waits_longest(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    eva = await firm.hire("Eva", firm.office.sales, capacity=2)
    its = []
    for _ in range(3):
        its.append(await firm.waiting())
        firm.later(seconds=1)
    await firm.come(eva)
    assert [(await firm.attendance(it.id)).attendant_id for it in its] == [eva.id, eva.id, None]


async def test_what_waits_is_spread_over_those_who_are_there(firm: Firm) -> None:
    await team(firm, "Eva", "Ivo")
    for _ in range(8):
        await firm.waiting()
    await firm.route(firm.office.sales)
    assert await firm.cases.route_waiting()(firm.office.sales.id) == 8
    assert await shares(firm) == {"Eva": 4, "Ivo": 4}


async def test_all_there_is_room_for_is_assigned_batch_by_batch(firm: Firm) -> None:
    await team(firm, "Eva", capacity=7)
    for _ in range(9):
        await firm.waiting()
    await firm.route(firm.office.sales)
    routing = replace(firm.cases.route_waiting(), batch=3)
    assert await routing(firm.office.sales.id) == 7


async def test_processes_that_route_at_once_assign_everything_once(firm: Firm) -> None:
    await team(firm, "Eva", "Ivo")
    for _ in range(8):
        await firm.waiting()
    await firm.route(firm.office.sales)
    routing = firm.cases.route_waiting()
    assert sum(await race(*(routing(firm.office.sales.id) for _ in range(4)))) == 8
    assert len(await firm.told(AttendanceAssigned)) == 8


async def test_what_was_missed_is_found_by_looking_everywhere(firm: Firm) -> None:
    await firm.come(firm.office.ana, firm.office.bia)
    await firm.waiting(firm.office.sales)
    await firm.waiting(firm.office.support)
    await firm.route(firm.office.support)
    assert await firm.cases.route_waiting().everywhere() == 1


async def test_what_was_left_behind_is_found_batch_by_batch(firm: Firm) -> None:
    its = [await firm.held(firm.office.ana) for _ in range(5)]
    await firm.office.keep(replace(firm.office.ana, active=False))
    assert await replace(firm.cases.route_waiting(), batch=2).free_abandoned() == 5
    assert {(await firm.attendance(it.id)).attendant_id for it in its} == {None}
    assert await firm.cases.route_waiting().free_abandoned() == 0


async def test_a_sector_served_by_hand_is_not_routed(firm: Firm) -> None:
    await firm.come(firm.office.ana)
    await firm.waiting()
    assert await firm.cases.route_waiting()(firm.office.sales.id) == 0
    await write(firm, 1)
    assert await shares(firm) == {}


async def test_a_sector_that_does_not_exist_is_not_routed(firm: Firm) -> None:
    with pytest.raises(SectorNotFoundError):
        await firm.cases.route_waiting()(SectorId(fresh()))


async def test_a_sector_that_begins_to_route_gives_out_what_waits(firm: Firm) -> None:
    await firm.come(firm.office.ana)
    it = await firm.waiting()
    await firm.cases.manage_sectors().change(
        firm.office.sales.id, by=firm.office.dora, properties={"policy": Policy.LEAST_BUSY}
    )
    assert (await firm.attendance(it.id)).attendant_id == firm.office.ana.id


async def test_more_capacity_gives_out_what_waits(firm: Firm) -> None:
    eva = (await team(firm, "Eva", capacity=0))[0]
    it = await firm.waiting()
    await firm.route(firm.office.sales)
    await firm.cases.manage_attendants().change(
        eva.id, by=firm.office.dora, properties={"capacity": 1}
    )
    assert (await firm.attendance(it.id)).attendant_id == eva.id
