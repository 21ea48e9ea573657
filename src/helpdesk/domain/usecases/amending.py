"""Amendments and the messages they concern, whichever comes first: shared by all that stores one.

An amendment of a message that is not there claims it as if it had come, so that whoever brings the
message finds it claimed, and then asks what waits for it.
"""

from datetime import datetime

from helpdesk.domain.amendment import edit, react, revoke, sent_by
from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.change import Change
from helpdesk.domain.errors import ForbiddenError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Message
from helpdesk.domain.reaction import EMOJI_LIMIT, Reaction
from helpdesk.domain.report import (
    AmendmentReported,
    EditReported,
    ReactionReported,
    RevokeReported,
)
from helpdesk.ports.store import UnitOfWork


class NotTheirMessageError(ForbiddenError):
    """Somebody changed a message that is not theirs."""

    code = "not_their_message"


def told(session: SessionId, provider_id: str) -> str:
    """Claim of who stores a message that a bridge tells."""
    return f"message:{session}:{provider_id}"


def known(session: SessionId, provider_id: str) -> str:
    """Claim of who learns which of our replies WhatsApp knows by this id."""
    return f"provider:{session}:{provider_id}"


async def amend(
    work: UnitOfWork, it: Message, report: AmendmentReported, attendance: Attendance, at: datetime
) -> Message:
    """Save what happened to a message, if that is news.

    Raises:
        NotTheirMessageError.
    """
    if report.sender and it.client_id not in await work.clients.known_by(report.sender):
        raise NotTheirMessageError
    if not isinstance(report, ReactionReported) and sent_by(it) is not _party(report):
        raise NotTheirMessageError
    change = _change(it, report, attendance, at)
    if change.events:
        await work.save(change)
    return change.state


async def catch_up(
    work: UnitOfWork,
    it: Message,
    early: list[AmendmentReported],
    attendance: Attendance,
    at: datetime,
) -> None:
    """Save what happened to a message before it came; what is not its sender's is left out."""
    for report in early:
        try:
            it = await amend(work, it, report, attendance, at)
        except NotTheirMessageError:
            continue


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
