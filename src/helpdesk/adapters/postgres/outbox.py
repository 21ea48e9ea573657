"""The outbox: what was committed and is still to be told.

One process leads each destination.  Its lead is a lock that the server gives back when the
connection breaks; whoever waits for it asks again and again instead of waiting within the server,
where a waiting transaction would keep every dead row from being cleaned up.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.postgres.rings import Connect
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.system.bells import Bell
from helpdesk.adapters.wire import events as wire
from helpdesk.adapters.wire import trail
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.outbox import Destination, Envelope, OutboxEntry

_ASK_AGAIN: Final = 1.0  # seconds until a rival's lead is asked for anew
_LOOK_AGAIN: Final = 1.0  # seconds: a ring may have been lost
_CLOSE_SECONDS: Final = 2.0
_READABLE: Final = tuple(wire.NAMES)  # what a newer release wrote waits for a newer release

# Of the transaction, which stays open: a pooler keeps its session for us alone as long.
_BEGIN: Final = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0"
_LEAD: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('lead:' || $1, 0))"
_PENDING: Final = """
SELECT position, id, type, body, correlation, trail FROM outbox
WHERE destination = $1 AND position <> ALL ($3::bigint[]) AND type = ANY ($4)
ORDER BY position LIMIT $2
"""
_SETTLE: Final = """
DELETE FROM outbox WHERE destination IN ('feed', 'broker') AND position = ANY ($1::bigint[])
"""
_DEPTH: Final = """
SELECT destination, count(*), extract(epoch FROM now() - min(written_at))::float8
FROM outbox GROUP BY destination
"""


class PostgresOutbox:
    def __init__(
        self,
        database: Database,
        bells: Mapping[Destination, Bell],
        connect: Connect,
    ) -> None:
        self._database = database
        self._bells = bells
        self._connect = connect
        self._leads: dict[Destination, asyncpg.Connection] = {}

    @asynccontextmanager
    async def lead(self, destination: Destination) -> AsyncIterator[None]:
        with TRANSLATED:
            connection = await self._connect()
        try:
            with TRANSLATED:
                await connection.execute(_BEGIN)
                while not await connection.fetchval(_LEAD, destination):  # noqa: ASYNC110
                    await asyncio.sleep(_ASK_AGAIN)
            self._leads[destination] = connection
            yield
        finally:
            if self._leads.get(destination) is connection:
                del self._leads[destination]
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=_CLOSE_SECONDS)

    async def pending(
        self, destination: Destination, *, limit: int, but: Sequence[int] = ()
    ) -> list[OutboxEntry]:
        self._must_lead(destination)
        found = await self._database.fetch(_PENDING, destination, limit, list(but), _READABLE)
        return [OutboxEntry(position=it[0], envelope=_envelope(it)) for it in found]

    async def settle(self, positions: Sequence[int]) -> None:
        for destination in self._leads:
            self._must_lead(destination)
        await self._database.execute(_SETTLE, list(positions))

    async def wait(self, destination: Destination, *, seconds: float) -> None:
        self._must_lead(destination)
        await self._bells[destination](min(seconds, _LOOK_AGAIN))

    async def depth(self) -> dict[Destination, tuple[int, float]]:
        found = {row[0]: (row[1], row[2]) for row in await self._database.fetch(_DEPTH)}
        return {it: found.get(it, (0, 0.0)) for it in Destination}

    def _must_lead(self, destination: Destination) -> None:
        """Refuse to go on when the lead that this process had was lost."""
        connection = self._leads.get(destination)
        if connection is not None and connection.is_closed():
            raise UnavailableError("Another process may relay by now.")


def _envelope(row: Row) -> Envelope:
    _, id, name, body, correlation, way = row
    event = wire.decode(name, body)
    return Envelope(id=id, event=event, correlation=correlation, trail=trail.decode(way))
