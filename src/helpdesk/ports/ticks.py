"""Making a scheduled job run once, however many processes have the same clock."""

from datetime import datetime
from typing import Protocol


class Ticks(Protocol):
    async def claim(self, job: str, due_at: datetime) -> bool:
        """Be the one who runs `job` for this moment; True for exactly one caller.

        Raises:
            UnavailableError: nobody knows; do not run it.
        """
        ...

    async def prune(self, *, before: datetime) -> None:
        """Forget claims of moments before then."""
        ...
