"""When numbers were down, within a unit of work."""

from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.ids import SessionId
from helpdesk.domain.outage import News, Outage, OutageNotFoundError, Told
from helpdesk.domain.session import SessionState

_COLUMNS: Final = "session_id, since, state, reason, ended_at, due_at, attempts, told"
_LAST: Final = f"""
SELECT {_COLUMNS} FROM session_outage WHERE session_id = $1
ORDER BY since DESC LIMIT 1 FOR NO KEY UPDATE
"""
_LOAD: Final = f"""
SELECT {_COLUMNS} FROM session_outage WHERE session_id = $1 AND since = $2 FOR NO KEY UPDATE
"""
_KEEP: Final = f"""
INSERT INTO session_outage ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (session_id, since) DO UPDATE
SET ended_at = $5, due_at = $6, attempts = $7, told = $8
"""
_TAKE: Final = f"""
UPDATE session_outage SET due_at = $2
WHERE (session_id, since) IN (
    SELECT session_id, since FROM session_outage WHERE due_at <= $1
    ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING {_COLUMNS}
"""
OUTAGES_OF: Final = f"""
SELECT {_COLUMNS} FROM session_outage WHERE session_id = $1 ORDER BY since DESC LIMIT $2
"""
PRUNE_OUTAGES: Final = "DELETE FROM session_outage WHERE ended_at < $1 AND due_at IS NULL"


class Outages:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def last_of(self, session: SessionId) -> Outage | None:
        row = await self._unit.fetchrow(_LAST, session)
        return None if row is None else outage_of(row)

    async def load(self, session: SessionId, since: datetime) -> Outage:
        row = await self._unit.fetchrow(_LOAD, session, since)
        if row is None:
            raise OutageNotFoundError
        return outage_of(row)

    async def keep(self, outage: Outage) -> None:
        it = outage
        told = sorted(f"{told.channel}:{told.news}" for told in it.told)
        await self._unit.execute(
            _KEEP,
            *(it.session_id, it.since, it.state, it.reason),
            *(it.ended_at, it.due_at, it.attempts, told),
        )

    async def take(self, *, at: datetime, until: datetime, limit: int) -> list[Outage]:
        return [outage_of(it) for it in await self._unit.fetch(_TAKE, at, until, limit)]


def outage_of(row: Row) -> Outage:
    return Outage(
        session_id=row[0],
        since=row[1],
        state=SessionState(row[2]),
        reason=row[3],
        ended_at=row[4],
        due_at=row[5],
        attempts=row[6],
        told=frozenset(_told(it) for it in row[7]),
    )


def _told(text: str) -> Told:
    channel, _, news = text.rpartition(":")
    return Told(channel=channel, news=News(news))
