"""Sectors, attendants, their dashboards and sign-ins, and sessions, within a unit of work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.attendant import Attendant, AttendantNotFoundError
from helpdesk.domain.ids import AttendantId, SectorId, SessionId
from helpdesk.domain.routing import Candidate
from helpdesk.domain.sector import Sector, SectorNotFoundError
from helpdesk.domain.session import Session, SessionNotFoundError
from helpdesk.ports.repositories import SignIn

# Held first and read afterwards: what a wait for a lock returns is older in its sub-selects.
_HOLD_ATTENDANT: Final = "SELECT FROM attendant WHERE id = $1 FOR NO KEY UPDATE"
_HOLD_ATTENDANTS: Final = "SELECT FROM attendant ORDER BY id FOR NO KEY UPDATE"
_ATTENDANT: Final = f"SELECT {rows.ATTENDANT} FROM attendant WHERE id = $1"
_ATTENDANTS: Final = f"SELECT {rows.ATTENDANT} FROM attendant ORDER BY ordinal"
_COLLEAGUES: Final = f"SELECT {rows.ATTENDANT} FROM attendant WHERE id = ANY ($1)"
_SECTOR: Final = f"SELECT {rows.SECTOR} FROM sector WHERE id = $1 FOR NO KEY UPDATE"
SECTORS: Final = (
    f'SELECT {rows.SECTOR} FROM sector ORDER BY is_default DESC, fold(name) COLLATE "C", id'
)
_ROUTING: Final = "SELECT pg_advisory_xact_lock(hashtextextended('routing:' || $1, 0))"
# Other sectors have the same people: what is routed there counts here.
_HOLD_MEMBERS: Final = """
SELECT id FROM attendant
WHERE active AND id IN (SELECT attendant_id FROM attendant_sector WHERE sector_id = $1)
ORDER BY id FOR NO KEY UPDATE
"""
_CANDIDATES: Final = """
SELECT
    it.id,
    NOT it.away AND EXISTS (
        SELECT FROM presence WHERE attendant_id = it.id AND seen_at > $2
    ),
    (SELECT count(*) FROM attendance WHERE attendant_id = it.id AND status = 'active'),
    it.capacity,
    coalesce(
        (SELECT max(at) FROM attendance_history
         WHERE attendant_id = it.id AND kind IN ('opened', 'assigned', 'transferred')),
        to_timestamp(0)
    )
