"""Bringing a database up to this release: one SQL file, one transaction, in order, once.

A file that was applied never changes: its digest is kept, and an edited one is refused, as is a
database that a newer release has been at.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import asyncpg
import structlog

from helpdesk.adapters.postgres.connection import UNUSABLE, unusable
from helpdesk.opening import OpeningError

LOCK: Final = 0x68656C70  # "help": one key for every release

log = structlog.get_logger()


class SchemaError(OpeningError):
    """The database does not fit this release; one sentence for the person who started it."""


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


@cache
def shipped() -> tuple[Migration, ...]:
    """The migrations of this release, in order."""
    folder = files("helpdesk.adapters.postgres") / "migrations"
    names = sorted(it.name for it in folder.iterdir() if it.name.endswith(".sql"))
    return tuple(
        Migration(int(name[:4]), name.removesuffix(".sql"), (folder / name).read_text("utf-8"))
        for name in names
    )


async def migrate(dsn: str, *, patience: float = 10.0) -> list[str]:
    """Bring the database up to this release; return what was applied.

    Raises:
        SchemaError: an applied file changed since, or a newer release was here.
    """
    async with _connection(dsn, patience) as connection:
        # Of the session, on our own connection: several processes start at once.
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        return [it.name async for it in _apply_missing(connection)]


async def pending(dsn: str, *, patience: float = 10.0) -> list[str]:
    """Name what `migrate` would apply.

    Raises:
        SchemaError: as `migrate`.
    """
    async with _connection(dsn, patience) as connection:
        return [it.name for it in await _missing(connection)]


@asynccontextmanager
async def _connection(dsn: str, patience: float) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await asyncpg.connect(dsn, timeout=patience, statement_cache_size=0)
    except UNUSABLE as error:
        raise unusable(error, patience) from error
    try:
        yield connection
    finally:
        await connection.close()


async def _apply_missing(connection: asyncpg.Connection) -> AsyncIterator[Migration]:
    for migration in await _missing(connection):
        async with connection.transaction():
            await connection.execute(_TABLE)
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migration (version, name, digest) VALUES ($1, $2, $3)",
                migration.version,
                migration.name,
                migration.digest,
            )
        log.info("migration_applied", migration=migration.name)
        yield migration


_TABLE: Final = """
CREATE TABLE IF NOT EXISTS schema_migration (
    version    int         PRIMARY KEY,
    name       text        NOT NULL,
    digest     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


async def _missing(connection: asyncpg.Connection) -> list[Migration]:
    applied: dict[int, str] = {}
    if await connection.fetchval("SELECT to_regclass('schema_migration') IS NOT NULL"):
        rows = await connection.fetch("SELECT version, digest FROM schema_migration")
        applied = {row["version"]: row["digest"] for row in rows}
    known = {it.version: it for it in shipped()}
    if newer := applied.keys() - known.keys():
        raise SchemaError(
            f"A newer release of the helpdesk was on this database (migrations {sorted(newer)}):"
            " start that release, or restore a backup made before it."
        )
    for version, digest in applied.items():
        if known[version].digest != digest:
            raise SchemaError(f"Migration {known[version].name} was edited after it was applied.")
    return [it for version, it in sorted(known.items()) if version not in applied]
