"""Sending again what failed, or what may have failed."""

from dataclasses import dataclass

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Kind, MessageNotFoundError
from helpdesk.domain.usecases.ask_feedback import AskFeedback
from helpdesk.domain.usecases.permissions import must_handle
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage:
    store: Store
    now: Clock
    ask_feedback: AskFeedback

    async def __call__(self, message: MessageId, *, by: Attendant) -> None:
        """Queue a further attempt that really sends.

        Raises:
            MessageNotFoundError, AttendanceNotFoundError, NotYoursError, NotRetryableError.
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
                # The link is not stored, so the new attempt brings a new one.
                feedback, outgoing = self.ask_feedback.compose(attendance, at=at)
                await work.save(Change(feedback))
            await work.save(it.retry(attendance, quoted=quoted, outgoing=outgoing, at=at))
