"""A message of ours that another device of our number sent: the phone itself, say.

It is stored as a reply without an author, so that nobody answers twice.
"""

from dataclasses import replace
from datetime import datetime

from helpdesk.domain.attendance import Attendance, AttendanceOpened, Party
from helpdesk.domain.change import Change
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Content, Delivery, Direction, Message, MessageWritten
from helpdesk.domain.place import place_of


def begun_elsewhere(opened: Change[Attendance]) -> Change[Attendance]:
    """Turn an attendance that the client seems to have opened into one that we opened."""
    state = replace(opened.state, opened_by=Party.ATTENDANT, last_message_from=Party.ATTENDANT)
    events = (
        replace(it, attendance=state) if isinstance(it, AttendanceOpened) else it
        for it in opened.events
    )
    return Change(state, tuple(events))


def answered_elsewhere(it: Attendance, *, at: datetime) -> Attendance:
    """Count the message: the client waits no longer, and whoever holds it keeps it."""
    return replace(
        it,
        last_position=it.last_position + 1,
        last_message_at=max(at, it.last_message_at),
        last_message_from=Party.ATTENDANT,
        unread=0,
        waiting_since=None,
        neglected=False,
    )


def echo(
    id: MessageId,
    *,
    answered: Attendance,
    content: Content,
    provider_id: str,
    quote: MessageId | None,
    sent_at: datetime,
    at: datetime,
) -> Change[Message]:
    """Keep what was sent; `answered` has already counted it."""
    state = Message(
        **place_of(answered),
        id=id,
        direction=Direction.REPLY,
        content=content,
        at=min(sent_at, at),
        quote=quote,
        provider_id=provider_id,
        delivery=Delivery.SENT,
        attempt=1,
    )
    return Change(state, (MessageWritten(at=at, attendance=answered, message=state),))
