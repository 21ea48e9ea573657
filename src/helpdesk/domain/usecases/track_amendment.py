"""What became of a message after it was sent: reactions, edits, revocations, by either side."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.amendment import (
    AmendmentRefused,
    edit,
    react,
    revoke,
    sent_by,
)
from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.change import Change
from helpdesk.domain.errors import ForbiddenError
from helpdesk.domain.message import Message, MessageNotFoundError
from helpdesk.domain.reaction import EMOJI_LIMIT, Reaction
from helpdesk.domain.report import (
    AmendmentReported,
    EditReported,
    ReactionReported,
    RefusalReported,
    RevokeReported,
)
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


class NotTheirMessageError(ForbiddenError):
    """Somebody changed a message that is not theirs."""

    code = "not_their_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAmendment:
    """Repetitions and old news change nothing."""

    store: Store
    now: Clock

    async def __call__(self, report: AmendmentReported) -> None:
        """Note what happened to a message.

        Raises:
            MessageNotFoundError: the message was never told.
            NotTheirMessageError.
        """
        async with self.store.transaction() as work:
            it = await work.messages.of_provider(report.session_id, report.provider_id)
            if it is None:
                raise MessageNotFoundError
            await _must_be_theirs(work, it, report)
            attendance = await work.attendances.find(it.attendance_id)
            change = _change(it, report, attendance, self.now())
            if change.events:
                await work.save(change)

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


async def _must_be_theirs(work: UnitOfWork, it: Message, report: AmendmentReported) -> None:
    """A client reacts within their own conversation, and changes only what they wrote."""
    if report.sender and it.client_id not in await work.clients.known_by(report.sender):
        raise NotTheirMessageError
    if not isinstance(report, ReactionReported) and sent_by(it) is not _party(report):
        raise NotTheirMessageError


def _change(
    it: Message, report: AmendmentReported, attendance: Attendance, at: datetime
) -> Change[Message]:
    done_at = min(report.done_at, at)
    match report:
        case ReactionReported():
            emoji = report.emoji[:EMOJI_LIMIT]
            reaction = Reaction(_party(report), emoji, done_at, report.by)
            return react(it, reaction, attendance=attendance, at=at)
        case EditReported():
            return edit(
                it, report.text, attendance=attendance, by=report.by, edited_at=done_at, at=at
            )
        case RevokeReported():
            return revoke(it, attendance=attendance, by=report.by, revoked_at=done_at, at=at)
        case _:
            raise TypeError(type(report))


def _party(report: AmendmentReported) -> Party:
    return Party.CLIENT if report.sender else Party.ATTENDANT
