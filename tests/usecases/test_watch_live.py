"""Whether dashboards that listen elsewhere are told in time, or have to follow the API."""

import pytest

from helpdesk.domain.usecases.watch_live import LATE, WatchLive
from tests.support.team import Firm
from tests.support.waiting import within
from tests.usecases.test_project_feed import push


@pytest.fixture
def watch(firm: Firm) -> WatchLive:
    return WatchLive(store=firm.store, feed=firm.feed, now=firm.now)


async def written(firm: Firm) -> None:
    head = await firm.feed.head()
    await within(firm.store, lambda it: it.projection.advance(head))


async def later(firm: Firm, watch: WatchLive, seconds: float = LATE.total_seconds()) -> bool:
    firm.now.advance(seconds=seconds)
    return await watch.is_late()


async def test_what_is_not_written_for_seconds_is_late_until_it_is(
    firm: Firm, watch: WatchLive
) -> None:
    await push(firm.feed, 3)
    assert await watch.events() == 3
    assert not await watch.is_late()
    assert not await later(firm, watch, 4)
    assert await later(firm, watch, 2)
    await written(firm)
    await push(firm.feed, 1)  # the next one is not late yet
    assert not await later(firm, watch, 2)
    assert await watch.events() == 1


async def test_when_little_happens_nothing_is_late(firm: Firm, watch: WatchLive) -> None:
    for _ in range(3):
        await push(firm.feed, 1)
        await written(firm)
        assert not await later(firm, watch, 600)
    await push(firm.feed, 1)
    assert not await later(firm, watch, 600)  # it came this moment, for all that is known
    assert await later(firm, watch)


async def test_many_who_ask_cost_one_look(firm: Firm, watch: WatchLive) -> None:
    await push(firm.feed, 1)
    assert not await watch.is_late()
    assert await later(firm, watch)
    await written(firm)
    assert await watch.is_late()
    assert not await later(firm, watch, 2)