FROM attendant it WHERE it.id = ANY ($1) ORDER BY it.ordinal
"""

_PRESENCE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('presence:' || $1, 0))"
_BEAT: Final = """
INSERT INTO presence (attendant_id, connection, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (attendant_id, connection) DO UPDATE SET seen_at = excluded.seen_at
"""
_CONNECTED: Final = "SELECT EXISTS (SELECT FROM presence WHERE attendant_id = $1)"
_LEAVE: Final = "DELETE FROM presence WHERE attendant_id = $1 AND connection = $2 RETURNING true"
_EXPIRED: Final = "SELECT DISTINCT attendant_id FROM presence WHERE seen_at < $1 ORDER BY 1"
_EXPIRE: Final = "DELETE FROM presence WHERE attendant_id = $1 AND seen_at < $2 RETURNING true"
_ONLINE: Final = "SELECT EXISTS (SELECT FROM presence WHERE attendant_id = $1 AND seen_at > $2)"

_SESSION: Final = f"SELECT {rows.SESSION} FROM session WHERE id = $1 FOR NO KEY UPDATE"
_EVER_BY: Final = "SELECT EXISTS (SELECT FROM session WHERE bridge = $1)"
SESSIONS: Final = f"SELECT {rows.SESSION} FROM session WHERE NOT retired ORDER BY ordinal"

_OPEN: Final = "INSERT INTO sign_in (token_hash, attendant_id, expires_at) VALUES ($1, $2, $3)"


class Team:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def attendant(self, id: AttendantId) -> Attendant:
        if await self._unit.fetchrow(_HOLD_ATTENDANT, id) is None:
            raise AttendantNotFoundError
        row = await self._unit.fetchrow(_ATTENDANT, id)
        assert row
        return rows.attendant(row)

    async def attendants(self) -> list[Attendant]:
        await self._unit.fetch(_HOLD_ATTENDANTS)
        return [rows.attendant(it) for it in await self._unit.fetch(_ATTENDANTS)]

    async def sector(self, id: SectorId) -> Sector:
        row = await self._unit.fetchrow(_SECTOR, id)
        if row is None:
            raise SectorNotFoundError
        return rows.sector(row)

    async def sectors(self) -> list[Sector]:
        return [rows.sector(it) for it in await self._unit.fetch(SECTORS)]

    async def candidates(self, sector: SectorId, *, online_since: datetime) -> list[Candidate]:
        await self._unit.execute(_ROUTING, str(sector))
        members = [row[0] for row in await self._unit.fetch(_HOLD_MEMBERS, sector)]
        found = await self._unit.fetch(_CANDIDATES, members, online_since)
        return [
            Candidate(id=it[0], online=it[1], active=it[2], capacity=it[3], last_assigned_at=it[4])
            for it in found
        ]

    async def colleagues(self, ids: Sequence[AttendantId]) -> list[Attendant]:
        found = [rows.attendant(it) for it in await self._unit.fetch(_COLLEAGUES, list(ids))]
        by_id = {it.id: it for it in found}
        return [by_id[it] for it in dict.fromkeys(ids) if it in by_id]


class Presence:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def beat(self, attendant: AttendantId, connection: str, *, at: datetime) -> bool:
        await self._unit.execute(_PRESENCE, str(attendant))
        connected = await self._unit.fetchval(_CONNECTED, attendant)
        await self._unit.execute(_BEAT, attendant, connection, at)
        return not connected

    async def leave(self, attendant: AttendantId, connection: str) -> bool:
        await self._unit.execute(_PRESENCE, str(attendant))
        left = await self._unit.fetchval(_LEAVE, attendant, connection)
        return bool(left) and not await self._unit.fetchval(_CONNECTED, attendant)

    async def expire(self, *, before: datetime) -> list[AttendantId]:
        expired = [row[0] for row in await self._unit.fetch(_EXPIRED, before)]
        return [it for it in expired if await self._is_gone(it, before)]

    async def _is_gone(self, attendant: AttendantId, before: datetime) -> bool:
        await self._unit.execute(_PRESENCE, str(attendant))
        expired = await self._unit.fetch(_EXPIRE, attendant, before)
        return bool(expired) and not await self._unit.fetchval(_CONNECTED, attendant)

    async def is_online(self, attendant: AttendantId, *, since: datetime) -> bool:
        return bool(await self._unit.fetchval(_ONLINE, attendant, since))


class Sessions:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: SessionId) -> Session:
        row = await self._unit.fetchrow(_SESSION, id)
        if row is None:
            raise SessionNotFoundError
        return rows.session(row)

    async def all(self) -> list[Session]:
        return [rows.session(it) for it in await self._unit.fetch(SESSIONS)]

    async def ever_by(self, bridge: str) -> bool:
        return bool(await self._unit.fetchval(_EVER_BY, bridge))


class SignIns:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def credentials(self, email: str) -> tuple[AttendantId, str] | None:
        sql = "SELECT id, password_hash FROM attendant WHERE email = $1"
        row = await self._unit.fetchrow(sql, email)
        return None if row is None or row[1] is None else (row[0], row[1])

    async def set_password(self, attendant: AttendantId, hashed: str) -> None:
        sql = "UPDATE attendant SET password_hash = $2 WHERE id = $1"
        await self._unit.execute(sql, attendant, hashed)
        await self.end_all(attendant)

    async def open(self, sign_in: SignIn) -> None:
        it = sign_in
        await self._unit.execute(_OPEN, it.token_hash, it.attendant_id, it.expires_at)

    async def end(self, token_hash: bytes) -> None:
        await self._unit.execute("DELETE FROM sign_in WHERE token_hash = $1", token_hash)

    async def end_all(self, attendant: AttendantId) -> None:
        await self._unit.execute("DELETE FROM sign_in WHERE attendant_id = $1", attendant)

    async def prune(self, *, before: datetime) -> None:
        await self._unit.execute("DELETE FROM sign_in WHERE expires_at < $1", before)
