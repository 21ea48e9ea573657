"""Conversations for people to look at, read from what is committed."""

from helpdesk.adapters.memory.pages import Place, moment, page, shown
from helpdesk.adapters.memory.store import Memory
from helpdesk.adapters.memory.text import fold
from helpdesk.adapters.memory.viewing import (
    attendance_view,
    change_view,
    message_view,
    revision_view,
)
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError, Status
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.file import MediaNotFoundError
from helpdesk.domain.ids import AttendanceId, MediaId, MessageId
from helpdesk.domain.message import Message, MessageNotFoundError
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
from helpdesk.domain.visibility import sees


class MemoryBoard:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._tables = memory.tables

    async def attendances(
        self, viewer: Attendant, filter: AttendanceFilter, *, cursor: str | None, limit: int
    ) -> Page[AttendanceView]:
        waiting = filter.statuses == frozenset({Status.WAITING})
        found = page(
            [it for it in self._seen_by(viewer) if _fits(it, filter, viewer)],
            place=_place_in_queue if waiting else _place_in_list,
            descending=not waiting,
            cursor=cursor,
            limit=limit,
        )
        return shown(found, lambda it: attendance_view(self._tables, it))

    async def attendance(self, id: AttendanceId) -> AttendanceView:
        if id not in self._tables.attendances:
            raise AttendanceNotFoundError
        return attendance_view(self._tables, self._tables.attendances[id])

    async def messages(
        self, id: AttendanceId, *, before: int | None, limit: int
    ) -> Page[MessageView]:
        found = sorted(
            (
                it
                for it in self._tables.messages.values()
                if it.attendance_id == id and (before is None or it.position < before)
            ),
            key=lambda it: it.position,
        )
        items = found[-limit:]
        following = str(items[0].position) if len(found) > limit else None
        return Page(tuple(message_view(self._tables, it) for it in items), following)

    async def message(self, id: MessageId) -> MessageView:
        if id not in self._tables.messages:
            raise MessageNotFoundError
        return message_view(self._tables, self._tables.messages[id])

    async def revisions(self, id: MessageId) -> list[RevisionView]:
        events = (it for it in self._memory.amendments if it.message.id == id)
        return [revision_view(self._tables, it) for it in events]

    async def message_of(self, media: MediaId) -> MessageView:
        for it in self._tables.messages.values():
            if it.content.media and it.content.media.id == media:
                return message_view(self._tables, it)
        raise MediaNotFoundError

    async def history(self, id: AttendanceId) -> list[ChangeView]:
        lines = (
            change_view(self._tables, it) for it in self._memory.history if it.attendance.id == id
        )
        return [it for it in lines if it is not None]

    async def counts(self, viewer: Attendant) -> Counts:
        seen = self._seen_by(viewer)
        opened = [it for it in seen if it.is_open]
        return Counts(
            waiting=sum(it.status is Status.WAITING for it in opened),
            mine=sum(it.attendant_id == viewer.id for it in opened),
            all=len(opened),
            closed=len(seen) - len(opened),
            unread=sum(it.unread for it in opened),
        )

    async def search(
        self, viewer: Attendant, text: str, *, cursor: str | None, limit: int
    ) -> Page[Found]:
        attendances = {it.id: it for it in self._seen_by(viewer)}
        wanted = fold(text)
        found = page(
            [
                it
                for it in self._tables.messages.values()
                if it.attendance_id in attendances and wanted in fold(it.content.text)
            ],
            place=_place_in_time,
            descending=True,
            cursor=cursor,
            limit=limit,
        )
        return shown(found, self._found)

    def _found(self, it: Message) -> Found:
        return Found(
            message=message_view(self._tables, it),
            attendance=attendance_view(self._tables, self._tables.attendances[it.attendance_id]),
        )

    def _seen_by(self, viewer: Attendant) -> list[Attendance]:
        return [it for it in self._tables.attendances.values() if sees(viewer, it)]


def _fits(it: Attendance, filter: AttendanceFilter, viewer: Attendant) -> bool:
    return (
        (filter.statuses is None or it.status in filter.statuses)
        and (not filter.mine or it.attendant_id == viewer.id)
        and filter.sector_id in (None, it.sector_id)
        and filter.client_id in (None, it.client_id)
    )


def _place_in_queue(it: Attendance) -> Place:
    return moment(it.waiting_since or it.last_message_at), str(it.id)


def _place_in_list(it: Attendance) -> Place:
    return moment(it.last_message_at), str(it.id)


def _place_in_time(it: Message) -> Place:
    return moment(it.at), str(it.id)
