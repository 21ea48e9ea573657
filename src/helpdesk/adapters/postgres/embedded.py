"""The embedded PostgreSQL, kept alive as long as we are.

Whatever ends the server, a new one is started at once; meanwhile the pools answer that the database
is not available.  Commands that only pass by use the server that is running already.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from typing import Final

import structlog

from helpdesk.adapters.postgres.cluster import Cluster, running_at
from helpdesk.adapters.postgres.launch import EmbeddedError, bundled_binaries
from helpdesk.settings import Settings

_BACK_OFF: Final = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)  # seconds before each further try

log = structlog.get_logger()


def cluster_of(settings: Settings) -> Cluster:
    """The embedded cluster that belongs to these settings, running or not.

    Raises:
        EmbeddedError: there are no binaries for this machine.
    """
    chosen = settings.postgres.binaries
    binaries = Path(chosen).expanduser().absolute() if chosen else bundled_binaries()
    if not (binaries / "postgres").exists():
        raise EmbeddedError(f"There is no postgres in {binaries} (postgres.binaries).")
    return Cluster(folder_of(settings), binaries)


def folder_of(settings: Settings) -> Path:
    return settings.data_path.resolve() / "postgres"


def running(settings: Settings) -> str | None:
    """The DSN of the embedded server that another helpdesk runs on this data_dir, or None."""
    return running_at(folder_of(settings))


@asynccontextmanager
async def open_embedded(settings: Settings) -> AsyncIterator[str]:
    """Run the embedded server inside the block; yields its DSN.

    Raises:
        EmbeddedError: it cannot run, or another helpdesk runs it.
    """
    cluster = cluster_of(settings)
    with cluster.locked():
        await _start(cluster)
        keeper = asyncio.create_task(_keep(cluster), name="embedded-postgres")
        try:
            yield cluster.dsn
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
            await asyncio.to_thread(cluster.stop)


async def _start(cluster: Cluster) -> None:
    # In this thread: the kernel ends the server with the thread that started it.
    for pause in cluster.starting():
        await asyncio.sleep(pause)


async def _keep(cluster: Cluster) -> None:
    while True:
        await _exit_of(cluster)
        log.error("database_ended", hint=f"see {cluster.log}")
        for pause in chain(_BACK_OFF, repeat(_BACK_OFF[-1])):
            await asyncio.sleep(pause)
            try:
                await _start(cluster)
            except (EmbeddedError, OSError) as error:  # the disk may still be full
                log.error("database_restart_failed", reason=str(error))  # noqa: TRY400
            else:
                log.info("database_restarted")
                break


async def _exit_of(cluster: Cluster) -> None:
    """Return when the server has ended."""
    process = cluster.process
    if process is None:
        return
    if not hasattr(os, "pidfd_open"):  # macOS
        while process.poll() is None:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        return
    handle = os.pidfd_open(process.pid)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
    process.poll()
