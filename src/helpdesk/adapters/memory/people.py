"""Sectors, attendants, their dashboards and sign-ins, and sessions, within one unit of work."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from helpdesk.adapters.memory.tables import Tables
from helpdesk.adapters.memory.text import fold
from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.attendance import Status
from helpdesk.domain.attendant import Attendant, AttendantNotFoundError
from helpdesk.domain.ids import AttendantId, SectorId, SessionId
from helpdesk.domain.routing import Candidate
from helpdesk.domain.sector import Sector, SectorNotFoundError
from helpdesk.domain.session import Session, SessionNotFoundError
from helpdesk.ports.repositories import SignIn

NEVER: Final = datetime.fromtimestamp(0, UTC)


class Team:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def attendant(self, id: AttendantId) -> Attendant:
        attendants = self._unit.tables.attendants
        return await self._unit.held("attendant", attendants, id, AttendantNotFoundError)

    async def attendants(self) -> list[Attendant]:
        return await self._unit.all_held("attendant", self._unit.tables.attendants, lambda _: True)

    async def sector(self, id: SectorId) -> Sector:
        return await self._unit.held("sector", self._unit.tables.sectors, id, SectorNotFoundError)

    async def sectors(self) -> list[Sector]:
        return sectors_of(self._unit.tables)

    async def candidates(self, sector: SectorId, *, online_since: datetime) -> list[Candidate]:
        await self._unit.hold("routing", sector)
        tables = self._unit.tables
        members = await self._unit.all_held(
            "attendant", tables.attendants, lambda it: it.active and sector in it.sectors
        )
        return [
            Candidate(
                id=it.id,
                online=is_online(tables, it, since=online_since),
                active=open_attendances_of(tables, it.id),
                capacity=it.capacity,
                last_assigned_at=tables.assigned.get(it.id, NEVER),
            )
            for it in members
        ]

    async def colleagues(self, ids: Sequence[AttendantId]) -> list[Attendant]:
        attendants = self._unit.tables.attendants
        return [attendants[it] for it in dict.fromkeys(ids) if it in attendants]


class Presence:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def beat(self, attendant: AttendantId, connection: str, *, at: datetime) -> bool:
        await self._unit.hold("presence", attendant)
        first = not self._connections(attendant)
        self._unit.tables.presence[attendant, connection] = at
        return first

    async def leave(self, attendant: AttendantId, connection: str) -> bool:
        await self._unit.hold("presence", attendant)
        left = self._unit.tables.presence.pop((attendant, connection), None)
        return left is not None and not self._connections(attendant)

    async def expire(self, *, before: datetime) -> list[AttendantId]:
        presence = self._unit.tables.presence
        gone = [it for it, seen_at in presence.items() if seen_at < before]
        left = []
        for attendant in sorted({attendant for attendant, _ in gone}):
            await self._unit.hold("presence", attendant)
            for it in self._connections(attendant):
                if presence[attendant, it] < before:
                    del presence[attendant, it]
            if not self._connections(attendant):
                left.append(attendant)
        return left

    async def is_online(self, attendant: AttendantId, *, since: datetime) -> bool:
        return is_connected(self._unit.tables, attendant, since=since)

    def _connections(self, attendant: AttendantId) -> list[str]:
        return [it for of, it in self._unit.tables.presence if of == attendant]


class Sessions:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: SessionId) -> Session:
        sessions = self._unit.tables.sessions
        return await self._unit.held("session", sessions, id, SessionNotFoundError)

    async def all(self) -> list[Session]:
        return [it for it in self._unit.tables.sessions.values() if not it.retired]

    async def ever_by(self, bridge: str) -> bool:
        return any(it.bridge == bridge for it in self._unit.tables.sessions.values())


class SignIns:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def credentials(self, email: str) -> tuple[AttendantId, str] | None:
        tables = self._unit.tables
        ids = [it.id for it in tables.attendants.values() if it.email == email]
        return next(((it, tables.passwords[it]) for it in ids if it in tables.passwords), None)

    async def set_password(self, attendant: AttendantId, hashed: str) -> None:
        await self._unit.hold("attendant", attendant)
        self._unit.tables.passwords[attendant] = hashed
        await self.end_all(attendant)

    async def open(self, sign_in: SignIn) -> None:
        self._unit.tables.sign_ins[sign_in.token_hash] = sign_in

    async def end(self, token_hash: bytes) -> None:
        self._unit.tables.sign_ins.pop(token_hash, None)

    async def end_all(self, attendant: AttendantId) -> None:
        for it in list(self._unit.tables.sign_ins.values()):
            if it.attendant_id == attendant:
                await self.end(it.token_hash)

    async def prune(self, *, before: datetime) -> None:
        for it in list(self._unit.tables.sign_ins.values()):
            if it.expires_at < before:
                await self.end(it.token_hash)


def sectors_of(tables: Tables) -> list[Sector]:
    """List sectors as people read them, the default first."""
    return sorted(tables.sectors.values(), key=lambda it: (not it.is_default, fold(it.name), it.id))


def open_attendances_of(tables: Tables, attendant: AttendantId) -> int:
    return sum(
        it.status is Status.ACTIVE and it.attendant_id == attendant
        for it in tables.attendances.values()
    )


def is_connected(tables: Tables, attendant: AttendantId, *, since: datetime) -> bool:
    return any(of == attendant and at > since for (of, _), at in tables.presence.items())


def is_online(tables: Tables, it: Attendant, *, since: datetime) -> bool:
    return it.active and not it.away and is_connected(tables, it.id, since=since)
