"""Backup and restore: one file in pg_dump's own format, consistent while the helpdesk runs.

A restore fills a new cluster beside the present one and then takes its place; until that moment
nothing is lost, whatever fails.  On a server of one's own it fills a database that is empty.
"""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from helpdesk.adapters.postgres.cluster import Cluster
from helpdesk.adapters.postgres.connection import UNUSABLE, connect, unusable
from helpdesk.adapters.postgres.embedded import cluster_of, open_embedded
from helpdesk.adapters.postgres.launch import EmbeddedError
from helpdesk.neighbours import Postgres
from helpdesk.opening import OpeningError
from helpdesk.settings import Settings

_MAGIC: Final = b"PGDMP"  # with which pg_dump's custom format begins
_FORMAT: Final = ("--format=custom", "--no-owner", "--no-privileges")
# All or nothing; comments on extensions are for their owners to make.
_WHOLE: Final = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-comments")
_TABLES: Final = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"


async def backup(settings: Settings, file: Path) -> None:
    """Write all data into `file`; one that is there is replaced when the new one is complete.

    Raises:
        EmbeddedError: there are no data, or the file cannot be written.
    """
    cluster = cluster_of(settings)
    unfinished = file.with_name(f".{file.name}.unfinished")
    async with _dsn(settings, cluster) as dsn:
        try:
            with _private(unfinished) as target:
                _run(cluster, "pg_dump", dsn, *_FORMAT, output=target)
                os.fsync(target)
            unfinished.replace(file)
        except OSError as error:
            raise EmbeddedError(f"Cannot write {file}: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)


async def restore(settings: Settings, file: Path) -> None:
    """Replace all data of the embedded database by those in `file`, or fill that of `postgres.dsn`.

    Raises:
        EmbeddedError: a helpdesk runs, the file is no backup, or it cannot be restored.
        OpeningError: the server of `postgres.dsn` does not let us in, or the database is in use.
    """
    try:
        source = file.open("rb", buffering=0)
    except OSError as error:
        raise EmbeddedError(f"Cannot read {file}: {error.strerror}.") from error
    cluster = cluster_of(settings)
    with source:
        if settings.postgres.dsn:
            _must_be_a_backup(source, file)
            await _must_be_empty(settings.postgres)
            _run(cluster, "pg_restore", settings.postgres.dsn, *_WHOLE, source=source.fileno())
            return
        with cluster.locked():
            _must_be_a_backup(source, file)
            _fill(cluster, source.fileno())


def _must_be_a_backup(source: IO[bytes], file: Path) -> None:
    if source.read(len(_MAGIC)) != _MAGIC:
        raise EmbeddedError(f"{file} is no backup of a helpdesk.")
    source.seek(0)


async def _must_be_empty(settings: Postgres) -> None:
    try:
        connection = await connect(settings.dsn, settings)
        try:
            tables = await connection.fetchval(_TABLES)
        finally:
            await connection.close()
    except UNUSABLE as error:
        raise unusable(error, settings.timeout_seconds) from error
    if tables:
        raise OpeningError(
            "The database of postgres.dsn has tables: make an empty one, name it there, and restore"
            " before a helpdesk is started with it."
        )


def _fill(cluster: Cluster, source: int) -> None:
    new = replace(cluster, folder=cluster.folder / "restoring", process=None)
    shutil.rmtree(new.folder, ignore_errors=True)
    new.folder.mkdir(mode=0o711)
    try:
        new.start()
        try:
            _run(new, "pg_restore", new.dsn, *_WHOLE, source=source)
        finally:
            new.stop()
        cluster.succeed(new.data)
    finally:
        shutil.rmtree(new.folder, ignore_errors=True)


@asynccontextmanager
async def _dsn(settings: Settings, cluster: Cluster) -> AsyncIterator[str]:
    if settings.postgres.dsn:
        yield settings.postgres.dsn
    elif not cluster.data.exists():
        raise EmbeddedError(f"There are no data in {settings.data_path} yet.")
    else:
        async with open_embedded(settings) as dsn:
            yield dsn


@contextmanager
def _private(file: Path) -> Iterator[int]:
    """Open a file for writing that nobody else may read."""
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        yield target
    finally:
        os.close(target)


def _run(cluster: Cluster, program: str, dsn: str, *options: str, **files: int) -> None:
    parts = urlsplit(dsn)
    environment = {}
    if parts.password is not None:  # not for everybody to read in the list of processes
        environment["PGPASSWORD"] = unquote(parts.password)
        name, _, host = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{name.partition(':')[0]}@{host}")
    command: list[str | Path] = [
        cluster.binaries / program,
        *options,
        f"--dbname={urlunsplit(parts)}",
    ]
    code, said = cluster.launcher().run(command, environment=environment, **files)
    if code:
        raise EmbeddedError(f"{program} failed: {said}")
