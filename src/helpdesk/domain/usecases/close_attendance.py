"""Closing: by hand, or because of silence."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.attendance import Attendance, ClosedBy
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import AttendanceId
from helpdesk.domain.sector import Sector, WhenClientWaits
from helpdesk.domain.silence import Silence, Verdict
from helpdesk.domain.usecases.ask_feedback import AskFeedback
from helpdesk.domain.usecases.handle_attendance import valid_reason
from helpdesk.domain.usecases.permissions import must_handle
from helpdesk.domain.usecases.routing import RouteWaiting
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAttendance:
    store: Store
    now: Clock
    ask_feedback: AskFeedback
    route_waiting: RouteWaiting

    async def __call__(
        self, attendance: AttendanceId, *, by: Attendant, reason: str = ""
    ) -> Attendance:
        """Close it and ask the client for feedback.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, NotYoursError, InvalidError.
        """
        why, at = valid_reason(reason), self.now()
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_handle(by, it)
            closed = it.close(ClosedBy.ATTENDANT, by=by.id, reason=why, at=at)
            await work.save(closed)
            sectors = {s.id: s for s in await work.team.sectors()}
            await self.ask_feedback(work, closed.state, sectors[it.sector_id], at=at)
        if it.attendant_id is not None:
            await self.route_waiting.fill(it.attendant_id)
        return closed.state


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSilent:
    """The job behind the silence rule; safe to run in several processes at once."""

    store: Store
    now: Clock
    silence: Silence
    ask_feedback: AskFeedback
    route_waiting: RouteWaiting
    batch: int = 100

    async def __call__(self, tick_at: datetime) -> int:
        """Look into every sector whose turn is at `tick_at`; return how many were closed."""
        async with self.store.transaction() as work:
            sectors = await work.team.sectors()
        due = [it for it in sectors if self.silence.is_due(it, tick_at=tick_at)]
        closed = sum([await self._sector(it) for it in due])
        if closed:  # who has room now may have other sectors as well
            await self.route_waiting.everywhere()
        return closed

    async def _sector(self, sector: Sector) -> int:
        verdicts = Counter[Verdict]()
        while True:
            batch = await self._batch(sector)
            verdicts.update(batch)
            # What is closed or warned about is not found again; what is kept would be, for ever.
            if len(batch) < self.batch or Verdict.KEEP in batch:
                break
        return verdicts[Verdict.CLOSE]

    async def _batch(self, sector: Sector) -> list[Verdict]:
        """Handle one batch in one transaction; return what was decided of each."""
        at = self.now()
        async with self.store.transaction() as work:
            silent = await work.attendances.silent_in(
                sector.id,
                since=at - self.silence.limit(sector),
                skip_neglected=sector.when_client_waits is WhenClientWaits.WARN,
                limit=self.batch,
            )
            return [await self._judge(work, it, sector, at) for it in silent]

    async def _judge(
        self, work: UnitOfWork, it: Attendance, sector: Sector, at: datetime
    ) -> Verdict:
        verdict = self.silence.judge(it, sector, at=at)
        if verdict is Verdict.WARN:
            await work.save(it.neglect(at=at))
        elif verdict is Verdict.CLOSE:
            closed = it.close(ClosedBy.SILENCE, by=None, at=at)
            await work.save(closed)
            await self.ask_feedback(work, closed.state, sector, at=at)
        return verdict
