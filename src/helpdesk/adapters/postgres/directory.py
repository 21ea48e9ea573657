"""People and numbers for people to look at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres import cursors, rows
from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.gathering import Gathering
from helpdesk.adapters.postgres.outages import OUTAGES_OF, outage_of
from helpdesk.adapters.postgres.people import SECTORS, SESSIONS
from helpdesk.adapters.postgres.rows import Row
from helpdesk.domain.attendant import Attendant, AttendantNotFoundError
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.ids import AttendantId, ClientId, SessionId
from helpdesk.domain.outage import Outage
from helpdesk.domain.session import Session, SessionNotFoundError
from helpdesk.domain.views import AttendantView, MergeView, Page, Ref, SectorView

_NAME: Final = 'fold(name) COLLATE "C"'
_COUNT: Final = len(rows.CLIENT.split(","))
_CLIENTS: Final = f"""
SELECT {rows.CLIENT}, {_NAME} FROM client
WHERE merged_into IS NULL
    AND ($1 = '' OR fold(haystack) LIKE containing($1))
    AND ($3::uuid IS NULL OR ({_NAME}, id) > ($2, $3))
ORDER BY {_NAME}, id LIMIT $4
"""
_CLIENT: Final = f"""
WITH RECURSIVE lives_on AS (
    SELECT * FROM client WHERE id = $1
    UNION ALL
    SELECT client.* FROM lives_on JOIN client ON client.id = lives_on.merged_into
)
SELECT {rows.CLIENT} FROM lives_on client WHERE merged_into IS NULL
"""
_MERGES: Final = """
WITH RECURSIVE one AS (
    SELECT $1::uuid AS id
    UNION ALL
    SELECT merged_id FROM one JOIN client_merge ON client_id = one.id
)
SELECT m.at, m.actor_id, actor.name, m.merged_id, merged.name, m.client_id, kept.name
FROM one JOIN client_merge m ON m.client_id = one.id
JOIN client merged ON merged.id = m.merged_id
JOIN client kept ON kept.id = m.client_id
LEFT JOIN attendant actor ON actor.id = m.actor_id
ORDER BY m.at, m.merged_id
"""
_MEMBERS: Final = f"""
SELECT sector_id, array_agg(attendant_id ORDER BY {_NAME}, attendant_id)
FROM attendant_sector JOIN attendant ON attendant.id = attendant_id
GROUP BY sector_id
"""
_ATTENDANTS: Final = f"""
SELECT {rows.ATTENDANT},
    active AND NOT away AND EXISTS (
        SELECT FROM presence WHERE attendant_id = attendant.id AND seen_at > $1
    ),
    (SELECT count(*) FROM attendance
     WHERE attendant_id = attendant.id AND status = 'active')
FROM attendant ORDER BY {_NAME}, id
"""
_ATTENDANT: Final = f"SELECT {rows.ATTENDANT} FROM attendant WHERE id = $1"
_SESSION: Final = f"SELECT {rows.SESSION} FROM session WHERE id = $1"
_SIGNED_IN: Final = f"""
SELECT {rows.ATTENDANT}, token_hash, expires_at FROM sign_in JOIN attendant ON id = attendant_id
WHERE token_hash = ANY ($1) AND active
"""


class PostgresDirectory:
    """What may be a moment old is read from `replica`, which may be the same."""

    def __init__(self, primary: Database, replica: Database) -> None:
        self._primary = primary
        self._replica = replica
        self._signed_in = Gathering(self._find_signed_in)

    async def clients(self, text: str, *, cursor: str | None, limit: int) -> Page[Client]:
        name, id = cursors.name_of(cursor)
        if "\0" in text:  # no name, tag or address has one
            return Page(())
        found = await self._replica.fetch(_CLIENTS, text, name, id, limit + 1)
        items = [rows.client(it) for it in found]
        return cursors.page(items, [(it[_COUNT], it[0]) for it in found], limit)

    async def client(self, id: ClientId) -> Client:
        row = await self._replica.fetchrow(_CLIENT, id)
        if row is None:
            raise ClientNotFoundError
        return rows.client(row)

    async def merges(self, id: ClientId) -> list[MergeView]:
        return [_merge(it) for it in await self._replica.fetch(_MERGES, id)]

    async def sectors(self) -> list[SectorView]:
        members = {it[0]: tuple(it[1]) for it in await self._replica.fetch(_MEMBERS)}
        sectors = [rows.sector(it) for it in await self._replica.fetch(SECTORS)]
        return [SectorView(sector=it, members=members.get(it.id, ())) for it in sectors]

    async def attendants(self, *, online_since: datetime) -> list[AttendantView]:
        return [
            AttendantView(attendant=rows.attendant(it), online=it[-2], open_attendances=it[-1])
            for it in await self._replica.fetch(_ATTENDANTS, online_since)
        ]

    async def attendant(self, id: AttendantId) -> Attendant:
        row = await self._replica.fetchrow(_ATTENDANT, id)
        if row is None:
            raise AttendantNotFoundError
        return rows.attendant(row)

    async def sessions(self) -> list[Session]:
        return [rows.session(it) for it in await self._replica.fetch(SESSIONS)]

    async def session(self, id: SessionId) -> Session:
        row = await self._replica.fetchrow(_SESSION, id)
        if row is None:
            raise SessionNotFoundError
        return rows.session(row)

    async def outages(self, id: SessionId, *, limit: int) -> list[Outage]:
        return [outage_of(it) for it in await self._replica.fetch(OUTAGES_OF, id, limit)]

    async def signed_in(self, token_hash: bytes, *, at: datetime) -> Attendant | None:
        found = await self._signed_in.find(token_hash)
        return rows.attendant(found) if found and found[-1] > at else None

    async def _find_signed_in(self, hashes: Sequence[bytes]) -> dict[bytes, Row]:
        return {it[-2]: it for it in await self._primary.fetch(_SIGNED_IN, hashes)}


def _merge(row: Row) -> MergeView:
    at, actor, actor_name, merged, merged_name, kept, kept_name = row
    return MergeView(
        at=at,
        actor=None if actor is None else Ref(actor, actor_name),
        merged=Ref(merged, merged_name),
        kept=Ref(kept, kept_name),
    )
