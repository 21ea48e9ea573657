"""What one dashboard may hear of the feed, as their sectors and role are at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.sector import TeamChanged
from helpdesk.domain.usecases.sign_in import Authenticate
from helpdesk.ports.feed import Feed, FeedItem

# Signing out, a new password and time itself end a sign-in without an event; so look now and then.
RECHECK: Final = timedelta(seconds=5)


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

        Ends, with what comes next, when the sign-in has: at once when somebody is no longer
        active, within `RECHECK` when they signed out, it expired or the password was changed.

        Raises:
            CursorTooOldError: fetch the state anew.
        """
        now = self.authenticate.now
        checked_at = now()
        async for item in self.feed.follow(since):
            changed = isinstance(item.envelope.event, TeamChanged)
            if changed or now() - checked_at >= RECHECK:
                known = await self.authenticate(token)
                if known is None:
                    return
                viewer, checked_at = known, now()
            yield item.cursor, item if item.audience.includes(viewer) else None
