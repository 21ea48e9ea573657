"""The feed, written where dashboards listen: all of it, in order, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from helpdesk.domain.client import ClientChanged
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import ClientId
from helpdesk.domain.usecases.project_feed import BATCH, ProjectFeed
from helpdesk.domain.visibility import Audience
from helpdesk.ports.feed import Feed
from helpdesk.ports.outbox import Envelope
from tests.support.builders import fresh
from tests.support.clock import NOON, after
from tests.support.elsewhere import MemoryLive
from tests.support.team import Firm
from tests.support.waiting import soon, within


@pytest.fixture
def live() -> MemoryLive:
    return MemoryLive()


@pytest.fixture
def project(firm: Firm, live: MemoryLive) -> ProjectFeed:
    return ProjectFeed(store=firm.store, feed=firm.cases.feed(), live=live)


async def push(feed: Feed, count: int) -> None:
    for _ in range(count):
        event = ClientChanged(at=NOON, client_id=ClientId(fresh()))
        await feed.push(
            [(Envelope(id=fresh(), event=event, correlation=""), Audience(everyone=True))]
        )


@asynccontextmanager
async def running(project: ProjectFeed) -> AsyncIterator[None]:
    task = asyncio.create_task(project())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(good: Callable[[], object]) -> None:
    async def look() -> None:
        while not good():
            await asyncio.sleep(0)

    await soon(look())


async def cursor(project: ProjectFeed) -> int | None:
    return await within(project.store, lambda it: it.projection.cursor())


async def test_who_listens_is_told_at_first_to_look_and_then_everything(
    project: ProjectFeed, live: MemoryLive
) -> None:
    await push(project.feed, 3)
    async with running(project):
        await until(lambda: live.feeds["everyone"] == {3: None})
        await push(project.feed, 5)
        await until(lambda: len(live.feeds["everyone"]) == 6)
    assert sorted(live.feeds["everyone"]) == [3, 4, 5, 6, 7, 8]
    assert await cursor(project) == 8


async def test_what_came_meanwhile_is_written_together_and_nothing_twice(
    project: ProjectFeed, live: MemoryLive
) -> None:
    await within(project.store, lambda it: it.projection.advance(0))
    await push(project.feed, 3 * BATCH)
    async with running(project):
        await until(lambda: len(live.feeds["everyone"]) == 3 * BATCH)
        await push(project.feed, 1)
        await until(lambda: len(live.feeds["everyone"]) == 3 * BATCH + 1)
    assert sum(live.batches) == 3 * BATCH + 1
    assert max(live.batches) > 1


async def test_a_place_that_is_away_gets_everything_when_it_is_back(
    project: ProjectFeed, live: MemoryLive
) -> None:
    await within(project.store, lambda it: it.projection.advance(0))
    await push(project.feed, 4)
    live.broken = True
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await soon(project())
    assert await cursor(project) == 0
    await push(project.feed, 2)
    live.broken = False
    async with running(project):
        await until(lambda: sorted(live.feeds["everyone"]) == [1, 2, 3, 4, 5, 6])


async def test_who_missed_what_is_not_kept_any_more_is_told_to_look(
    project: ProjectFeed, live: MemoryLive
) -> None:
    await within(project.store, lambda it: it.projection.advance(1))
    await push(project.feed, 5)
    await project.feed.prune(before=after(days=40_000))
    async with running(project):
        await until(lambda: live.feeds["everyone"] == {5: None})
        await push(project.feed, 1)
        await until(lambda: 6 in live.feeds["everyone"])
