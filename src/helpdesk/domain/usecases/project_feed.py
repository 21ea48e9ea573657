"""From the feed to a place outside, in which dashboards listen.

Following the feed leaves the relay alone: when that place is away or over its quota, what is
written there comes later, and nothing else does.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from helpdesk.ports.feed import CursorTooOldError, Feed, FeedItem
from helpdesk.ports.live import Live
from helpdesk.ports.store import Store

BATCH: Final = 200  # items that are written together


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFeed:
    store: Store
    feed: Feed
    live: Live

    async def __call__(self) -> None:
        """Write what the feed tells, until cancelled; only one may do it at a time.

        Raises:
            UnavailableError: call again after a while.
        """
        while True:
            since = await self._since()
            try:
                async with aclosing(_gathered(self.feed.follow(since))) as batches:
                    async for items in batches:
                        await self.live.publish(items)
                        await self._advance(items[-1].cursor)
            except CursorTooOldError:
                await self._begin()

    async def _since(self) -> int:
        async with self.store.transaction() as work:
            known = await work.projection.cursor()
        return await self._begin() if known is None else known

    async def _begin(self) -> int:
        """Go on from now; who listens cannot know what came before."""
        head = await self.feed.head()
        await self.live.reset(head)
        await self._advance(head)
        return head

    async def _advance(self, cursor: int) -> None:
        async with self.store.transaction() as work:
            await work.projection.advance(cursor)


async def _gathered(items: AsyncIterator[FeedItem]) -> AsyncGenerator[list[FeedItem], None]:
    """Yield what is at hand, as soon as something is; more is fetched meanwhile."""
    queue: asyncio.Queue[FeedItem] = asyncio.Queue(BATCH)
    filling, first = asyncio.create_task(_fill(queue, items)), asyncio.create_task(queue.get())
    try:
        while True:
            await asyncio.wait({first, filling}, return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                await filling  # raises what ended it
            yield [first.result(), *(queue.get_nowait() for _ in range(queue.qsize()))]
            first = asyncio.create_task(queue.get())
    finally:
        for it in (first, filling):
            it.cancel()
        await asyncio.gather(first, filling, return_exceptions=True)


async def _fill(queue: asyncio.Queue[FeedItem], items: AsyncIterator[FeedItem]) -> None:
    async for it in items:
        await queue.put(it)
