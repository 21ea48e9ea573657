"""What one dashboard may hear of the feed, as their sectors and role are at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.sector import TeamChanged
from helpdesk.domain.usecases.sign_in import Authenticate
from helpdesk.ports.feed import Feed, FeedItem


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowFeed:
    feed: Feed
    authenticate: Authenticate

    async def head(self) -> int:
        """Return the cursor of now."""
        return await self.feed.head()

    async def __call__(
        self, viewer: Attendant, token: str, *, since: int
    ) -> AsyncIterator[tuple[int, FeedItem | None]]:
        """Yield each cursor with its item, or with None where the viewer may not see it.

        Ends when the sign-in does: signed out, password changed, no longer active.

        Raises:
            CursorTooOldError: fetch the state anew.
        """
        async for item in self.feed.follow(since):
            if isinstance(item.envelope.event, TeamChanged):
                known = await self.authenticate(token)
                if known is None:
                    return
                viewer = known
            yield item.cursor, item if item.audience.includes(viewer) else None
