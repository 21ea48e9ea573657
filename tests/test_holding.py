"""Holding a lease: one works at a time, and stops before another may begin."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest

from helpdesk.adapters.memory.leases import MemoryLeases
from helpdesk.domain.errors import UnavailableError
from helpdesk.holding import Holder, Tenure, Terms, Work
from helpdesk.ports.leases import Lease, LeaseLostError, Leases

TERMS = Terms.of(1.0)
PATIENCE = 20.0  # seconds; nothing is judged by its speed
LEASE = Lease(name="it", owner="a", token=1)


@dataclass
class Clock:
    """The machine's, and further ahead when it slept."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return monotonic() + self.ahead


@dataclass
class Workers:
    """Whoever works, and whether ever two did."""

    at_work: list[str] = field(default_factory=list)
    worked: list[str] = field(default_factory=list)
    most: int = 0

    def work(self, name: str) -> Work:
        async def work(_: Tenure) -> None:
            self.at_work.append(name)
            self.worked.append(name)
            self.most = max(self.most, len(self.at_work))
            try:
                await asyncio.Event().wait()
            finally:
                self.at_work.remove(name)

        return work


async def begun(workers: Workers, times: int) -> None:
    await until(lambda: len(workers.worked) == times and workers.at_work)


class Neighbour:
    """Leases that do not answer when a test wants."""

    def __init__(self, leases: MemoryLeases) -> None:
        self._leases = leases
        self.fails = False
        self.hangs = False

    def __getattr__(self, name: str) -> Any:
        async def ask(*arguments: Any, **more: Any) -> Any:
            if self.fails:
                raise UnavailableError("no database")
            if self.hangs:
                await asyncio.shield(asyncio.sleep(PATIENCE))
            return await getattr(self._leases, name)(*arguments, **more)

        return ask


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def holding(
    leases: Leases, name: str, work: Work, clock: Callable[[], float] = monotonic
) -> AsyncIterator["asyncio.Task[bool]"]:
    holder = Holder(leases=leases, owner=name, clock=clock)
    task = asyncio.create_task(holder.hold_once("it", TERMS, work))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_a_second_stands_by_and_takes_over_when_the_first_stops() -> None:
    leases, workers = MemoryLeases(), Workers()
    async with holding(leases, "a", workers.work("a")) as first:
        await until(lambda: workers.at_work == ["a"])
        async with holding(leases, "b", workers.work("b")):
            await asyncio.sleep(TERMS.lasts * 1.5)  # renewed meanwhile
            assert workers.at_work == ["a"]
            first.cancel()
            await until(lambda: workers.at_work == ["b"])
    assert workers.most == 1
    assert await leases.held() == []


async def test_a_holder_whose_database_is_gone_stops_before_another_may_begin() -> None:
    leases, workers = MemoryLeases(), Workers()
    cut = Neighbour(leases)
    async with holding(cut, "a", workers.work("a")) as first:
        await until(lambda: workers.at_work)
        async with holding(leases, "b", workers.work("b")):
            cut.fails = True
            await until(lambda: "b" in workers.worked)
            assert first.done()
    assert workers.most == 1


async def test_a_database_that_hangs_is_not_waited_for() -> None:
    leases, workers = MemoryLeases(), Workers()
    hung = Neighbour(leases)
    async with holding(hung, "a", workers.work("a")) as task:
        await until(lambda: workers.at_work)
        hung.hangs = True
        begun = monotonic()
        await asyncio.wait_for(asyncio.shield(task), PATIENCE)
        assert monotonic() - begun < PATIENCE / 2
    assert workers.at_work == []


async def test_a_holder_that_slept_beyond_its_lease_stops_and_begins_anew() -> None:
    leases, workers, clock = MemoryLeases(), Workers(), Clock()
    async with holding(leases, "a", workers.work("a"), clock) as task:
        await until(lambda: workers.at_work)
        clock.ahead += TERMS.lasts
        await asyncio.wait_for(asyncio.shield(task), PATIENCE)
    assert workers.at_work == []
    async with holding(leases, "a", workers.work("a"), clock):
        await until(lambda: workers.at_work)  # at once: it is known to be ours
    assert workers.worked == ["a", "a"]


async def test_what_is_lost_is_stood_by_for_again_at_once() -> None:
    leases, workers = MemoryLeases(), Workers()
    holder = Holder(leases=leases, owner="a")
    task = asyncio.create_task(holder.hold("it", TERMS, workers.work("a")))
    for times in range(1, 6):
        await begun(workers, times)
        await leases.acquire("it", owner="a", seconds=0.01)  # ours is over
    await until(lambda: len(workers.worked) == 6)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert workers.most == 1


async def test_a_holder_that_another_succeeded_stops() -> None:
    leases, workers = MemoryLeases(), Workers()
    async with holding(leases, "a", workers.work("a")) as task:
        await until(lambda: workers.at_work)
        await leases.acquire("it", owner="a", seconds=TERMS.lasts)  # whoever calls itself so, too
        await asyncio.wait_for(asyncio.shield(task), PATIENCE)


async def test_the_lease_is_kept_while_the_work_is_being_stopped() -> None:
    leases, ended = MemoryLeases(), asyncio.Event()

    async def work(tenure: Tenure) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(TERMS.lasts * 1.5)  # the last handlers
            assert tenure.remaining > 0
            assert await leases.acquire("it", owner="b", seconds=1) is None
            ended.set()

    async with holding(leases, "a", work) as task:
        await until(lambda: leases.is_held(LEASE))
        task.cancel()
        await until(task.done)
    assert ended.is_set()
    assert await leases.acquire("it", owner="b", seconds=1) is not None


async def test_what_the_work_raises_is_raised_and_the_lease_released() -> None:
    leases = MemoryLeases()

    async def work(_: Tenure) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Holder(leases=leases, owner="a").hold("it", TERMS, work)
    assert await leases.held() == []


async def test_a_standby_lives_through_a_database_that_is_gone() -> None:
    workers = Workers()
    neighbour = Neighbour(MemoryLeases())
    neighbour.fails = True
    async with holding(neighbour, "a", workers.work("a")):
        await asyncio.sleep(TERMS.ask * 3)
        assert workers.at_work == []
        neighbour.fails = False
        await until(lambda: workers.at_work)


async def test_what_is_bound_to_a_tenure_ends_with_it() -> None:
    tenure, done = Tenure(LEASE, until=monotonic() + 60, clock=monotonic), []

    async def do(it: str) -> None:
        await asyncio.sleep(0 if it == "short" else PATIENCE)
        done.append(it)

    bounded = tenure.bound(do)
    await bounded("short")
    long = asyncio.create_task(bounded("long"))
    await asyncio.sleep(0.01)
    tenure.end()
    with pytest.raises(LeaseLostError):
        await long
    with pytest.raises(LeaseLostError):
        await bounded("late")
    assert done == ["short"]


async def test_what_is_bound_begins_after_a_sleep_only_while_the_tenure_lasts() -> None:
    clock = Clock()
    tenure = Tenure(LEASE, until=monotonic() + 60, clock=clock)

    async def do(_: str) -> None:
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        await tenure.bound(do)("it")
    clock.ahead += 61
    with pytest.raises(LeaseLostError):
        await tenure.bound(do)("it")


def test_a_session_passes_on_within_fifteen_seconds() -> None:
    terms = Terms.of(10)
    assert terms.lasts + terms.ask < 15
    assert terms.renew + terms.ask < terms.lasts - terms.stop  # one renewal may fail
