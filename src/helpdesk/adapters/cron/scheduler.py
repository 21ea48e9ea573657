"""Runs a job at each due moment: in one process of many, never beside itself.

A moment is claimed by name before its job runs.  What was missed while a job took long, or while
the machine slept, is not made up for.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import aiocron
import structlog

from helpdesk.adapters.wire import correlation
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.system import Clock
from helpdesk.ports.ticks import Ticks

Job = Callable[[datetime], Awaitable[object]]  # takes the moment at which it is due
Alarm = Callable[[str], Awaitable[object]]  # returns at the cron expression's next moment

MINUTE: Final = 60
EARLY: Final = timedelta(milliseconds=100)  # the loop's clock and the wall's drift apart
log = structlog.get_logger(__name__)


async def next_moment(cron: str) -> None:
    """Wait for the next moment, in UTC; six fields begin with seconds."""
    # Anew each time: a running crontab starts the next job beside the last one, and maps wall
    # time to the loop's clock only once.
    clock = aiocron.crontab(cron, start=False, tz=UTC)
    try:
        await clock.next()
    finally:
        clock.stop()


class Scheduler:
    def __init__(self, ticks: Ticks, now: Clock, alarm: Alarm = next_moment) -> None:
        self._ticks = ticks
        self._now = now
        self._alarm = alarm

    async def run(self, every: timedelta | str, name: str, job: Job) -> None:
        """Repeat `job` until cancelled, at multiples of an interval or as a cron expression says.

        The interval is in whole seconds, counted from the epoch.  A failure is logged; the next
        moment comes all the same.

        Raises:
            ValueError: not whole seconds, or no cron expression.
        """
        cron, grain = _on_cron(every) if isinstance(every, str) else _on_interval(every)
        seen = _moment(self._now(), grain)
        while True:
            await self._alarm(cron)
            due_at = _moment(self._now(), grain)
            if due_at > seen:
                seen = due_at
                await self._attempt(name, due_at, job)

    async def _attempt(self, name: str, due_at: datetime, job: Job) -> None:
        with correlation.bound(f"{name}@{due_at:%Y%m%dT%H%M%SZ}"):
            try:
                if await self._ticks.claim(name, due_at):
                    await job(due_at)
            except UnavailableError as error:
                log.warning("job_unavailable", job=name, due_at=due_at, error=error.detail)
            except Exception:
                log.exception("job_failed", job=name, due_at=due_at)


def _on_cron(expression: str) -> tuple[str, timedelta]:
    return expression, timedelta(seconds=1 if len(expression.split()) == 6 else MINUTE)


def _on_interval(every: timedelta) -> tuple[str, timedelta]:
    """Find a sparse expression that is there at each multiple of `every`."""
    seconds = int(every.total_seconds())
    if seconds < 1 or every != timedelta(seconds=seconds):
        raise ValueError(f"not a number of whole seconds: {every}")
    if seconds % MINUTE == 0:
        minutes = seconds // MINUTE
        return (f"*/{minutes} * * * *" if 60 % minutes == 0 else "* * * * *"), every
    return (f"*/{seconds} * * * * *" if MINUTE % seconds == 0 else "* * * * * *"), every


def _moment(now: datetime, grain: timedelta) -> datetime:
    """The due moment that `now` belongs to; an alarm may come late, or a little early."""
    seconds = grain.total_seconds()
    return datetime.fromtimestamp((now + EARLY).timestamp() // seconds * seconds, UTC)
