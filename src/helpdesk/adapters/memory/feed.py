"""The stream of events for dashboards of this process."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from helpdesk.domain.visibility import Audience
from helpdesk.ports.feed import CursorTooOldError, FeedItem
from helpdesk.ports.outbox import Envelope


class MemoryFeed:
    def __init__(self) -> None:
        self._items: list[tuple[FeedItem, datetime]] = []
        self._known: set[UUID] = set()
        self._head = 0
        self._pruned = 0  # the newest cursor that is forgotten
        self._pushed = asyncio.Event()

    async def push(self, entries: Sequence[tuple[Envelope, Audience]]) -> None:
        for envelope, audience in entries:
            if envelope.id not in self._known:
                self._append(envelope, audience)
        self._pushed.set()
        self._pushed = asyncio.Event()

    async def head(self) -> int:
        return self._head

    async def count(self, since: int, until: int) -> int:
        return sum(since < it.cursor <= until for it, _ in self._items)

    async def follow(self, since: int, *, hurry: bool = True) -> AsyncIterator[FeedItem]:
        while True:
            for item in self._after(since):
                yield item
                since = item.cursor
            # Nothing ran between the last look and here unless the follower was slow.
            if since == self._head:
                await self._pushed.wait()

    async def prune(self, *, before: datetime) -> None:
        kept = bisect_left(self._items, before, key=lambda it: it[1])
        for item, _ in self._items[:kept]:
            self._known.discard(item.envelope.id)
            self._pruned = item.cursor
        del self._items[:kept]

    def _append(self, envelope: Envelope, audience: Audience) -> None:
        self._head += 1
        item = FeedItem(cursor=self._head, envelope=envelope, audience=audience)
        self._items.append((item, datetime.now(UTC)))
        self._known.add(envelope.id)

    def _after(self, since: int) -> list[FeedItem]:
        if not self._pruned <= since <= self._head:
            raise CursorTooOldError
        start = bisect_right(self._items, since, key=lambda it: it[0].cursor)
        return [it for it, _ in self._items[start:]]
