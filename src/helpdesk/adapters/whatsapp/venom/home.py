"""The folder of one session: its credentials, its files, and who may be in it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

OWNER: Final = "HELPDESK_WHATSAPP_SESSION"  # in the environment of a worker and all that it starts
LEFT_LIMIT: Final = 10.0  # seconds for killed processes to be gone

log = structlog.get_logger(__name__)


@asynccontextmanager
async def held(folder: Path) -> AsyncIterator[None]:
    """Be the only one in it; make it first, and let nobody else of this machine enter."""
    for it in (folder, folder / "profile", folder / "spool"):
        it.mkdir(mode=0o700, parents=True, exist_ok=True)
        it.chmod(0o700)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        await _locked(lock)
        await _evicted(folder)
        for it in (folder / "spool").iterdir():
            it.unlink()
        yield
    finally:
        os.close(lock)


async def _locked(lock: int) -> None:
    import fcntl  # noqa: PLC0415 - not there on Windows

    told = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told:
                log.warning("whatsapp_profile_in_use", remedy="it waits for the bot that holds it")
            told = True
            await asyncio.sleep(0.5)
        else:
            return


async def _evicted(folder: Path) -> None:
    """End what a killed bot left behind: two Chromiums spoil one profile."""
    async with asyncio.timeout(LEFT_LIMIT):
        while left := inhabitants(folder):
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.05)


def inhabitants(folder: Path) -> list[int]:
    """List the processes that were started for a session's folder, as far as /proc tells."""
    mark = f"{OWNER}={folder}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found
