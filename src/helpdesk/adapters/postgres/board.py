"""Conversations for people to look at.

Lists are composed of fixed pieces of SQL, by what the viewer may see and what is asked for, so
that each has its index; values are always parameters.
"""

from typing import Final

from helpdesk.adapters.postgres import cursors
from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.query import Query, partitions
from helpdesk.adapters.postgres.viewing import (
    ATTENDANCE_JOINS,
    ATTENDANCE_VIEW,
    MESSAGE_JOINS,
    MESSAGE_VIEW,
    MESSAGE_VIEW_WIDTH,
    attendance_view,
    change_view,
    message_view,
    revision_view,
)
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError, Status
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.file import MediaNotFoundError
from helpdesk.domain.ids import AttendanceId, MediaId, MessageId
from helpdesk.domain.message import MessageNotFoundError
from helpdesk.domain.views import (
    AttendanceFilter,
    AttendanceView,
    ChangeView,
    Counts,
    Found,
    MessageView,
    Page,
    RevisionView,
)

_NEWEST: Final = "a.last_message_at"
_WAITING: Final = "coalesce(a.waiting_since, a.last_message_at)"
_LARGEST: Final = 2**31 - 1  # of a position

_ATTENDANCE: Final = f"""
SELECT {ATTENDANCE_VIEW} FROM attendance a {ATTENDANCE_JOINS} WHERE a.id = $1
"""
_MESSAGE: Final = f"SELECT {MESSAGE_VIEW} FROM message m {MESSAGE_JOINS} WHERE m.id = $1"
_MESSAGE_OF: Final = f"SELECT {MESSAGE_VIEW} FROM message m {MESSAGE_JOINS} WHERE m.media_id = $1"
_MESSAGES: Final = f"""
SELECT {MESSAGE_VIEW} FROM message m {MESSAGE_JOINS}
WHERE m.attendance_id = $1 AND m.position < $2
ORDER BY m.position DESC LIMIT $3
"""
_HISTORY: Final = """
SELECT h.at, h.kind, h.actor_id, actor.name, h.attendant_id, holder.name, h.sector_id, sector.name,
    h.reason
FROM attendance_history h
LEFT JOIN attendant actor ON actor.id = h.actor_id
LEFT JOIN attendant holder ON holder.id = h.attendant_id
JOIN sector ON sector.id = h.sector_id
WHERE h.attendance_id = $1
ORDER BY h.ordinal
"""

_REVISIONS: Final = """
SELECT r.at, r.kind, r.actor_id, actor.name, r.text
FROM message_revision r LEFT JOIN attendant actor ON actor.id = r.actor_id
WHERE r.message_id = $1
ORDER BY r.ordinal
"""


