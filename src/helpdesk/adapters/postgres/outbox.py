"""The outbox: what was committed and is still to be told."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.wire import events as wire
from helpdesk.adapters.wire import trail
from helpdesk.domain.change import Command
from helpdesk.ports.broker import commands_of
from helpdesk.ports.outbox import Destination, Envelope, OutboxEntry
from helpdesk.ports.system import Bell

_READABLE: Final = tuple(wire.NAMES)  # what a newer release wrote waits for a newer release

_COLUMNS: Final = "position, id, type, body, correlation, trail, queue, key"
_FOR_FEED: Final = f"""
SELECT * FROM (
    SELECT {_COLUMNS} FROM outbox
    WHERE destination = 'feed' AND type = ANY ($3)
    ORDER BY position LIMIT $1
) it
WHERE position <> ALL ($2::bigint[]) ORDER BY position
"""
# The queues are found one after another, and of each its beginning: however much waits in them.
_FOR_BROKER: Final = f"""
WITH RECURSIVE line AS (
    (SELECT queue FROM outbox WHERE destination = 'broker' ORDER BY queue LIMIT 1)
    UNION ALL
    SELECT (
        SELECT queue FROM outbox
        WHERE destination = 'broker' AND queue > line.queue ORDER BY queue LIMIT 1
    )
    FROM line WHERE queue IS NOT NULL
)
SELECT it.* FROM line, LATERAL (
    SELECT {_COLUMNS} FROM outbox
    WHERE destination = 'broker' AND queue = line.queue AND type = ANY ($3)
    ORDER BY position LIMIT $1
) it
WHERE position <> ALL ($2::bigint[]) ORDER BY position
"""
_PENDING: Final = {Destination.FEED: _FOR_FEED, Destination.BROKER: _FOR_BROKER}
_SETTLE: Final = """
DELETE FROM outbox WHERE destination IN ('feed', 'broker') AND position = ANY ($1::bigint[])
"""
_DEPTH: Final = """
SELECT destination, count(*), extract(epoch FROM now() - min(written_at))::float8
FROM outbox GROUP BY destination
"""


def topic_of(destination: Destination) -> str:
    """Name what is rung when something was written for it."""
    return f"outbox:{destination}"


class PostgresOutbox:
    def __init__(self, database: Database, rings: Rings) -> None:
        self._database = database
        self._rings = rings

    async def pending(
        self, destination: Destination, *, limit: int, but: Sequence[int] = ()
    ) -> list[OutboxEntry]:
        found = await self._database.fetch(_PENDING[destination], limit, list(but), _READABLE)
        return [_entry(it) for it in found]

    async def settle(self, positions: Sequence[int]) -> None:
        await self._database.execute(_SETTLE, list(positions))

    def listen(self, destination: Destination) -> AbstractAsyncContextManager[Bell]:
        return self._rings.listen_alone(topic_of(destination))

    async def depth(self) -> dict[Destination, tuple[int, float]]:
        found = {row[0]: (row[1], row[2]) for row in await self._database.fetch(_DEPTH)}
        return {it: found.get(it, (0, 0.0)) for it in Destination}


def _entry(row: Row) -> OutboxEntry:
    position, id, name, body, correlation, way, queue, key = row
    event = wire.decode(name, body)
    if isinstance(event, Command) and not queue:  # of a release that did not say
        queue, key = commands_of(event.session_id), event.key
    envelope = Envelope(id=id, event=event, correlation=correlation, trail=trail.decode(way))
    return OutboxEntry(position=position, envelope=envelope, queue=queue, key=key)
