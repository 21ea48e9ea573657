"""Whether what the feed tells comes to where dashboards listen elsewhere."""

from datetime import timedelta
from typing import Final

from helpdesk.ports.feed import Feed
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock

LATE: Final = timedelta(seconds=5)  # what is not there by then does not come soon
_LOOK_EVERY: Final = timedelta(seconds=2)  # however many dashboards ask


class WatchLive:
    """Knows it of what it saw itself: who asks now and then is told it soon."""

    def __init__(self, *, store: Store, feed: Feed, now: Clock) -> None:
        self._store, self._feed, self._now = store, feed, now
        self._awaited, self._since = 0, now()  # a cursor that was not written then
        self._late, self._looked_at = False, now() - _LOOK_EVERY

    async def events(self) -> int:
        """Count what is not written there yet."""
        written, head = await self._look()
        return await self._feed.count(written, head)

    async def is_late(self) -> bool:
        """Say whether dashboards should follow the feed of the API meanwhile."""
        at = self._now()
        if at - self._looked_at < _LOOK_EVERY:
            return self._late
        self._looked_at = at
        written, head = await self._look()
        if not await self._feed.count(written, self._awaited):
            self._awaited, self._since = head, at
        self._late = at - self._since >= LATE
        return self._late

    async def _look(self) -> tuple[int, int]:
        async with self._store.transaction() as work:
            written = await work.projection.cursor()
        return written or 0, await self._feed.head()
