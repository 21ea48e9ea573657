"""What an attendant does with an attendance besides answering: take, transfer, release, read."""

from dataclasses import dataclass

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.bridge import TypingShown
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendanceId, AttendantId, SectorId
from helpdesk.domain.sector import Sector
from helpdesk.domain.usecases.permissions import must_handle, must_know
from helpdesk.domain.usecases.read_receipts import show_read
from helpdesk.domain.usecases.routing import RouteWaiting, route
from helpdesk.domain.visibility import must_see
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock

REASON_LIMIT = 500


def valid_reason(reason: str) -> str:
    """Return the reason on one line.

    Raises:
        InvalidError: over 500 characters.
    """
    clean = " ".join(reason.replace("\0", " ").split())
    if len(clean) > REASON_LIMIT:
        raise InvalidError(f"A reason has at most {REASON_LIMIT} characters.", field="reason")
    return clean


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAttendance:
    store: Store
    now: Clock

    async def __call__(
        self, attendance: AttendanceId, *, by: Attendant, force: bool = False
    ) -> Attendance:
        """Make it `by`'s own; of two at once, one wins.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, AlreadyTakenError.
            RoleRequiredError: `force` by somebody who is no manager.
        """
        if force:
            by.must_be(Role.ADMIN, Role.MANAGER)
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_know(by, it)
            taken = it.take(by.id, force=force, at=self.now())
            await work.save(taken)
        return taken.state


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAttendance:
    store: Store
    now: Clock
    route_waiting: RouteWaiting

    async def __call__(
        self,
        attendance: AttendanceId,
        *,
        by: Attendant,
        to: AttendantId | SectorId,
        to_sector: bool,
        reason: str = "",
    ) -> Attendance:
        """Hand it to a colleague, or to a sector's queue, where others than its holder get it.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, NotYoursError.
            InvalidError: no such colleague or sector (fields attendant_id, sector_id).
        """
        why, at = valid_reason(reason), self.now()
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_handle(by, it)
            if to_sector:
                sector = await _known_sector(work, SectorId(to))
                moved = it.transfer(sector=sector.id, to=None, by=by.id, reason=why, at=at)
                moved = await route(work, moved, sector, but=it.attendant_id, at=at)
            else:
                colleague = await _known_colleague(work, AttendantId(to))
                moved = it.transfer(sector=it.sector_id, to=colleague, by=by.id, reason=why, at=at)
            await work.save(moved)
        if it.attendant_id is not None and moved.state.attendant_id != it.attendant_id:
            await self.route_waiting.fill(it.attendant_id, gave_up=it.id)
        return moved.state


async def _known_sector(work: UnitOfWork, id: SectorId) -> Sector:
    for sector in await work.team.sectors():
        if sector.id == id:
            return sector
    raise InvalidError("There is no such sector.", field="sector_id")


async def _known_colleague(work: UnitOfWork, id: AttendantId) -> AttendantId:
    for colleague in await work.team.colleagues([id]):
        if colleague.active:
            return id
    raise InvalidError("There is no such attendant.", field="attendant_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAttendance:
    store: Store
    now: Clock
    route_waiting: RouteWaiting

    async def __call__(self, attendance: AttendanceId, *, by: Attendant) -> Attendance:
        """Put it back into its sector's queue.

        Where routing assigns, a colleague with room gets it at once, and who released it gets
        another that waits.  Without such a colleague it may come back when the queue is looked
        through the next time.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, NotYoursError.
        """
        at = self.now()
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_handle(by, it)
            released = it.release(by=by.id, at=at)
            if released.events:
                sector = await _known_sector(work, it.sector_id)
                released = await route(work, released, sector, but=it.attendant_id, at=at)
            await work.save(released)
        if it.attendant_id is not None:
            await self.route_waiting.fill(it.attendant_id, gave_up=it.id)
        return released.state


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAttendance:
    store: Store
    now: Clock

    async def __call__(self, attendance: AttendanceId, *, by: Attendant) -> None:
        """Note that the holder saw all, and show the client; others leave no trace.

        Raises:
            AttendanceNotFoundError.
        """
        at = self.now()
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_see(by, it)
            read = it.read(by.id, at=at)
            if not read.events:
                return
            await work.save(read)
            await show_read(work, it, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTyping:
    store: Store
    now: Clock

    async def __call__(self, attendance: AttendanceId, *, by: Attendant) -> None:
        """Show the client that the holder types; call at most every few seconds.

        Raises:
            AttendanceNotFoundError.
        """
        async with self.store.transaction() as work:
            it = await work.attendances.find(attendance)
            must_see(by, it)
            if it.is_open and it.attendant_id == by.id:
                await work.emit(
                    TypingShown(at=self.now(), session_id=it.session_id, address=it.address)
                )
