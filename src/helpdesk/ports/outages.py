"""When our numbers were down, and who has to be told, within a unit of work."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import SessionId
from helpdesk.domain.outage import Outage


class Outages(Protocol):
    async def last_of(self, session: SessionId) -> Outage | None:
        """Load and hold the newest one; None when the number was never down."""
        ...

    async def load(self, session: SessionId, since: datetime) -> Outage:
        """Load and hold one.

        Raises:
            OutageNotFoundError.
        """
        ...

    async def keep(self, outage: Outage) -> None:
        """Insert or update."""
        ...

    async def take(self, *, at: datetime, until: datetime, limit: int) -> list[Outage]:
        """Load and hold what is due, longest due first, skipping held ones.

        It is due again `until` then, unless it is kept otherwise: whoever took it may die.
        """
        ...
