"""A place outside of the helpdesk in which dashboards listen to what the feed tells."""

from collections.abc import Sequence
from typing import Protocol

from helpdesk.ports.feed import FeedItem


class Live(Protocol):
    """Nothing is ever read from there: it can be written anew at any time."""

    async def publish(self, items: Sequence[FeedItem]) -> None:
        """Write each to the feeds of its audience, in their order; again changes nothing.

        Raises:
            UnavailableError: some may be written; do it again.
        """
        ...

    async def reset(self, cursor: int) -> None:
        """Tell everybody who listens to fetch the state anew, and to go on from here.

        Raises:
            UnavailableError: do it again.
        """
        ...

    async def ping(self) -> None:
        """Raise UnavailableError, with a remedy, when the last attempt failed."""
        ...

    async def check(self) -> None:
        """Write something and delete it; UnavailableError says what is wrong, and a remedy."""
        ...
