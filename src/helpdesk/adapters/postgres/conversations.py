"""Attendances, messages and feedback within a unit of work.

FOR NO KEY UPDATE is enough to hold a row, and lets others insert rows that refer to it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId, SectorId, SessionId
from helpdesk.domain.message import Delivery, Failure, Message, MessageNotFoundError

ATTENDANCE: Final = f"SELECT {rows.ATTENDANCE}, xmin FROM attendance WHERE id = $1"
_OPEN_OF: Final = f"""
SELECT {rows.ATTENDANCE} FROM attendance
WHERE client_id = $1 AND status <> 'closed'
ORDER BY id FOR NO KEY UPDATE
"""
OPEN_IN: Final = f"""
SELECT {rows.ATTENDANCE}, xmin FROM attendance
WHERE client_id = $1 AND session_id = $2 AND status <> 'closed'
"""
_LAST_HEARD: Final = """
SELECT max(heard_at) FROM attendance WHERE client_id = $1 AND session_id = $2
"""
_WAITING: Final = f"""
SELECT {rows.ATTENDANCE} FROM attendance
WHERE sector_id = $1 AND status = 'waiting'
ORDER BY coalesce(waiting_since, last_message_at), id LIMIT $2
FOR NO KEY UPDATE SKIP LOCKED
"""
_ABANDONED: Final = f"""
SELECT {rows.ATTENDANCE} FROM attendance
WHERE status = 'active' AND attendant_id IN (SELECT id FROM attendant WHERE NOT active)
ORDER BY last_message_at, id LIMIT $1
FOR NO KEY UPDATE SKIP LOCKED
"""
_SILENT: Final = f"""
SELECT {rows.ATTENDANCE} FROM attendance
WHERE status <> 'closed' AND sector_id = $1 AND last_message_at <= $2 AND NOT (neglected AND $3)
ORDER BY last_message_at, id LIMIT $4
FOR NO KEY UPDATE SKIP LOCKED
"""

MESSAGE: Final = f"SELECT {rows.MESSAGE}, xmin FROM message WHERE id = $1"
OF_PROVIDER: Final = f"""
SELECT {rows.MESSAGE}, xmin FROM message WHERE session_id = $1 AND provider_id = $2
"""
_LAST_INBOUND: Final = f"""
SELECT {rows.MESSAGE} FROM message
WHERE attendance_id = $1 AND direction = 'inbound'
ORDER BY position DESC LIMIT 1
"""
_PARK: Final = """
INSERT INTO parked_status (session_id, provider_id, delivery, rank, failure_code, failure_detail)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (session_id, provider_id) DO UPDATE SET
    delivery = excluded.delivery,
    rank = excluded.rank,
    failure_code = excluded.failure_code,
    failure_detail = excluded.failure_detail
WHERE parked_status.rank < excluded.rank
"""
_UNPARK: Final = """
DELETE FROM parked_status WHERE session_id = $1 AND provider_id = $2
RETURNING delivery, failure_code, failure_detail
"""
_RANKS: Final = tuple(Delivery)

_FEEDBACK: Final = f"SELECT {rows.FEEDBACK} FROM feedback WHERE token_hash = $1 FOR NO KEY UPDATE"
_FEEDBACK_OF: Final = (
    f"SELECT {rows.FEEDBACK} FROM feedback WHERE attendance_id = $1 FOR NO KEY UPDATE"
)


class Attendances:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: AttendanceId) -> Attendance:
        return _found(await self._unit.hold(Attendance, ATTENDANCE, id))

    async def find(self, id: AttendanceId) -> Attendance:
        return _found(await self._unit.look(ATTENDANCE, id))

    async def open_of(self, client: ClientId, session: SessionId | None = None) -> list[Attendance]:
        if session is None:
            return await self._all(_OPEN_OF, client)
        found = await self._unit.hold(Attendance, OPEN_IN, client, session)
        return [rows.attendance(it) for it in found]

    async def last_heard(self, client: ClientId, session: SessionId) -> datetime | None:
        heard_at: datetime | None = await self._unit.fetchval(_LAST_HEARD, client, session)
        return heard_at

    async def waiting_in(self, sector: SectorId, limit: int) -> list[Attendance]:
        return await self._all(_WAITING, sector, limit)

    async def abandoned(self, limit: int) -> list[Attendance]:
        return await self._all(_ABANDONED, limit)

    async def silent_in(
        self, sector: SectorId, *, since: datetime, skip_neglected: bool, limit: int
    ) -> list[Attendance]:
        return await self._all(_SILENT, sector, since, skip_neglected, limit)

    async def _all(self, sql: str, *arguments: object) -> list[Attendance]:
        return [rows.attendance(it) for it in await self._unit.fetch(sql, *arguments)]


def _found(found: Sequence[rows.Row]) -> Attendance:
    if not found:
        raise AttendanceNotFoundError
    return rows.attendance(found[0])


class Messages:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: MessageId) -> Message:
        found = _first(await self._unit.hold(Message, MESSAGE, id))
        if found is None:
            raise MessageNotFoundError
        return found

    async def find(self, id: MessageId) -> Message | None:
        return _first(await self._unit.look(MESSAGE, id))

    async def of_provider(self, session: SessionId, provider_id: str) -> Message | None:
        return _first(await self._unit.hold(Message, OF_PROVIDER, session, provider_id))

    async def last_inbound(self, attendance: AttendanceId) -> Message | None:
        return _first(await self._unit.look(_LAST_INBOUND, attendance))

    async def park_status(
        self, session: SessionId, provider_id: str, delivery: Delivery, failure: Failure | None
    ) -> None:
        code, detail = (failure.code, failure.detail) if failure else (None, None)
        rank = _RANKS.index(delivery)
        await self._unit.execute(_PARK, session, provider_id, delivery, rank, code, detail)

    async def unpark_status(
        self, session: SessionId, provider_id: str
    ) -> tuple[Delivery, Failure | None] | None:
        row = await self._unit.fetchrow(_UNPARK, session, provider_id)
        return None if row is None else (Delivery(row[0]), rows.failure(row[1], row[2]))


def _first(found: Sequence[rows.Row]) -> Message | None:
    return rows.message(found[0]) if found else None


class Feedbacks:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def by_token(self, token_hash: bytes) -> Feedback | None:
        row = await self._unit.fetchrow(_FEEDBACK, token_hash)
        return None if row is None else rows.feedback(row)

    async def of(self, attendance: AttendanceId) -> Feedback | None:
        row = await self._unit.fetchrow(_FEEDBACK_OF, attendance)
        return None if row is None else rows.feedback(row)
