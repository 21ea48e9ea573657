"""The board shows what `domain.visibility` lets somebody see, neither more nor less."""

from dataclasses import dataclass
from itertools import combinations, product

import pytest

from helpdesk.domain.attendance import Attendance, Status
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.ids import SectorId
from helpdesk.domain.views import AttendanceFilter
from helpdesk.domain.visibility import sees
from helpdesk.ports.board import Board
from tests.support.builders import an_attendant
from tests.support.clock import after
from tests.support.office import Office


@dataclass(frozen=True, slots=True)
class Population:
    """Every kind of viewer, and an attendance of every kind for each of them."""

    viewers: list[Attendant]
    attendances: list[Attendance]

    def seen_by(self, viewer: Attendant) -> set[Attendance]:
        return {it for it in self.attendances if sees(viewer, it)}


@pytest.fixture
async def population(office: Office) -> Population:
    sectors = office.sales, office.support
    ids = [it.id for it in sectors]
    memberships = [frozenset[SectorId](it) for n in range(3) for it in combinations(ids, n)]
    viewers = [an_attendant(role=it, sectors=of) for it, of in product(Role, memberships)]
    await office.keep(*viewers)
    attendances = []
    for number, (sector, holder) in enumerate(product(sectors, [None, *viewers])):
        at = after(minutes=number)
        it = await office.attend(sector=sector, by=holder, at=at)
        it, _ = await office.hear(it, f"word {number}", at=at)
        attendances.append(it)
        done = await office.attend(sector=sector, by=holder, at=at)
        done, _ = await office.hear(done, f"word {number}", at=at)
        attendances.append(await office.close(done, at=at))
    return Population(viewers, attendances)


def filters(population: Population, office: Office) -> list[AttendanceFilter]:
    statuses = [
        None,
        frozenset({Status.WAITING}),
        frozenset({Status.WAITING, Status.ACTIVE}),
        frozenset({Status.CLOSED}),
    ]
    a_client = population.attendances[0].client_id
    return [
        AttendanceFilter(statuses=which, mine=mine, sector_id=sector, client_id=client)
        for which, mine, sector, client in product(
            statuses, [False, True], [None, office.support.id], [None, a_client]
        )
    ]


def fits(it: Attendance, filter: AttendanceFilter, viewer: Attendant) -> bool:
    return (
        (filter.statuses is None or it.status in filter.statuses)
        and (not filter.mine or it.attendant_id == viewer.id)
        and (filter.sector_id is None or it.sector_id == filter.sector_id)
        and (filter.client_id is None or it.client_id == filter.client_id)
    )


async def test_lists_show_what_each_may_see(
    office: Office, board: Board, population: Population
) -> None:
    for viewer in population.viewers:
        for which in filters(population, office):
            page = await board.attendances(viewer, which, cursor=None, limit=100)
            expected = {it for it in population.seen_by(viewer) if fits(it, which, viewer)}
            assert {it.attendance for it in page.items} == expected
            assert len(page.items) == len(expected)
            assert page.next is None


async def test_pages_show_what_each_may_see_once(board: Board, population: Population) -> None:
    for viewer in population.viewers:
        found, cursor, more = [], None, True
        while more:
            page = await board.attendances(viewer, AttendanceFilter(), cursor=cursor, limit=7)
            found += [it.attendance for it in page.items]
            cursor, more = page.next, page.next is not None
        assert len(found) == len(set(found))
        assert set(found) == population.seen_by(viewer)


async def test_the_tabs_count_what_each_may_see(board: Board, population: Population) -> None:
    for viewer in population.viewers:
        seen = population.seen_by(viewer)
        counts = await board.counts(viewer)
        assert counts.waiting == sum(it.status is Status.WAITING for it in seen)
        assert counts.mine == sum(it.is_open and it.attendant_id == viewer.id for it in seen)
        assert counts.all == sum(it.is_open for it in seen)
        assert counts.closed == sum(not it.is_open for it in seen)
        assert counts.unread == sum(it.unread for it in seen)


async def test_a_search_finds_what_each_may_see(board: Board, population: Population) -> None:
    for viewer in population.viewers:
        found = await board.search(viewer, "WÓRD", cursor=None, limit=100)
        assert {it.attendance.attendance for it in found.items} == population.seen_by(viewer)
