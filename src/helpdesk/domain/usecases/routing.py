"""Giving waiting attendances to attendants, by the policy of their sector."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.change import Change
from helpdesk.domain.ids import AttendanceId, AttendantId, SectorId
from helpdesk.domain.routing import choose
from helpdesk.domain.sector import Policy, Sector
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock

ONLINE_FOR: Final = timedelta(seconds=45)  # three heartbeats of a dashboard


async def route(
    work: UnitOfWork,
    change: Change[Attendance],
    sector: Sector,
    *,
    but: AttendantId | None = None,
    at: datetime,
) -> Change[Attendance]:
    """Assign a waiting attendance within the unit of work that made it wait, never to `but`."""
    if sector.policy is Policy.MANUAL or change.state.attendant_id is not None:
        return change
    candidates = await work.team.candidates(sector.id, online_since=at - ONLINE_FOR)
    chosen = choose(sector.policy, (it for it in candidates if it.id != but))
    if chosen is None:
        return change
    assigned = change.state.assign(chosen, by=None, at=at)
    return Change(assigned.state, (*change.events, *assigned.events))


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An attendance that somebody has just put back, or handed on."""

    attendance: AttendanceId
    by: AttendantId


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteWaiting:
    """Run when somebody comes online or gets room, and once a minute in case that was missed."""

    store: Store
    now: Clock
    batch: int = 50

    async def __call__(self, sector: SectorId, given_up: GivenUp | None = None) -> int:
        """Assign as many as there is room for and return how many; nothing to who gave it up."""
        assigned = 0
        while (more := await self._some(sector, given_up)) == self.batch:
            assigned += more
        return assigned + more

    async def _some(self, sector: SectorId, given_up: GivenUp | None) -> int:
        """Assign at most `batch` in one transaction."""
        at = self.now()
        async with self.store.transaction() as work:
            it = await work.team.sector(sector)
            if it.policy is Policy.MANUAL:
                return 0
            candidates = await work.team.candidates(sector, online_since=at - ONLINE_FOR)
            room = {c.id: c for c in candidates}
            assigned = 0
            for attendance in await work.attendances.waiting_in(sector, self.batch):
                but = given_up.by if given_up and given_up.attendance == attendance.id else None
                chosen = choose(it.policy, (one for one in room.values() if one.id != but))
                if chosen is None and but is None:
                    break
                if chosen is None:
                    continue
                await work.save(attendance.assign(chosen, by=None, at=at))
                busier = room[chosen].active + 1
                room[chosen] = replace(room[chosen], active=busier, last_assigned_at=at)
                assigned += 1
        return assigned

    async def fill(self, attendant: AttendantId, *, gave_up: AttendanceId | None = None) -> int:
        """Assign in every sector of somebody who has room again; return how many were assigned.

        What they gave up themselves does not come back to them.
        """
        given_up = GivenUp(gave_up, attendant) if gave_up else None
        async with self.store.transaction() as work:
            people = await work.team.colleagues([attendant])
        return sum([await self(sector, given_up) for it in people for sector in sorted(it.sectors)])

    async def free_abandoned(self) -> int:
        """Put back what people have who are no longer in the team; return how much it was."""
        freed = 0
        while (more := await self._free_some()) == self.batch:
            freed += more
        return freed + more

    async def _free_some(self) -> int:
        at = self.now()
        async with self.store.transaction() as work:
            abandoned = await work.attendances.abandoned(self.batch)
            await work.save(*(it.release(by=None, at=at) for it in abandoned))
        return len(abandoned)

    async def everywhere(self) -> int:
        """Assign in every sector and return how many were assigned."""
        await self.free_abandoned()
        async with self.store.transaction() as work:
            sectors = await work.team.sectors()
        return sum([await self(it.id) for it in sectors if it.policy is not Policy.MANUAL])
