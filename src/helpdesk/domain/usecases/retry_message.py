"""Sending again what failed, or what may have failed."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Kind, MessageNotFoundError, NotRetryableError
from helpdesk.domain.usecases.ask_feedback import AskFeedback
from helpdesk.domain.usecases.permissions import must_handle
from helpdesk.domain.usecases.window import must_be_in_window
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage:
    store: Store
    now: Clock
    ask_feedback: AskFeedback
    abilities: Abilities

    async def __call__(self, message: MessageId, *, by: Attendant) -> None:
        """Queue a further attempt that really sends; feedback that was given is not asked for.

        Raises:
            MessageNotFoundError, AttendanceNotFoundError, NotYoursError, NotRetryableError.
            WindowClosedError: this client must be sent a template.
        """
        at = self.now()
        async with self.store.transaction() as work:
            known = await work.messages.find(message)
            if known is None:
                raise MessageNotFoundError
            attendance = await work.attendances.load(known.attendance_id)
            must_handle(by, attendance)
            it = await work.messages.load(message)  # held after its attendance, as everywhere
            quoted = await work.messages.find(it.quote) if it.quote else None
            outgoing = None
            if it.content.kind is Kind.FEEDBACK_REQUEST:
                outgoing = await self._new_link(work, attendance, at)
            again = it.retry(attendance, quoted=quoted, outgoing=outgoing, at=at)
            if it.content.template is None:
                await must_be_in_window(work, attendance, self.abilities, at=at)
            await work.save(again)

    async def _new_link(self, work: UnitOfWork, it: Attendance, at: datetime) -> str:
        """The former link is not stored, so the new attempt brings another."""
        former = await work.feedbacks.of(it.id)
        if former and former.given_at is not None:
            raise NotRetryableError("The client has given feedback already.")
        feedback, outgoing = self.ask_feedback.compose(it, at=at)
        await work.save(Change(feedback))
        return outgoing
