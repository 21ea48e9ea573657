"""Jobs at their moments, whatever fails."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.cron.scheduler import Scheduler, next_moment
from helpdesk.adapters.memory.ticks import MemoryTicks
from helpdesk.adapters.system.clock import now
from helpdesk.domain.errors import UnavailableError
from tests.support.clock import NOON, StoppedClock


class Alarm:
    """Lets time pass by the given seconds at each wait, then blocks for ever."""

    def __init__(self, clock: StoppedClock, *seconds: float) -> None:
        self.asked: list[str] = []
        self._clock = clock
        self._seconds = list(seconds)
        self.over = asyncio.Event()

    async def __call__(self, cron: str) -> None:
        self.asked.append(cron)
        if not self._seconds:
            self.over.set()
            await asyncio.Event().wait()
        self._clock.advance(seconds=self._seconds.pop(0))


class Job:
    """Notes the moments it is given; fails as it is told."""

    def __init__(self, *failures: Exception) -> None:
        self.at: list[datetime] = []
        self._failures = list(failures)

    async def __call__(self, due_at: datetime) -> None:
        self.at.append(due_at)
        if self._failures:
            raise self._failures.pop(0)


class BrokenTicks(MemoryTicks):
    async def claim(self, job: str, due_at: datetime) -> bool:
        raise UnavailableError


async def run(
    every: timedelta | str, job: Job, *seconds: float, ticks: MemoryTicks | None = None
) -> Alarm:
    """Run from noon on, waking after each of `seconds`."""
    clock = StoppedClock()
    alarm = Alarm(clock, *seconds)
    scheduler = Scheduler(ticks or MemoryTicks(), clock, alarm)
    await until(alarm.over.wait(), scheduler.run(every, "job", job))
    return alarm


async def until(over: Awaitable[Any], running: Any) -> None:
    task = asyncio.create_task(running)
    try:
        async with asyncio.timeout(60):
            await over
    finally:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def noon(**by: float) -> datetime:
    return NOON + timedelta(**by)


async def test_a_job_gets_the_exact_moment_though_the_alarm_is_early_or_late() -> None:
    job = Job()
    await run(timedelta(minutes=1), job, 59.95, 60.35, 60.7, 58.999)
    assert job.at == [noon(minutes=1), noon(minutes=2), noon(minutes=3), noon(minutes=4)]


async def test_a_moment_is_not_due_twice() -> None:
    job = Job()
    await run(timedelta(minutes=1), job, 59.95, 0.05, 0.1, 60)
    assert job.at == [noon(minutes=1), noon(minutes=2)]


async def test_missed_moments_are_not_made_up_for() -> None:
    job = Job()
    await run(timedelta(seconds=5), job, 5, 3600)
    assert job.at == [noon(seconds=5), noon(seconds=3605)]


async def test_an_interval_that_no_minute_is_a_multiple_of_counts_from_the_epoch() -> None:
    job = Job()
    alarm = await run(timedelta(seconds=7), job, *[1] * 20)
    assert [it.timestamp() % 7 for it in job.at] == [0.0] * len(job.at)
    assert len(job.at) in (2, 3)
    assert set(alarm.asked) == {"* * * * * *"}


@pytest.mark.parametrize(
    ("every", "cron"),
    [
        (timedelta(seconds=1), "*/1 * * * * *"),
        (timedelta(seconds=20), "*/20 * * * * *"),
        (timedelta(minutes=1), "*/1 * * * *"),
        (timedelta(minutes=5), "*/5 * * * *"),
        (timedelta(minutes=7), "* * * * *"),
        (timedelta(hours=1), "*/60 * * * *"),
        (timedelta(days=1), "* * * * *"),
    ],
)
async def test_the_alarm_rings_as_seldom_as_the_interval_allows(
    every: timedelta, cron: str
) -> None:
    assert (await run(every, Job())).asked == [cron]


async def test_a_cron_expression_is_due_to_the_minute_or_to_the_second() -> None:
    minutely, secondly = Job(), Job()
    await run("0 * * * *", minutely, 3600.2)
    await run("30 0 * * * *", secondly, 30.2)
    assert (minutely.at, secondly.at) == ([noon(hours=1)], [noon(seconds=30)])


@pytest.mark.parametrize("every", [timedelta(0), timedelta(seconds=0.5), timedelta(seconds=-1)])
async def test_an_interval_is_in_whole_seconds(every: timedelta) -> None:
    with pytest.raises(ValueError, match="whole seconds"):
        await Scheduler(MemoryTicks(), StoppedClock()).run(every, "job", Job())


async def test_each_moment_runs_in_one_of_several_processes() -> None:
    ticks, first, second = MemoryTicks(), Job(), Job()
    await run(timedelta(seconds=1), first, 1, 1, ticks=ticks)
    await run(timedelta(seconds=1), second, 1, 1, 1, ticks=ticks)
    assert (first.at, second.at) == ([noon(seconds=1), noon(seconds=2)], [noon(seconds=3)])


async def test_a_failing_job_is_logged_and_comes_again() -> None:
    job = Job(ZeroDivisionError(), UnavailableError())
    with capture_logs() as logs:
        await run(timedelta(seconds=1), job, 1, 1, 1)
    assert len(job.at) == 3
    assert [(it["event"], it["log_level"]) for it in logs] == [
        ("job_failed", "error"),
        ("job_unavailable", "warning"),
    ]


async def test_nothing_runs_while_nobody_can_claim() -> None:
    job = Job()
    with capture_logs() as logs:
        await run(timedelta(seconds=1), job, 1, 1, ticks=BrokenTicks())
    assert job.at == []
    assert [it["log_level"] for it in logs] == ["warning", "warning"]


async def test_a_job_that_takes_long_is_never_beside_itself() -> None:
    clock, running, most = StoppedClock(), 0, 0
    alarm = Alarm(clock, *[1] * 5)

    async def job(_: datetime) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        clock.advance(seconds=3)
        await asyncio.sleep(0.01)
        running -= 1

    scheduler = Scheduler(MemoryTicks(), clock, alarm)
    await until(alarm.over.wait(), scheduler.run(timedelta(seconds=1), "job", job))
    assert most == 1


async def test_the_real_alarm_rings_at_the_next_second() -> None:
    before = now()
    await next_moment("* * * * * *")
    after = now()
    assert after - before < timedelta(seconds=1.5)
    assert after.microsecond < 500_000 or after.microsecond > 990_000


async def test_the_real_alarm_drives_a_job_every_second() -> None:
    ran = asyncio.Queue[datetime]()
    running = Scheduler(MemoryTicks(), now).run(timedelta(seconds=1), "job", ran.put)

    async def two() -> None:
        first, second = await ran.get(), await ran.get()
        assert second - first == timedelta(seconds=1)
        assert (first.microsecond, first.tzinfo) == (0, UTC)

    await until(two(), running)
