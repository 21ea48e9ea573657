"""What became of a message after it was sent: reactions, edits, revocations, by either side."""

from dataclasses import dataclass

from helpdesk.domain.amendment import AmendmentRefused
from helpdesk.domain.message import MessageNotFoundError
from helpdesk.domain.report import AmendmentReported, RefusalReported
from helpdesk.domain.usecases.amending import amend, find
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAmendment:
    """Repetitions and old news change nothing."""

    store: Store
    now: Clock

    async def __call__(self, report: AmendmentReported) -> None:
        """Note what happened to a message, or keep it until the message comes.

        Raises:
            MessageNotFoundError: too much waits already.
            NotTheirMessageError.
        """
        async with self.store.transaction() as work:
            it = await find(work, report.session_id, report.provider_id)
            if it is None:
                await _park(work, report)
            else:
                attendance = await work.attendances.find(it.attendance_id)
                await amend(work, it, report, attendance, self.now())

    async def refused(self, report: RefusalReported) -> None:
        """Tell those who see the message that it stays as it is.

        Raises:
            MessageNotFoundError.
        """
        async with self.store.transaction() as work:
            it = await work.messages.find(report.message_id)
            if it is None:
                raise MessageNotFoundError
            await work.emit(
                AmendmentRefused(
                    at=self.now(),
                    attendance=await work.attendances.find(it.attendance_id),
                    message=it,
                    verb=report.verb,
                    failure=report.failure,
                    by=report.by,
                )
            )


async def _park(work: UnitOfWork, report: AmendmentReported) -> None:
    if not await work.early.park(report):
        raise MessageNotFoundError  # which undoes its claims as well
