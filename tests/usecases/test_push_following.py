"""Following the feed for pushes: from where it was left, and not once for each message."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.adapters.memory.feed import MemoryFeed
from helpdesk.domain.attendant import Role
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.usecases.send_pushes import FollowForPush
from helpdesk.ports.feed import FeedItem
from tests.support.waiting import soon
from tests.usecases.test_push import Desk, desk, hear

__all__ = ["desk"]


async def test_the_feed_is_followed_from_where_it_was_left_and_from_its_head_at_first(
    desk: Desk,
) -> None:
    firm, office = desk.firm, desk.firm.office
    await desk.device(office.dora)
    await firm.hire("Eva", office.sales, role=Role.ADMIN)
    follow: FollowForPush = firm.cases.follow_for_push()
    assert await follow._since() == 0  # noqa: SLF001
    await firm.cases.relay_to_feed().once()
    assert await follow._since() == await firm.feed.head()  # noqa: SLF001
    await firm.waiting()
    await desk.note()
    async with firm.store.transaction() as work:
        assert await work.pushes.cursor()


async def test_after_days_it_goes_on_with_what_comes_then(desk: Desk) -> None:
    firm = desk.firm
    await firm.waiting()
    await firm.cases.relay_to_feed().once()
    head = await firm.feed.head()
    await firm.feed.prune(before=firm.now() + timedelta(days=4000))
    async with firm.store.transaction() as work:
        await work.pushes.advance(0)
    following = asyncio.create_task(firm.cases.follow_for_push()())

    async def caught_up() -> None:
        cursor = None
        while cursor != head:
            await asyncio.sleep(0.01)
            async with firm.store.transaction() as work:
                cursor = await work.pushes.cursor()

    await soon(caught_up())
    await firm.waiting()
    await firm.cases.relay_to_feed().once()
    await asyncio.sleep(0.05)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def test_what_comes_closely_together_is_noted_at_once(desk: Desk) -> None:
    firm, ana = desk.firm, desk.firm.office.ana
    await desk.device(ana)
    held = await firm.held(ana)
    await desk.tell()
    heard, more = list[int](), asyncio.Event()

    async def rest(_seconds: float) -> None:
        await more.wait()

    class Noting(FollowForPush):
        async def note(self, items: Sequence[FeedItem]) -> None:
            await super().note(items)
            heard.append(len(items))

    cases = firm.cases
    follow = Noting(store=firm.store, feed=firm.feed, now=cases.now(), sleep=rest)
    following = asyncio.create_task(follow())
    await asyncio.sleep(0.01)
    for text in ("a", "b", "c"):
        held = await hear(desk, held, text)
        await cases.relay_to_feed().once()
    await asyncio.sleep(0.05)
    assert heard == []
    more.set()
    await asyncio.sleep(0.05)
    assert (len(heard), sum(heard) >= 3) == (1, True)
    await cases.send_pushes().once()
    assert [it.name for it, _ in desk.push.sent] == ["Chromium"]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def test_a_feed_that_fails_is_told_to_whoever_keeps_it(desk: Desk) -> None:
    class Failing(MemoryFeed):
        async def follow(self, since: int, *, hurry: bool = True) -> AsyncIterator[FeedItem]:
            for it in await self._told(since):
                yield it
            raise UnavailableError("database")

        async def _told(self, since: int) -> list[FeedItem]:
            assert since == 0
            return []

    follow = replace(desk.firm.cases.follow_for_push(), feed=Failing())
    with pytest.raises(UnavailableError):
        await soon(follow())


async def test_where_nobody_has_a_device_nothing_is_noted(desk: Desk) -> None:
    await desk.firm.waiting()
    await desk.note()
    async with desk.firm.store.transaction() as work:
        assert await work.pushes.cursor() is None
