"""The joins behind what the board shows, and their rows as views."""

from typing import Final
from uuid import UUID

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.rows import Row
from helpdesk.domain.amendment import RevisionKind
from helpdesk.domain.identity import Scheme
from helpdesk.domain.message import Delivery, Direction, Kind
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

# Columns of an attendance view, in this order; `a` is what FROM or a sub-select calls attendance.
ATTENDANCE_VIEW: Final = (
    f"{rows.of('a', rows.ATTENDANCE)},"
    " client.name, client.identities, session.name, sector.name, attendant.name,"
    " last.direction, last.kind, last.text, last.at, last.delivery,"
    " feedback.score, feedback.comment, feedback.given_at, session.bridge"
)
ATTENDANCE_JOINS: Final = """
JOIN client ON client.id = a.client_id
JOIN session ON session.id = a.session_id
JOIN sector ON sector.id = a.sector_id
LEFT JOIN attendant ON attendant.id = a.attendant_id
LEFT JOIN LATERAL (
    SELECT direction, kind, left(text, 160) AS text, at, delivery FROM message
    WHERE attendance_id = a.id ORDER BY position DESC LIMIT 1
) last ON true
LEFT JOIN feedback ON feedback.attendance_id = a.id AND feedback.score IS NOT NULL
"""
_ATTENDANCE_WIDTH: Final = len(rows.ATTENDANCE.split(","))
ATTENDANCE_VIEW_WIDTH: Final = _ATTENDANCE_WIDTH + 14

_QUOTED: Final = "quoted.id, quoted.kind, quoted.text, quoted.direction"
MESSAGE_VIEW: Final = f"{rows.of('m', rows.MESSAGE)}, author.name, {_QUOTED}"
MESSAGE_JOINS: Final = """
LEFT JOIN attendant author ON author.id = m.author_id
LEFT JOIN message quoted ON quoted.id = m.quote_id
"""
_MESSAGE_WIDTH: Final = len(rows.MESSAGE.split(","))
MESSAGE_VIEW_WIDTH: Final = _MESSAGE_WIDTH + 5


def attendance_view(row: Row) -> AttendanceView:
    it = rows.attendance(row)
    client, identities, session, sector, attendant, *rest = row[_ATTENDANCE_WIDTH:]
    return AttendanceView(
        attendance=it,
        client=Ref(it.client_id, client),
        client_phone=_phone(identities),
        session=Ref(it.session_id, session),
        sector=Ref(it.sector_id, sector),
        attendant=_ref(it.attendant_id, attendant),
        last_message=_last_message(rest[:5]),
        rating=None if rest[5] is None else Rating(score=rest[5], comment=rest[6], at=rest[7]),
        bridge=rest[8],
    )


def message_view(row: Row) -> MessageView:
    it = rows.message(row)
    author, *quoted = row[_MESSAGE_WIDTH:MESSAGE_VIEW_WIDTH]
    return MessageView(
        message=it,
        author=_ref(it.author, author),
        quote=_quote(quoted),
    )


def change_view(row: Row) -> ChangeView:
    at, kind, actor, actor_name, attendant, attendant_name, sector, sector_name, reason = row
    return ChangeView(
        at=at,
        kind=ChangeKind(kind),
        actor=_ref(actor, actor_name),
        attendant=_ref(attendant, attendant_name),
        sector=_ref(sector, sector_name),
        reason=reason,
    )


def revision_view(row: Row) -> RevisionView:
    at, kind, actor, name, text = row
    return RevisionView(at=at, kind=RevisionKind(kind), actor=_ref(actor, name), text=text)


def _last_message(row: Row) -> LastMessage | None:
    direction, kind, text, at, delivery = row
    if direction is None:
        return None
    return LastMessage(
        direction=Direction(direction),
        kind=Kind(kind),
        text=text,
        at=at,
        delivery=delivery and Delivery(delivery),
    )


def _quote(row: Row) -> Quote | None:
    id, kind, text, direction = row
    if id is None:
        return None
    return Quote(id=id, kind=Kind(kind), text=text, direction=Direction(direction))


def _ref(id: UUID | None, name: str) -> Ref | None:
    return None if id is None else Ref(id, name)


def _phone(identities: list[str]) -> str | None:
    start = f"{Scheme.PHONE}:"
    return next((it.removeprefix(start) for it in identities if it.startswith(start)), None)
