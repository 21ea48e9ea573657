"""The pools of connections, and what every query needs: time limits and translated errors.

A pool outlives its server: connections that broke are replaced when they are next asked for, so
that the helpdesk works again as soon as PostgreSQL does.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import asyncpg

from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.opening import OpeningError
from helpdesk.settings import Postgres

_STATEMENTS: Final = 500  # prepared and kept by each connection; we have fewer
_SESSION: Final = {
    "application_name": "helpdesk",
    "jit": "off",  # compiling costs more than our queries
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "60s",  # nobody waits long for a process that hangs,
    "tcp_keepalives_idle": "20",  # or for a machine that is gone
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


async def _keep_as_it_is(_: asyncpg.Connection) -> None:
    """We change nothing of a session that a reset, one more round trip, would have to undo."""


async def connect(dsn: str, settings: Postgres) -> asyncpg.Connection:
    """Open a connection of one's own, for what a pool cannot do: listen, or hold a lock."""
    return await asyncpg.connect(dsn, **_options(settings))


async def must_answer(dsn: str, settings: Postgres) -> None:
    """Refuse to begin without the server.

    Raises:
        OpeningError: it does not let us in, or is not there.
    """
    try:
        connection = await connect(dsn, settings)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error) or f"no answer within {settings.timeout_seconds:g} seconds"
        raise OpeningError(f"The database (postgres.dsn) cannot be used: {reason}") from error
    await connection.close()


def _options(settings: Postgres) -> dict[str, Any]:
    # A pooler hands each transaction to another session: nothing prepared, nothing set.
    pooled = settings.behind_pooler
    return {
        "timeout": settings.timeout_seconds,
        "command_timeout": settings.timeout_seconds,
        "statement_cache_size": 0 if pooled else _STATEMENTS,
        "max_cached_statement_lifetime": 0,
        "server_settings": {"application_name": "helpdesk"} if pooled else _SESSION,
    }


class Database:
    """One server's pool."""

    def __init__(self, pool: asyncpg.Pool, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection.  Errors of the server leave the block translated."""
        with TRANSLATED:
            async with self._pool.acquire(timeout=self._timeout) as connection:
                # What the pool lends passes everything on to a connection.
                yield cast(asyncpg.Connection, connection)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        with TRANSLATED:
            return await self._pool.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        with TRANSLATED:
            return await self._pool.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        with TRANSLATED:
            return await self._pool.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: object) -> str:
        with TRANSLATED:
            return await self._pool.execute(sql, *arguments)


@asynccontextmanager
async def open_database(dsn: str, settings: Postgres) -> AsyncIterator[Database]:
    async with asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=settings.pool_size,
        reset=_keep_as_it_is,
        **_options(settings),
    ) as pool:
        yield Database(pool, settings.timeout_seconds)
