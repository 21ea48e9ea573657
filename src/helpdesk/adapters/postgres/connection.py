"""The pools of connections, and what every query needs: time limits and translated errors.

A pool outlives its server: connections that broke are replaced when they are next asked for, so
that the helpdesk works again as soon as PostgreSQL does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import asyncpg

from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.system.courtesy import Courtesy
from helpdesk.neighbours import Postgres
from helpdesk.opening import OpeningError

_STATEMENTS: Final = 500  # prepared and kept by each connection; we have fewer
_CLOSE_SECONDS: Final = 5.0
UNUSABLE: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
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


def unusable(error: Exception, patience: float) -> OpeningError:
    """Say in a sentence why a server cannot be used."""
    reason = str(error) or f"no answer within {patience:g} seconds"
    return OpeningError(f"The database cannot be used: {reason}")


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

    def __init__(self, pool: asyncpg.Pool, timeout: float, courtesy: Courtesy) -> None:
        self._pool = pool
        self._timeout = timeout
        self._courtesy = courtesy

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection.  Errors of the server leave the block translated."""
        with TRANSLATED:
            async with (
                self._courtesy.turn(),
                self._pool.acquire(timeout=self._timeout) as connection,
            ):
                # What the pool lends passes everything on to a connection.
                yield cast(asyncpg.Connection, connection)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        async with self.connection() as connection:
            return await connection.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        async with self.connection() as connection:
            return await connection.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        async with self.connection() as connection:
            return await connection.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: object) -> str:
        async with self.connection() as connection:
            return await connection.execute(sql, *arguments)


@asynccontextmanager
async def open_database(dsn: str, settings: Postgres) -> AsyncIterator[Database]:
    """Open a pool of connections to a server.

    Raises:
        OpeningError: it does not let us in, or is not there.
    """
    most = settings.pool_size
    try:
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=most, reset=_keep_as_it_is, **_options(settings)
        )
    except UNUSABLE as error:
        raise unusable(error, settings.timeout_seconds) from error
    try:
        yield Database(pool, settings.timeout_seconds, Courtesy(behind=max(1, most * 3 // 4)))
    finally:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await pool.close()
        except TimeoutError:  # somebody has not given back what he borrowed, or the server hangs
            pool.terminate()
