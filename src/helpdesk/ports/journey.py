"""The journeys of messages: kept beside them, for whoever asks where one is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import MessageId
from helpdesk.domain.journey import Step


class Journeys(Protocol):
    """Every method may raise UnavailableError."""

    async def keep(self, steps: Sequence[Step]) -> None:
        """Write steps of any messages; of a message, attempt and name the first one stays."""
        ...

    async def of(self, message: MessageId) -> list[Step]:
        """Read what is kept of a message, attempt after attempt, oldest first."""
        ...

    async def prune(self, *, before: datetime) -> None:
        """Forget steps that happened before then."""
        ...
