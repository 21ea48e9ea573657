"""Attendances: lists, and what happens to one."""

from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypedDict
from uuid import UUID

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.routes.bodies import Body, Line, Maybe, PageQuery, Text, given
from helpdesk.adapters.http.routes.templates import TemplateBody
from helpdesk.adapters.http.views import (
    AttendanceOut,
    ChangeOut,
    ListOut,
    MessageOut,
    OpenedOut,
    list_of,
    page_of,
)
from helpdesk.domain.attendance import (
    AlreadyTakenError,
    Attendance,
    AttendanceClosedError,
    AttendanceNotFoundError,
    AttendanceOpenError,
    NotYoursError,
    Status,
)
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.care import TooManyChatsError
from helpdesk.domain.client import ClientNotFoundError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import (
    AttendanceId,
    AttendantId,
    ClientId,
    MessageId,
    SectorId,
    SessionId,
)
from helpdesk.domain.session import NotCapableError, SessionNotFoundError
from helpdesk.domain.views import AttendanceFilter
from helpdesk.domain.window import WindowClosedError


class StatusWanted(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    CLOSED = "closed"
    OPEN = "open"  # waiting or active


_STATUSES: Final = MappingProxyType(
    {
        StatusWanted.WAITING: frozenset({Status.WAITING}),
        StatusWanted.ACTIVE: frozenset({Status.ACTIVE}),
        StatusWanted.CLOSED: frozenset({Status.CLOSED}),
        StatusWanted.OPEN: frozenset({Status.WAITING, Status.ACTIVE}),
    }
)


class AttendancesQuery(PageQuery, frozen=True):
    status: Maybe[StatusWanted] = msgspec.UNSET
    mine: bool = False
    sector: Maybe[UUID] = msgspec.UNSET
    client: Maybe[UUID] = msgspec.UNSET

    @property
    def filter(self) -> AttendanceFilter:
        status, sector, client = given(self.status), given(self.sector), given(self.client)
        return AttendanceFilter(
            statuses=_STATUSES[status] if status else None,
            mine=self.mine,
            sector_id=SectorId(sector) if sector else None,
            client_id=ClientId(client) if client else None,
        )


class OpenBody(Body, frozen=True):
    """To a client that is known, or to a phone number; a text, or a template of the session."""

    text: Text | None = None
    template: TemplateBody | None = None
    client_id: UUID | None = None
    phone: Line | None = None
    name: Line = ""
    session_id: UUID | None = None
    sector_id: UUID | None = None


class _Whom(TypedDict):
    client_id: ClientId | None
    phone: str | None
    name: str
    sector_id: SectorId | None


class TakeBody(Body, frozen=True):
    """`force` takes it from a colleague, for managers and admins."""

    force: bool = False


class TransferBody(Body, frozen=True):
    """Either a colleague or a sector."""

    attendant_id: UUID | None = None
    sector_id: UUID | None = None
    reason: Line = ""


class CloseBody(Body, frozen=True):
    reason: Line = ""


@endpoint("GET /v1/attendances", takes=AttendancesQuery, returns=ListOut[AttendanceOut])
async def list_attendances(call: Call[AttendancesQuery]) -> ListOut[AttendanceOut]:
    """List what one may see, newest message first; `status=waiting`: longest waiting first."""
    page = await call.cases.read_board.attendances(
        call.by, call.input.filter, cursor=call.input.cursor or None, limit=call.input.limit
    )
    return page_of(page, AttendanceOut.of)


@endpoint(
    "POST /v1/attendances",
    takes=OpenBody,
    returns=OpenedOut,
    status=HTTPStatus.CREATED,
    errors=(
        AttendanceOpenError,
        ClientNotFoundError,
        TooManyChatsError,
        WindowClosedError,
        NotCapableError,
        SessionNotFoundError,
    ),
    keyed=True,
)
async def open_attendance(call: Call[OpenBody]) -> OpenedOut:
    """Write to a client first.

    RefusedError with the `attendance_id` when the client has an open attendance.  A template is
    one of a number's: with it goes the `session_id`.
    """
    message_id = await _begin(call)
    message = await call.cases.read_board.message(message_id, by=call.by)
    opened = await call.cases.read_board.attendance(message.message.attendance_id, by=call.by)
    return OpenedOut(AttendanceOut.of(opened), MessageOut.of(message))


async def _begin(call: Call[OpenBody]) -> MessageId:
    it = call.input
    session = SessionId(it.session_id) if it.session_id else None
    whom: _Whom = {
        "client_id": ClientId(it.client_id) if it.client_id else None,
        "phone": it.phone,
        "name": it.name,
        "sector_id": SectorId(it.sector_id) if it.sector_id else None,
    }
    if it.template is None:
        return await call.cases.open_attendance(
            by=call.by, text=it.text or "", session_id=session, key=call.key, **whom
        )
    if it.text is not None:
        raise InvalidError("Send a template, or a text, not two at once.", field="template")
    if session is None:
        raise InvalidError("Say whose template it is.", field="session_id")
    return await call.cases.send_template.open(
        it.template.choice, by=call.by, session_id=session, key=call.key, **whom
    )


@endpoint(
    "GET /v1/attendances/{id}",
    takes=Nothing,
    returns=AttendanceOut,
    errors=(AttendanceNotFoundError,),
)
async def read_attendance(call: Call[Nothing]) -> AttendanceOut:
    """Show one."""
    it = await call.cases.read_board.attendance(AttendanceId(call.id), by=call.by)
    return AttendanceOut.of(it)


@endpoint(
    "GET /v1/attendances/{id}/history",
    takes=Nothing,
    returns=ListOut[ChangeOut],
    errors=(AttendanceNotFoundError,),
)
async def read_history(call: Call[Nothing]) -> ListOut[ChangeOut]:
    """List what happened to it, oldest first."""
    changes = await call.cases.read_board.history(AttendanceId(call.id), by=call.by)
    return list_of(changes, ChangeOut.of)


@endpoint(
    "POST /v1/attendances/{id}/take",
    takes=TakeBody,
    returns=AttendanceOut,
    errors=(
        AttendanceNotFoundError,
        AttendanceClosedError,
        AlreadyTakenError,
        RoleRequiredError,
    ),
)
async def take(call: Call[TakeBody]) -> AttendanceOut:
    """Make it one's own; of two at once, one wins and the other is told the `holder`."""
    taken = await call.cases.take_attendance(
        AttendanceId(call.id), by=call.by, force=call.input.force
    )
    return await _afterwards(call, taken)


@endpoint(
    "POST /v1/attendances/{id}/transfer",
    takes=TransferBody,
    returns=AttendanceOut,
    errors=(AttendanceNotFoundError, AttendanceClosedError, NotYoursError),
)
async def transfer(call: Call[TransferBody]) -> AttendanceOut:
    """Hand it to a colleague, or to a sector's queue."""
    it = call.input
    to = it.sector_id or it.attendant_id
    if to is None or (it.sector_id and it.attendant_id):
        raise InvalidError("Give either attendant_id or sector_id.", field="attendant_id")
    moved = await call.cases.transfer_attendance(
        AttendanceId(call.id),
        by=call.by,
        to=SectorId(to) if it.sector_id else AttendantId(to),
        to_sector=it.sector_id is not None,
        reason=it.reason,
    )
    return await _afterwards(call, moved)


@endpoint(
    "POST /v1/attendances/{id}/release",
    takes=Nothing,
    returns=AttendanceOut,
    errors=(AttendanceNotFoundError, AttendanceClosedError, NotYoursError),
)
async def release(call: Call[Nothing]) -> AttendanceOut:
    """Put it back into its sector's queue."""
    released = await call.cases.release_attendance(AttendanceId(call.id), by=call.by)
    return await _afterwards(call, released)


@endpoint(
    "POST /v1/attendances/{id}/close",
    takes=CloseBody,
    returns=AttendanceOut,
    errors=(AttendanceNotFoundError, AttendanceClosedError, NotYoursError),
)
async def close(call: Call[CloseBody]) -> AttendanceOut:
    """End it; the client is asked for feedback, where the sector wants that."""
    closed = await call.cases.close_attendance(
        AttendanceId(call.id), by=call.by, reason=call.input.reason
    )
    return await _afterwards(call, closed)


@endpoint("POST /v1/attendances/{id}/read", takes=Nothing, errors=(AttendanceNotFoundError,))
async def mark_read(call: Call[Nothing]) -> None:
    """Note that all was read; only its holder's look counts."""
    await call.cases.read_attendance(AttendanceId(call.id), by=call.by)


@endpoint("POST /v1/attendances/{id}/typing", takes=Nothing, errors=(AttendanceNotFoundError,))
async def show_typing(call: Call[Nothing]) -> None:
    """Show the client for a few seconds that its holder types."""
    await call.cases.show_typing(AttendanceId(call.id), by=call.by)


async def _afterwards(call: Call[Any], it: Attendance) -> AttendanceOut:
    return AttendanceOut.of(await call.cases.read_board.afterwards(it))


ENDPOINTS: Final = (
    list_attendances,
    open_attendance,
    read_attendance,
    read_history,
    take,
    transfer,
    release,
    close,
    mark_read,
    show_typing,
)