class PostgresBoard:
    """What may be a moment old is read from `replica`, which may be the same."""

    def __init__(self, primary: Database, replica: Database) -> None:
        self._primary = primary
        self._replica = replica

    async def attendances(
        self, viewer: Attendant, filter: AttendanceFilter, *, cursor: str | None, limit: int
    ) -> Page[AttendanceView]:
        query = Query()
        query.seen_by(viewer)
        query.restrict(filter, viewer)
        key, beyond = (_WAITING, ">") if _is_queue(filter) else (_NEWEST, "<")
        query.continue_after(f"{key}, a.id", beyond, cursors.moment_of(cursor))
        sql = _list_sql(query, filter, limit + 1)
        found = await self._replica.fetch(sql, *query.parameters)
        views = [attendance_view(it) for it in found]
        return cursors.page(views, [_place(filter, it.attendance) for it in views], limit)

    async def attendance(self, id: AttendanceId) -> AttendanceView:
        row = await self._primary.fetchrow(_ATTENDANCE, id)
        if row is None:
            raise AttendanceNotFoundError
        return attendance_view(row)

    async def messages(
        self, id: AttendanceId, *, before: int | None, limit: int
    ) -> Page[MessageView]:
        below = _LARGEST if before is None else max(0, min(before, _LARGEST))
        found = await self._replica.fetch(_MESSAGES, id, below, limit + 1)
        items = tuple(message_view(it) for it in reversed(found[:limit]))
        return Page(items, str(items[0].message.position) if len(found) > limit else None)

    async def message(self, id: MessageId) -> MessageView:
        row = await self._primary.fetchrow(_MESSAGE, id)
        if row is None:
            raise MessageNotFoundError
        return message_view(row)

    async def revisions(self, id: MessageId) -> list[RevisionView]:
        return [revision_view(it) for it in await self._replica.fetch(_REVISIONS, id)]

    async def message_of(self, media: MediaId) -> MessageView:
        row = await self._primary.fetchrow(_MESSAGE_OF, media)
        if row is None:
            raise MediaNotFoundError
        return message_view(row)

    async def history(self, id: AttendanceId) -> list[ChangeView]:
        return [change_view(it) for it in await self._replica.fetch(_HISTORY, id)]

    async def counts(self, viewer: Attendant) -> Counts:
        query = Query()
        query.seen_by(viewer)
        me = query.parameter(viewer.id)
        sql = f"""
            SELECT
                count(*) FILTER (WHERE a.status = 'waiting'),
                count(*) FILTER (WHERE a.attendant_id = {me}),
                count(*),
                (SELECT count(*) FROM attendance a WHERE {query.where("a.status = 'closed'")}),
                coalesce(sum(a.unread), 0)
            FROM attendance a WHERE {query.where("a.status <> 'closed'")}
        """
        row = await self._replica.fetchrow(sql, *query.parameters)
        assert row
        return Counts(waiting=row[0], mine=row[1], all=row[2], closed=row[3], unread=row[4])

    async def search(
        self, viewer: Attendant, text: str, *, cursor: str | None, limit: int
    ) -> Page[Found]:
        place = cursors.moment_of(cursor)
        if "\0" in text:  # no text has one
            return Page(())
        query = Query()
        query.seen_by(viewer)
        query.add(f"fold(m.text) LIKE containing({query.parameter(text)})")
        query.continue_after("m.at, m.id", "<", place)
        sql = f"""
            SELECT {MESSAGE_VIEW}, {ATTENDANCE_VIEW}
            FROM message m JOIN attendance a ON a.id = m.attendance_id
            {MESSAGE_JOINS} {ATTENDANCE_JOINS}
            WHERE {query.where()}
            ORDER BY m.at DESC, m.id DESC LIMIT {query.parameter(limit + 1)}
        """
        found = await self._replica.fetch(sql, *query.parameters)
        items = [
            Found(message=message_view(it), attendance=attendance_view(it[MESSAGE_VIEW_WIDTH:]))
            for it in found
        ]
        places = [(it.message.message.at, it.message.message.id) for it in items]
        return cursors.page(items, places, limit)


def _list_sql(query: Query, filter: AttendanceFilter, limit: int) -> str:
    """Read what is open and what is closed separately, each with its own index, and merge."""
    key = _WAITING if _is_queue(filter) else _NEWEST
    direction = "ASC" if _is_queue(filter) else "DESC"
    order = f"ORDER BY {key} {direction}, a.id {direction} LIMIT {query.parameter(limit)}"
    parts = (
        f"(SELECT a.* FROM attendance a WHERE {query.where(status)} {order})"
        for status in partitions(filter.statuses)
    )
    return f"""
        SELECT {ATTENDANCE_VIEW} FROM ({" UNION ALL ".join(parts)}) a {ATTENDANCE_JOINS} {order}
    """


def _is_queue(filter: AttendanceFilter) -> bool:
    """Whether it is a list of what waits, longest waiting first."""
    return filter.statuses == frozenset({Status.WAITING})


def _place(filter: AttendanceFilter, it: Attendance) -> cursors.Moment:
    at = it.last_message_at
    return (it.waiting_since or at) if _is_queue(filter) else at, it.id
