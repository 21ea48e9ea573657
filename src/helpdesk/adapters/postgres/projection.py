"""How far dashboards elsewhere were told, and what they may read, within a unit of work."""

from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.attendant import Role
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.live import Grant, Rights

_ADVANCE: Final = """
INSERT INTO live_cursor (one, cursor) VALUES (true, $1)
ON CONFLICT (one) DO UPDATE SET cursor = $1
"""
_GRANT: Final = """
INSERT INTO live_grant (attendant_id, role, sectors, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (attendant_id) DO UPDATE SET role = $2, sectors = $3, at = $4
"""
_GRANTS: Final = """
SELECT attendant_id, role, sectors, at FROM live_grant
WHERE $1::uuid IS NULL OR attendant_id = $1 ORDER BY at, attendant_id
"""
_WITHDRAW: Final = "DELETE FROM live_grant WHERE attendant_id = $1 AND at = $2"


class Projection:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def cursor(self) -> int | None:
        known: int | None = await self._unit.fetchval("SELECT cursor FROM live_cursor")
        return known

    async def advance(self, cursor: int) -> None:
        await self._unit.execute(_ADVANCE, cursor)

    async def grant(self, rights: Rights, *, at: datetime) -> None:
        it = rights
        await self._unit.execute(_GRANT, it.attendant_id, it.role, list(it.sectors), at)

    async def grants(self, of: AttendantId | None = None) -> list[Grant]:
        return [
            Grant(
                rights=Rights(attendant_id=it[0], role=Role(it[1]), sectors=tuple(it[2])), at=it[3]
            )
            for it in await self._unit.fetch(_GRANTS, of)
        ]

    async def withdraw(self, grant: Grant) -> None:
        await self._unit.execute(_WITHDRAW, grant.rights.attendant_id, grant.at)
