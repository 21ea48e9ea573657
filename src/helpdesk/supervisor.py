"""Keeping services running: restarted with back-off when a neighbour fails, stopped on a signal."""

import asyncio
import gc
import os
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from helpdesk.adapters.system.courtesy import stay_behind
from helpdesk.domain.errors import UnavailableError

Service = Callable[[], Awaitable[None]]  # runs until cancelled
FIRST_WAIT: Final = 0.2  # seconds
LONGEST_WAIT: Final = 15.0
LASTING: Final = 30.0  # seconds after which a service counts as having worked
_COLLECT_AFTER: Final = (20_000, 20, 100)  # new objects, and rounds; Python's are 700, 10, 10

log = structlog.get_logger(__name__)


async def run_until(stop: asyncio.Event, services: Mapping[str, Service]) -> None:
    """Keep every service running until `stop` is set, then cancel them all and wait."""
    tasks = [asyncio.create_task(keep(name, it), name=name) for name, it in services.items()]
    try:
        await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def keep(
    name: str,
    service: Service,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run a service for ever, behind the scenes; wait longer each time it fails at once."""
    stay_behind()
    clock, failures = asyncio.get_running_loop().time, 0
    while True:
        began = clock()
        try:
            await service()
        except UnavailableError as error:
            log.warning("service_waits", service=name, reason=error.detail)
        except Exception:
            log.exception("service_failed", service=name)
        failures = 1 if clock() - began > LASTING else failures + 1
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1))
        await sleep(longest * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret


def collect_rarely() -> None:
    """Look for cycles of garbage seldom, and never in what is there already.

    Requests and messages leave hardly any, and looking was a sixth of all the work (ADR 19).
    """
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


def stand_back(nice: int) -> None:
    """Let other processes of this machine go first, such as an API (ADR 27).

    The kernel compares what it starts in a session of its own by the session's number, not by the
    process's (autogroup, see sched(7)).
    """
    os.nice(nice)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # not every system has it, nor may everyone write there
            Path("/proc/self/autogroup").write_text(str(nice))


def stop_on_signals(stop: asyncio.Event, *, within: float) -> None:
    """Set `stop` on SIGTERM or SIGINT; a second signal, or the time, ends the process at once.

    Nothing that was acknowledged depends on a good-bye.
    """
    loop = asyncio.get_running_loop()

    def ask() -> None:
        log.info("stopping")
        stop.set()
        loop.call_later(within, _abandon, within)
        for it in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(it)
            signal.signal(it, signal.SIG_DFL)

    for it in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(it, ask)


def _abandon(seconds: float) -> None:
    log.error("stopped_by_force", after_seconds=seconds)
    os._exit(1)
