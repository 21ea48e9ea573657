"""What was done to messages that nobody told us of yet, within a unit of work."""

from typing import Final, Protocol

from helpdesk.domain.ids import SessionId
from helpdesk.domain.report import AmendmentReported

OF_MESSAGE: Final = 20  # amendments that wait for one message
OF_SESSION: Final = 5000  # and for all messages of a session


class EarlyAmendments(Protocol):
    async def park(self, report: AmendmentReported) -> bool:
        """Keep one until its message comes; False when as many wait as are kept."""
        ...

    async def take(self, session: SessionId, provider_id: str) -> list[AmendmentReported]:
        """Take back what waits for a message, once, in the order in which it came."""
        ...
