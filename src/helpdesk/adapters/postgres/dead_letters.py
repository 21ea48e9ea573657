"""Dead letters: one row each; replaying writes to the outbox in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from helpdesk.adapters.postgres import cursors
from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.outbox import topic_of
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.wire import events as wire
from helpdesk.adapters.wire import trail
from helpdesk.adapters.wire.events import UnreadableEventError
from helpdesk.domain.dead_letter import (
    DeadLetter,
    DeadLetterNotFoundError,
    DeathReason,
    LetterSearch,
    Replayed,
    UnreadableLetterError,
)
from helpdesk.domain.ids import DeadLetterId
from helpdesk.domain.views import Page
from helpdesk.ports.outbox import Destination

_COLUMNS: Final = (
    "queue, key, message_id, type, correlation, trail, body, reason, error, detail, attempts, "
    "deaths, first_at, last_at, replayed_at"
)
# As DeadLetter.after says, in one statement: several may hear of the same death at once.
_KEEP: Final = f"""
INSERT INTO dead_letter (id, {_COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (id) DO UPDATE SET
    key = excluded.key, type = excluded.type, correlation = excluded.correlation,
    trail = excluded.trail, body = excluded.body, reason = excluded.reason,
    error = excluded.error, detail = excluded.detail,
    attempts = dead_letter.attempts + excluded.attempts, deaths = dead_letter.deaths + 1,
    last_at = excluded.last_at, replayed_at = NULL
WHERE dead_letter.last_at < excluded.last_at
"""
_FOUND: Final = """
(replayed_at IS NOT NULL) = $1 AND ($2 = '' OR queue = $2) AND ($3 = '' OR type = $3)
    AND ($4::text IS NULL OR reason = $4)
"""
_PAGE: Final = f"""
SELECT id, {_COLUMNS} FROM dead_letter
WHERE {_FOUND} AND ($6::uuid IS NULL OR (last_at, id) < ($5::timestamptz, $6))
ORDER BY last_at DESC, id DESC LIMIT $7
"""
_ONE: Final = f"SELECT id, {_COLUMNS} FROM dead_letter WHERE id = $1"
# Bodies nobody can read are passed over, and must not be met again for ever: see `replay_all`.
_TAKE: Final = f"""
SELECT id, {_COLUMNS} FROM dead_letter
WHERE {_FOUND} AND type = ANY ($6) AND ($8::uuid IS NULL OR (first_at, id) > ($7, $8))
ORDER BY first_at, id LIMIT $5
FOR UPDATE SKIP LOCKED
"""
_SEND: Final = """
WITH sent AS (
    INSERT INTO outbox (destination, id, type, body, correlation, trail, queue, key)
    SELECT 'broker', message_id::uuid, type, body, correlation, trail, queue, key
    FROM unnest($1::uuid[]) WITH ORDINALITY AS it (id, place) JOIN dead_letter USING (id)
    ORDER BY place
)
UPDATE dead_letter SET replayed_at = $2 WHERE id = ANY ($1)
"""
_COUNT: Final = f"SELECT count(*) FROM dead_letter WHERE {_FOUND}"
_WAITING: Final = """
SELECT queue, count(*) FROM dead_letter WHERE (replayed_at IS NOT NULL) = false GROUP BY queue
"""
_PRUNE: Final = "DELETE FROM dead_letter WHERE replayed_at < $1"
_TOPIC: Final = topic_of(Destination.BROKER)


class PostgresDeadLetters:
    def __init__(self, database: Database, rings: Rings) -> None:
        self._database = database
        self._rings = rings

    async def keep(self, letter: DeadLetter) -> None:
        await self._database.execute(_KEEP, *_row(letter))

    async def page(
        self, search: LetterSearch, *, cursor: str | None, limit: int
    ) -> Page[DeadLetter]:
        at, id = cursors.moment_of(cursor)
        found = await self._database.fetch(_PAGE, *_wanted(search), at, id, limit + 1)
        items = [_letter(it) for it in found]
        return cursors.page(items, [(it["last_at"], it["id"]) for it in found], limit)

    async def letter(self, id: DeadLetterId) -> DeadLetter:
        row = await self._database.fetchrow(_ONE, id)
        if row is None:
            raise DeadLetterNotFoundError
        return _letter(row)

    async def replay(self, id: DeadLetterId, *, at: datetime) -> None:
        async with self._database.connection() as connection, connection.transaction():
            row = await connection.fetchrow(f"{_ONE} FOR UPDATE", id)
            if row is None:
                raise DeadLetterNotFoundError
            if not _is_readable(_letter(row)):
                raise UnreadableLetterError
            await connection.execute(_SEND, [id], at)
        self._rings.ring(_TOPIC)

    async def replay_all(self, search: LetterSearch, *, at: datetime, limit: int) -> Replayed:
        wanted = _wanted(search)
        async with self._database.connection() as connection, connection.transaction():
            ids = await _readable(connection, wanted, limit)
            await connection.execute(_SEND, ids, at)
            left = await connection.fetchval(_COUNT, *wanted)
        self._rings.ring(_TOPIC)
        return Replayed(len(ids), left)

    async def discard(self, id: DeadLetterId) -> None:
        done = await self._database.execute("DELETE FROM dead_letter WHERE id = $1", id)
        if done == "DELETE 0":
            raise DeadLetterNotFoundError

    async def waiting(self) -> dict[str, int]:
        return {it[0]: it[1] for it in await self._database.fetch(_WAITING)}

    async def prune(self, *, before: datetime) -> None:
        await self._database.execute(_PRUNE, before)


async def _readable(
    connection: asyncpg.Connection, wanted: tuple[object, ...], limit: int
) -> list[DeadLetterId]:
    """Take up to `limit` letters that can be replayed, oldest first."""
    ids: list[DeadLetterId] = []
    place: tuple[datetime | None, object] = None, None
    while len(ids) < limit:
        rows = await connection.fetch(_TAKE, *wanted, limit - len(ids), list(wire.NAMES), *place)
        if not rows:
            break
        place = rows[-1]["first_at"], rows[-1]["id"]
        ids += [it.id for it in map(_letter, rows) if _is_readable(it)]
    return ids


def _is_readable(it: DeadLetter) -> bool:
    try:
        wire.decode(it.type, it.body)
    except UnreadableEventError:
        return False
    return it.envelope_id is not None


def _wanted(it: LetterSearch) -> tuple[object, ...]:
    return it.replayed, it.queue, it.type, it.reason


def _row(it: DeadLetter) -> Sequence[Any]:
    return (
        *(it.id, it.queue, it.key, it.message_id, it.type, it.correlation),
        *(trail.encode(it.trail), it.body, it.reason, it.error, it.detail),
        *(it.attempts, it.deaths, it.first_at, it.last_at, it.replayed_at),
    )


def _letter(row: Row) -> DeadLetter:
    values = dict(row)
    del values["id"]
    values["trail"] = trail.decode(values["trail"])
    values["reason"] = DeathReason(values["reason"])
    return DeadLetter(**values)
