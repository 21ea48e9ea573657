"""Order within a key, concurrency between keys, bounds on both."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from helpdesk.adapters.system.lanes import Lanes

Job = Callable[[], Awaitable[int]]


@pytest.fixture
def lanes() -> Lanes:
    return Lanes(at_once=4, waiting=100)


async def test_a_job_returns_its_result_to_its_caller(lanes: Lanes) -> None:
    async def job() -> str:
        return "done"

    assert await lanes.run("a", job) == "done"


async def test_a_job_raises_to_its_caller_and_the_lane_goes_on(lanes: Lanes) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async def succeed() -> int:
        return 1

    results = await asyncio.gather(
        lanes.run("a", fail), lanes.run("a", succeed), return_exceptions=True
    )
    assert isinstance(results[0], ZeroDivisionError)
    assert results[1] == 1


async def test_one_key_runs_in_the_order_of_calling() -> None:
    lanes, ended = Lanes(at_once=8, waiting=2), list[int]()

    def job(number: int) -> Job:
        async def run() -> int:
            await asyncio.sleep(0.001 * ((number * 7) % 3))
            ended.append(number)
            return number

        return run

    await asyncio.gather(*(lanes.run("a", job(n)) for n in range(50)))
    assert ended == list(range(50))


async def test_different_keys_run_at_once_up_to_the_bound(lanes: Lanes) -> None:
    running, most = 0, 0

    async def job() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    await asyncio.gather(*(lanes.run(str(n), job) for n in range(40)))
    assert most == 4


async def test_a_long_queue_of_one_key_leaves_room_for_others(lanes: Lanes) -> None:
    may_end = asyncio.Event()

    async def wait() -> bool:
        return await may_end.wait()

    async def quick() -> int:
        return 1

    waiting = [asyncio.create_task(lanes.run("slow", wait)) for _ in range(20)]
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        assert await lanes.run("other", quick) == 1
    may_end.set()
    await asyncio.gather(*waiting)


async def test_who_comes_when_all_places_are_taken_waits_at_the_door() -> None:
    lanes, may_end, begun = Lanes(at_once=1, waiting=1), asyncio.Event(), list[str]()

    async def wait() -> None:
        await may_end.wait()

    async def late() -> None:
        begun.append("late")

    tasks = [asyncio.create_task(lanes.run(key, wait)) for key in "ab"]
    tasks.append(asyncio.create_task(lanes.run("c", late)))
    await asyncio.sleep(0.01)
    assert begun == []
    may_end.set()
    await asyncio.gather(*tasks)
    assert begun == ["late"]


async def test_a_cancelled_caller_takes_its_job_along_and_nobody_else_s(lanes: Lanes) -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    async def quick() -> int:
        return 1

    first = asyncio.create_task(lanes.run("a", for_ever))
    second = asyncio.create_task(lanes.run("a", for_ever))
    third = asyncio.create_task(lanes.run("a", quick))
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    assert await third == 1
