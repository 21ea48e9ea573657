"""Messages and what concerns them, whichever comes first: shared by all that stores one.

Whoever amends or quotes a message that is not there claims it as if it had come, so that whoever
brings the message finds it claimed, and then asks what waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.amendment import edit, find_quote, react, revoke, sent_by
from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.change import Change
from helpdesk.domain.errors import ForbiddenError
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Message
from helpdesk.domain.reaction import EMOJI_LIMIT, Reaction
from helpdesk.domain.report import (
    AmendmentReported,
    EchoReported,
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """What came before the message that it concerns."""

    amendments: Sequence[AmendmentReported] = ()
    quotes: Sequence[MessageId] = ()  # the messages that quote it

    def __bool__(self) -> bool:
        return bool(self.amendments or self.quotes)


async def first_told(work: UnitOfWork, session: SessionId, provider_id: str) -> Waiting | None:
    """Claim a message that a bridge tells, and take what waits for it; None: it is stored."""
    if await work.first_time(told(session, provider_id)):
        return Waiting()
    return await waiting_for(work, session, provider_id) or None


async def waiting_for(work: UnitOfWork, session: SessionId, provider_id: str) -> Waiting:
    """Take what waits for a message; whoever does has claimed it."""
    return Waiting(
        await work.early.take(session, provider_id),
        await work.early.take_quotes(session, provider_id),
    )


async def find(work: UnitOfWork, session: SessionId, provider_id: str) -> Message | None:
    """Find a message; claim one that is not there, and wait for whoever is just storing it."""
    it = await work.messages.of_provider(session, provider_id)
    if it is None:
        await work.first_time(told(session, provider_id))
        await work.first_time(known(session, provider_id))
        it = await work.messages.of_provider(session, provider_id)
    return it


async def quoted(work: UnitOfWork, report: InboundMessage | EchoReported) -> MessageId | None:
    """Find what a message quotes; see `await_quoted` for what is not there."""
    wanted = _quoted_by(report)
    found = wanted and await find(work, report.session_id, wanted)
    return found.id if found else None


async def await_quoted(
    work: UnitOfWork, it: Message, report: InboundMessage | EchoReported
) -> None:
    """Let a message wait for what it quotes, where that was not found."""
    wanted = _quoted_by(report)
    if wanted and it.quote is None:
        await work.early.park_quote(it.session_id, wanted, it.id)


def _quoted_by(report: InboundMessage | EchoReported) -> str | None:
    """What it quotes by the provider's id: nothing quotes itself."""
    id = report.quote_provider_id
    return None if id == report.provider_id else id


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
    waiting: Waiting,
    attendance: Attendance,
    at: datetime,
) -> None:
    """Save what happened to a message before it came, and that it is what others quote.

    Amendments that are not its sender's are left out.
    """
    for report in waiting.amendments:
        try:
            it = await amend(work, it, report, attendance, at)
        except NotTheirMessageError:
            continue
    for id in waiting.quotes:
        quoting = await work.messages.load(id)
        of = await work.attendances.find(quoting.attendance_id)
        await work.save(find_quote(quoting, it.id, attendance=of, at=at))


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
