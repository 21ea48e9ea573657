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
from helpdesk.adapters.postgres.embedded import bundled_binaries
from helpdesk.adapters.postgres.migrate import migrate, shipped
from helpdesk.opening import Opening, opening
from helpdesk.settings import Adapters, Postgres, Settings

# Nothing of a test outlives it, so nothing waits for the disk.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
HASTY |= {"max_connections": "100"}


@asynccontextmanager
async def postgres_opening() -> AsyncIterator[Opening]:
    """Open ports of the postgres adapter on a database of their own."""
    async with postgres_database() as dsn:
        chosen = Adapters(store="postgres", feed="postgres", broker="local")
        postgres = Postgres(dsn=dsn, migrate_on_start=False, pool_size=12)
        async with opening(Settings(adapters=chosen, postgres=postgres)) as it:
            yield it


@asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """Make a database with the present schema, yield its DSN, and drop it."""
    name = f"test_{uuid4().hex}"
    template = await _template()
    admin = await asyncpg.connect(server())
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield database(name)
        finally:
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await admin.close()


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


async def _template() -> str:
    """Name a database with the present schema, made by whoever needs it first."""
    digest = sha256("".join(it.digest for it in shipped()).encode()).hexdigest()[:16]
    name = f"helpdesk_template_{digest}"
    admin = await asyncpg.connect(server())
    try:
        await admin.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", name)
        sql = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        if not await admin.fetchval(sql, name):
            unfinished = f"{name}_{uuid4().hex[:8]}"
            await admin.execute(f"CREATE DATABASE {unfinished}")
            await migrate(database(unfinished))
            await _rename(admin, unfinished, name)
    finally:
        await admin.close()
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
