"""What concerns messages that nobody told us of yet, within a unit of work.

Whoever parks something has asked for the message's claims before, and whoever takes it as well
(`usecases.amending`), so that one of them waits for the other.
"""

from typing import Final, Protocol

from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.report import AmendmentReported

OF_MESSAGE: Final = 20  # amendments that wait for one message
OF_SESSION: Final = 5000  # and for all messages of a session


class Early(Protocol):
    async def park(self, report: AmendmentReported) -> bool:
        """Keep one until its message comes; False when as many wait as are kept."""
        ...

    async def take(self, session: SessionId, provider_id: str) -> list[AmendmentReported]:
        """Take back what waits for a message, once, in the order in which it came."""
        ...

    async def park_quote(self, session: SessionId, provider_id: str, by: MessageId) -> None:
        """Keep that a message quotes one that nobody told us of yet."""
        ...

    async def take_quotes(self, session: SessionId, provider_id: str) -> list[MessageId]:
        """Take back, once, which messages quote this one, oldest first."""
        ...
