"""How far dashboards elsewhere were told, and what they may read, within one unit of work."""

from datetime import datetime

from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.live import Grant, Rights

_CURSOR = "live"


class Projection:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._tables = unit.tables

    async def cursor(self) -> int | None:
        return self._tables.live_cursor.get(_CURSOR)

    async def advance(self, cursor: int) -> None:
        await self._unit.hold("live cursor")
        self._tables.live_cursor[_CURSOR] = cursor

    async def grant(self, rights: Rights, *, at: datetime) -> None:
        await self._unit.hold("live grant", rights.attendant_id)
        self._tables.live_grants[rights.attendant_id] = Grant(rights=rights, at=at)

    async def grants(self, of: AttendantId | None = None) -> list[Grant]:
        known = self._tables.live_grants.values()
        return [it for it in known if of in (None, it.rights.attendant_id)]

    async def withdraw(self, grant: Grant) -> None:
        person = grant.rights.attendant_id
        await self._unit.hold("live grant", person)
        if self._tables.live_grants.get(person) == grant:
            del self._tables.live_grants[person]
