"""Databases for tests: one server for the session, one template, one clone for each test.

The server is the one that HELPDESK_TEST_POSTGRES names, else an embedded one of our own.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from helpdesk.adapters.postgres.cluster import Cluster
from helpdesk.adapters.postgres.launch import bundled_binaries
from helpdesk.adapters.postgres.migrate import migrate, shipped
from helpdesk.neighbours import Postgres
from helpdesk.opening import Opening, opening
from helpdesk.settings import Adapters, Settings

# Nothing of a test outlives it, so nothing waits for the disk.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
HASTY |= {"max_connections": "100", "autovacuum": "off"}

# The rows with which a database begins, and a way back to them.
KEEP_BEGINNING = """
CREATE TABLE test_beginning (it text, rows jsonb);
DO $$
DECLARE it text;
BEGIN
    FOR it IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('test_beginning', 'schema_migration')
    LOOP
        EXECUTE format(
            'INSERT INTO test_beginning SELECT %L, coalesce(jsonb_agg(r), ''[]'') FROM %I r', it, it
        );
    END LOOP;
END $$
"""
EMPTY = """
SET lock_timeout = '2s';
SET session_replication_role = replica;  -- no foreign keys, hence no order
DO $$
DECLARE it text; rows jsonb;
BEGIN
    FOR it, rows IN SELECT * FROM test_beginning LOOP
        EXECUTE format('DELETE FROM %I', it);
        CONTINUE WHEN rows = '[]';
        EXECUTE format(
            'INSERT INTO %I OVERRIDING SYSTEM VALUE'
            ' SELECT * FROM jsonb_populate_recordset(null::%I, $1)', it, it
        ) USING rows;
    END LOOP;
    FOR it IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(it::regclass, 1, false);
    END LOOP;
END $$
"""


@asynccontextmanager
async def postgres_opening() -> AsyncIterator[Opening]:
    """Open ports of the postgres adapter on a database of their own."""
    async with recycled_database() as dsn:
        chosen = Adapters(store="postgres", feed="postgres", broker="local")
        postgres = Postgres(dsn=dsn, migrate_on_start=False, pool_size=12)
        async with opening(Settings(adapters=chosen, postgres=postgres)) as it:
            yield it


@asynccontextmanager
async def recycled_database() -> AsyncIterator[str]:
    """Yield the DSN of a database that is as good as new: making one takes 0.2 s of two cores."""
    spare = spares()
    name = spare.pop() if spare else await _create()
    yield database(name)
    if await _empty(name):
        spare.append(name)
    else:
        await _drop(name)


@asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """Make a database with the present schema, yield its DSN, and drop it."""
    name = await _create()
    try:
        yield database(name)
    finally:
        await _drop(name)


@cache
def server() -> str:
    """The DSN of the session's server, which is started when it is first asked for."""
    if given := os.environ.get("HELPDESK_TEST_POSTGRES"):
        return given
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-test-"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "postgres", bundled_binaries(), HASTY)
    cluster.folder.mkdir(mode=0o711)
    cluster.start()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(cluster.stop)
    return cluster.dsn


def database(name: str) -> str:
    """The DSN of another database on the same server."""
    return urlunsplit(urlsplit(server())._replace(path=f"/{name}"))


@cache
def spares() -> list[str]:
    """Databases that were emptied, to be used again in this process."""
    return []


async def _create() -> str:
    name = f"test_{uuid4().hex}"
    template = await _template()
    async with administration() as admin:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


async def _drop(name: str) -> None:
    async with administration() as admin:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _empty(name: str) -> bool:
    """Bring a database back to its beginning; False when that cannot be done."""
    async with administration(database(name)) as admin:
        try:
            await admin.execute(EMPTY)
        except (asyncpg.InsufficientPrivilegeError, asyncpg.LockNotAvailableError):
            return False
    return True


@asynccontextmanager
async def administration(dsn: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    """Connect to the server's own database, or to another."""
    connection = await asyncpg.connect(dsn or server())
    try:
        yield connection
    finally:
        await connection.close()


async def _template() -> str:
    """Name a database with the present schema, made by whoever needs it first."""
    made_of = [KEEP_BEGINNING, *(it.digest for it in shipped())]
    digest = sha256("".join(made_of).encode()).hexdigest()[:16]
    name = f"helpdesk_template_{digest}"
    async with administration() as admin:
        await admin.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", name)
        sql = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        if not await admin.fetchval(sql, name):
            unfinished = f"{name}_{uuid4().hex[:8]}"
            await admin.execute(f"CREATE DATABASE {unfinished}")
            await migrate(database(unfinished))
            async with administration(database(unfinished)) as made:
                await made.execute(KEEP_BEGINNING)
            await _rename(admin, unfinished, name)
    return name


async def _rename(admin: asyncpg.Connection, old: str, new: str) -> None:
    for _ in range(50):  # until the migration's connection has really gone
        try:
            await admin.execute(f"ALTER DATABASE {old} RENAME TO {new}")
        except asyncpg.ObjectInUseError:
            await asyncio.sleep(0.02)
        else:
            return
    raise AssertionError(f"{old} is in use")
