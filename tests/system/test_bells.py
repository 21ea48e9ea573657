"""Rings that are not lost."""

import asyncio

from helpdesk.adapters.system.bells import Bells


async def test_a_ring_wakes_who_waits() -> None:
    bells = Bells()
    async with bells.listen("a") as bell:
        asyncio.get_running_loop().call_soon(bells.ring, "b", "a")
        assert await bell(5)


async def test_a_ring_before_the_wait_is_remembered_once() -> None:
    bells = Bells()
    async with bells.listen("a") as bell:
        bells.ring("a")
        bells.ring("a")
        assert await bell(5)
        assert not await bell(0.01)


async def test_other_topics_stay_silent() -> None:
    bells = Bells()
    async with bells.listen("a") as bell:
        bells.ring("b")
        assert not await bell(0.01)
