"""What became of a reply: our bot's own report, and WhatsApp's, in whatever order they come."""

from dataclasses import dataclass

from helpdesk.domain.bridge import SendReported, StatusReported
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Message
from helpdesk.domain.usecases.amending import catch_up, known, waiting_for
from helpdesk.domain.usecases.swiftly import swiftly
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackDelivery:
    """WhatsApp's report may overtake our own, which alone says whose provider id it is.

    Both claim that id, so that one waits for the other and neither is lost.
    """

    store: Store
    now: Clock

    async def sent(self, report: SendReported) -> None:
        """Note the outcome of an attempt.

        Raises:
            MessageNotFoundError.
        """
        # At once: only now it is known what the client quotes, or reacts to, who answers quickly.
        await swiftly(self.store, lambda work: self._sent(work, report))

    async def status(self, report: StatusReported) -> None:
        """Note what WhatsApp says; keep it if the message is not known yet."""
        await swiftly(self.store, lambda work: self._status(work, report), hurry=False)

    async def _sent(self, work: UnitOfWork, report: SendReported) -> None:
        it = await work.messages.load(report.message_id)
        attendance = await work.attendances.find(it.attendance_id)
        change = it.track(
            report.delivery,
            attendance=attendance,
            attempt=report.attempt,
            provider_id=report.provider_id,
            failure=report.failure,
            at=self.now(),
        )
        await work.save(change)
        if report.provider_id:
            await self._catch_up(work, change.state, report.provider_id)

    async def _status(self, work: UnitOfWork, report: StatusReported) -> None:
        it = await work.messages.of_provider(report.session_id, report.provider_id)
        if it is None and report.message_id:
            it = await _our_own(work, report, report.message_id)
        if it is None:
            await work.first_time(known(report.session_id, report.provider_id))
            it = await work.messages.of_provider(report.session_id, report.provider_id)
        if it is None:
            await work.messages.park_status(
                report.session_id, report.provider_id, report.delivery, report.failure
            )
            return
        attendance = await work.attendances.find(it.attendance_id)
        change = it.track(
            report.delivery,
            attendance=attendance,
            provider_id=report.provider_id,
            failure=report.failure,
            at=self.now(),
        )
        if change.events:
            await work.save(change)

    async def _catch_up(self, work: UnitOfWork, it: Message, provider_id: str) -> None:
        """Apply what came before our own report."""
        if await work.first_time(known(it.session_id, provider_id)):
            return
        at, attendance = self.now(), await work.attendances.find(it.attendance_id)
        parked = await work.messages.unpark_status(it.session_id, provider_id)
        if parked is not None:
            delivery, failure = parked
            change = it.track(delivery, attendance=attendance, failure=failure, at=at)
            await work.save(change)
            it = change.state
        waiting = await waiting_for(work, it.session_id, provider_id)
        await catch_up(work, it, waiting, attendance, at)


async def _our_own(work: UnitOfWork, report: StatusReported, id: MessageId) -> Message | None:
    """Find the message by our own id, if no other attempt of it has WhatsApp's id already."""
    known = await work.messages.find(id)
    if known is None or known.session_id != report.session_id or known.provider_id:
        return None
    return await work.messages.load(id)
