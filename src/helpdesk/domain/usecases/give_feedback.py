"""The client's side of feedback: a public page, no sign-in, a secret link."""

from dataclasses import dataclass

from helpdesk.domain.feedback import Feedback, FeedbackUnknownError, digest
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback:
    store: Store
    now: Clock

    async def form(self, token: str) -> Feedback:
        """Look whether the link may be used; changes nothing.

        Raises:
            FeedbackUnknownError, FeedbackExpiredError, FeedbackUsedError.
        """
        async with self.store.transaction() as work:
            feedback = await _by_token(work, token)
        feedback.must_be_open(at=self.now())
        return feedback

    async def __call__(self, token: str, *, score: int, comment: str = "") -> Feedback:
        """Take the answer, once.

        Raises:
            FeedbackUnknownError, FeedbackExpiredError, FeedbackUsedError, InvalidError.
        """
        async with self.store.transaction() as work:
            feedback = await _by_token(work, token)
            attendance = await work.attendances.find(feedback.attendance_id)
            given = feedback.give(score, comment, attendance=attendance, at=self.now())
            await work.save(given)
        return given.state


async def _by_token(work: UnitOfWork, token: str) -> Feedback:
    feedback = await work.feedbacks.by_token(digest(token))
    if feedback is None:
        raise FeedbackUnknownError
    return feedback
