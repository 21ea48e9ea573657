"""What is still to be done with files, within a unit of work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.ids import MediaId, MessageId, SessionId
from helpdesk.domain.message import Kind, Message
from helpdesk.ports.chores import Chore, Task

_SCHEDULE: Final = """
INSERT INTO media_task (chore, message_id, session_id, due_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (chore, message_id) DO UPDATE SET due_at = $4, taken = false, times = 0
"""
# What is taken and due again was left by somebody who is gone: it counts as free.
_FREE: Final = """
SELECT $1 - count(*) FROM media_task
WHERE chore = $2 AND session_id = $3 AND taken AND due_at > $4
"""
_TAKE: Final = """
UPDATE media_task it SET due_at = $3, taken = true, times = times + 1
FROM (
    SELECT chore, message_id, due_at FROM media_task
    WHERE chore = $1 AND due_at <= $2 AND ($4::uuid IS NULL OR session_id = $4)
    ORDER BY due_at, message_id LIMIT $5
    FOR NO KEY UPDATE SKIP LOCKED
) due
WHERE it.chore = due.chore AND it.message_id = due.message_id
RETURNING it.message_id, it.times, due.due_at
"""
_END: Final = "DELETE FROM media_task WHERE chore = $1 AND message_id = $2"
_NEXT: Final = "SELECT min(due_at) FROM media_task WHERE chore = $1 AND NOT taken"
_MESSAGE_OF: Final = f"SELECT {rows.MESSAGE} FROM message WHERE media_id = $1"
_IN_USE: Final = """
SELECT key FROM unnest($1::text[]) AS key
WHERE EXISTS (SELECT FROM media_use WHERE sha256 = key)
OR EXISTS (SELECT FROM session WHERE qr_sha256 = key)
"""
_OUTDATED: Final = """
SELECT id FROM message
WHERE details #>> '{media,state}' IN ('ready', 'pending', 'failed') AND kind = $1 AND at < $2
ORDER BY at LIMIT $3
"""
# Whoever comes second waits for the first to commit, and reads what that one made.
_MADE: Final = """
INSERT INTO secret (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value
"""
_KNOWN: Final = "SELECT value FROM secret WHERE name = $1"


class Chores:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def schedule(self, chore: Chore, message: Message, *, due_at: datetime) -> None:
        await self._unit.execute(_SCHEDULE, chore, message.id, message.session_id, due_at)

    async def take(
        self,
        chore: Chore,
        *,
        session: SessionId | None = None,
        at: datetime,
        until: datetime,
        limit: int,
        in_flight: int | None = None,
    ) -> list[Task]:
        if in_flight is not None:
            limit = min(limit, await self._unit.fetchval(_FREE, in_flight, chore, session, at))
        found = await self._unit.fetch(_TAKE, chore, at, until, session, max(limit, 0))
        found.sort(key=lambda it: (it[2], it[0]))
        return [Task(message_id=it[0], times=it[1]) for it in found]

    async def end(self, chore: Chore, message: MessageId) -> None:
        await self._unit.execute(_END, chore, message)

    async def next_due(self, chore: Chore) -> datetime | None:
        due_at: datetime | None = await self._unit.fetchval(_NEXT, chore)
        return due_at

    async def message_of(self, media: MediaId) -> Message | None:
        row = await self._unit.fetchrow(_MESSAGE_OF, media)
        return None if row is None else rows.message(row)

    async def in_use(self, keys: Sequence[str]) -> set[str]:
        return {it[0] for it in await self._unit.fetch(_IN_USE, list(keys))}

    async def outdated(self, kind: Kind, *, before: datetime, limit: int) -> list[MessageId]:
        return [it[0] for it in await self._unit.fetch(_OUTDATED, kind, before, limit)]

    async def secret(self, name: str, draft: bytes) -> bytes:
        known: bytes | None = await self._unit.fetchval(_KNOWN, name)
        if known is not None:
            return known
        made: bytes = await self._unit.fetchval(_MADE, name, draft)
        return made
