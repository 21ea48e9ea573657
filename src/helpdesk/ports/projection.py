"""How far dashboards elsewhere were told, and what they may read, within a unit of work."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import AttendantId
from helpdesk.domain.live import Grant, Rights


class Projection(Protocol):
    async def cursor(self) -> int | None:
        """How far the feed was written there; None at first."""
        ...

    async def advance(self, cursor: int) -> None:
        """Note how far it was written."""
        ...

    async def grant(self, rights: Rights, *, at: datetime) -> None:
        """Note what a person's newest token says."""
        ...

    async def grants(self, of: AttendantId | None = None) -> list[Grant]:
        """List those of everybody, or of one person."""
        ...

    async def withdraw(self, grant: Grant) -> None:
        """Forget it, unless there is a newer one of the person."""
        ...
