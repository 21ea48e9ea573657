"""Scheduled moments: one winner, however many have the same clock."""

from datetime import timedelta

from helpdesk.ports.ticks import Ticks
from tests.support.clock import NOON
from tests.support.waiting import race

MINUTE = timedelta(minutes=1)


async def test_one_of_fifty_wins(ticks: Ticks) -> None:
    won = await race(*(ticks.claim("close_silent", NOON) for _ in range(50)))
    assert sorted(won) == [False] * 49 + [True]


async def test_another_job_and_another_moment_are_claimed_apart(ticks: Ticks) -> None:
    assert await ticks.claim("close_silent", NOON)
    assert await ticks.claim("expire", NOON)
    assert await ticks.claim("close_silent", NOON + MINUTE)
    assert not await ticks.claim("close_silent", NOON)


async def test_old_claims_are_forgotten_and_newer_ones_are_not(ticks: Ticks) -> None:
    for moment in (NOON, NOON + MINUTE):
        await ticks.claim("close_silent", moment)
    await ticks.prune(before=NOON + MINUTE)
    assert await ticks.claim("close_silent", NOON)
    assert not await ticks.claim("close_silent", NOON + MINUTE)
