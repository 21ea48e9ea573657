"""The stream of events that dashboards follow.

One writer at a time gives the cursors, so that reading "after a cursor" misses nothing.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.visibility import Audience
from helpdesk.ports.outbox import Envelope


class CursorTooOldError(NotFoundError):
    """What followed this cursor is not kept any more: fetch the state anew."""

    code = "cursor_too_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    cursor: int  # grows by any step; 0 is before the first
    envelope: Envelope
    audience: Audience


class Feed(Protocol):
    async def push(self, entries: Sequence[tuple[Envelope, Audience]]) -> None:
        """Append in order; an envelope whose id was pushed before is left out."""
        ...

    async def head(self) -> int:
        """Return the newest cursor."""
        ...

    async def count(self, since: int, until: int) -> int:
        """Count the items after `since`, up to `until`; cursors may be left out between them."""
        ...

    def follow(self, since: int, *, hurry: bool = True) -> AsyncIterator[FeedItem]:
        """Yield what came after `since`, then what comes, for ever; without `hurry` soon.

        A neighbour's failure is waited out, not raised.

        Raises:
            CursorTooOldError: pruned beyond `since`, or `since` is of another feed.
        """
        ...

    async def prune(self, *, before: datetime) -> None:
        """Forget items pushed before then."""
        ...
