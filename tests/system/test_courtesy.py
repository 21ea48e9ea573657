"""People first, and nobody starves."""

import asyncio
from contextlib import AsyncExitStack

from helpdesk.adapters.system.courtesy import Courtesy, stay_behind, urgent
from tests.support.waiting import A_MOMENT, soon

FOR_EVER = 60.0  # seconds


async def behind(courtesy: Courtesy, done: asyncio.Event | None = None) -> str:
    """Take a turn behind the scenes, and keep it until `done`."""
    stay_behind()
    async with courtesy.turn():
        if done is not None:
            await done.wait()
    return "done"


async def test_who_is_behind_waits_until_no_request_is_left() -> None:
    courtesy = Courtesy(behind=2, moment=FOR_EVER)
    async with courtesy.turn():
        async with courtesy.turn():
            task = asyncio.create_task(behind(courtesy))
            await asyncio.sleep(A_MOMENT)
        await asyncio.sleep(A_MOMENT)
        assert not task.done()
    assert await soon(task) == "done"


async def test_what_is_urgent_waits_for_nobody() -> None:
    courtesy = Courtesy(behind=1, moment=FOR_EVER)

    async def work() -> None:
        async with courtesy.turn():
            pass

    async def keep() -> None:
        stay_behind()
        await urgent(work)()

    async with courtesy.turn():
        await soon(asyncio.create_task(keep()))


async def test_who_is_behind_gives_way_for_a_moment_only() -> None:
    courtesy = Courtesy(behind=1, moment=0.01)
    async with courtesy.turn():
        assert await soon(asyncio.create_task(behind(courtesy))) == "done"


async def test_requests_wait_for_nobody() -> None:
    courtesy, done = Courtesy(behind=1, moment=FOR_EVER), asyncio.Event()
    task = asyncio.create_task(behind(courtesy, done))
    await asyncio.sleep(0)
    async with AsyncExitStack() as stack:
        for _ in range(20):
            await soon(stack.enter_async_context(courtesy.turn()))
        done.set()
        assert await soon(task) == "done"


async def test_so_many_are_behind_at_once() -> None:
    courtesy, done = Courtesy(behind=2, moment=FOR_EVER), asyncio.Event()
    tasks = [asyncio.create_task(behind(courtesy, done)) for _ in range(2)]
    await asyncio.sleep(0)
    third = asyncio.create_task(behind(courtesy))
    await asyncio.sleep(A_MOMENT)
    assert not third.done()
    done.set()
    assert await soon(asyncio.gather(*tasks, third)) == ["done"] * 3
