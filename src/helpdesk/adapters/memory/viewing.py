"""Joining rows into what the board shows."""

from typing import Final

from helpdesk.adapters.memory.tables import Tables
from helpdesk.domain.amendment import MessageAmended, revision_kind
from helpdesk.domain.attendance import (
    Attendance,
    AttendanceAssigned,
    AttendanceClosed,
    AttendanceEvent,
    AttendanceOpened,
    AttendanceReleased,
    AttendanceTransferred,
)
from helpdesk.domain.feedback import AttendanceRated
from helpdesk.domain.ids import AttendanceId, AttendantId
from helpdesk.domain.message import Message
from helpdesk.domain.views import (
    AttendanceView,
    ChangeKind,
    ChangeView,
    LastMessage,
    MessageView,
    Quote,
    Rating,
    Ref,
    RevisionView,
)

EXCERPT: Final = 160  # characters of the last message that a list shows

_KINDS: Final[dict[type[AttendanceEvent], ChangeKind]] = {
    AttendanceOpened: ChangeKind.OPENED,
    AttendanceAssigned: ChangeKind.ASSIGNED,
    AttendanceTransferred: ChangeKind.TRANSFERRED,
    AttendanceReleased: ChangeKind.RELEASED,
    AttendanceClosed: ChangeKind.CLOSED,
    AttendanceRated: ChangeKind.RATED,
}


def attendance_view(tables: Tables, it: Attendance) -> AttendanceView:
    client = tables.clients[it.client_id]
    return AttendanceView(
        attendance=it,
        client=Ref(client.id, client.name),
        client_phone=client.phone,
        session=Ref(it.session_id, tables.sessions[it.session_id].name),
        sector=Ref(it.sector_id, tables.sectors[it.sector_id].name),
        attendant=attendant_ref(tables, it.attendant_id),
        last_message=_last_message(tables, it.id),
        rating=_rating(tables, it.id),
        bridge=tables.sessions[it.session_id].bridge,
    )


def message_view(tables: Tables, it: Message) -> MessageView:
    return MessageView(
        message=it,
        author=attendant_ref(tables, it.author),
        quote=None if it.quote is None else _quote(tables.messages[it.quote]),
    )


def change_view(tables: Tables, event: AttendanceEvent) -> ChangeView | None:
    """Show a line of history, or None for an event that is no part of it."""
    kind = _KINDS.get(type(event))
    if kind is None:
        return None
    state = event.attendance
    return ChangeView(
        at=event.at,
        kind=kind,
        actor=attendant_ref(tables, getattr(event, "by", None)),
        attendant=attendant_ref(tables, state.attendant_id),
        sector=Ref(state.sector_id, tables.sectors[state.sector_id].name),
        reason=getattr(event, "reason", None) or None,
    )


def revision_view(tables: Tables, event: MessageAmended) -> RevisionView:
    return RevisionView(
        at=event.at,
        kind=revision_kind(event),
        actor=attendant_ref(tables, event.by),
        text=event.before,
    )


def attendant_ref(tables: Tables, id: AttendantId | None) -> Ref | None:
    return None if id is None else Ref(id, tables.attendants[id].name)


def _quote(it: Message) -> Quote:
    return Quote.of(it)


def _last_message(tables: Tables, id: AttendanceId) -> LastMessage | None:
    all_of = (it for it in tables.messages.values() if it.attendance_id == id)
    last = max(all_of, key=lambda it: it.position, default=None)
    if last is None:
        return None
    return LastMessage(
        direction=last.direction,
        kind=last.content.kind,
        text=last.content.text[:EXCERPT],
        at=last.at,
        delivery=last.delivery,
    )


def _rating(tables: Tables, id: AttendanceId) -> Rating | None:
    given = tables.feedbacks.get(id)
    if given is None or given.score is None or given.given_at is None:
        return None
    return Rating(score=given.score, comment=given.comment, at=given.given_at)
