"""What could not be handled: kept until somebody replays or discards it."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.dead_letter import DeadLetter, LetterSearch, Replayed
from helpdesk.domain.ids import DeadLetterId
from helpdesk.domain.views import Page


class DeadLetters(Protocol):
    """Every method may raise UnavailableError."""

    async def keep(self, letter: DeadLetter) -> None:
        """Write it, or bring the one that is known up to date, as `DeadLetter.after` says."""
        ...

    async def page(
        self, search: LetterSearch, *, cursor: str | None, limit: int
    ) -> Page[DeadLetter]:
        """List what died last first.

        Raises:
            InvalidError: the cursor is none of ours.
        """
        ...

    async def letter(self, id: DeadLetterId) -> DeadLetter:
        """Show one.

        Raises:
            DeadLetterNotFoundError.
        """
        ...

    async def replay(self, id: DeadLetterId, *, at: datetime) -> None:
        """Put it into the outbox, for the queue from which it came; again, when it was before.

        Raises:
            DeadLetterNotFoundError.
            UnreadableLetterError: this release cannot read it.
        """
        ...

    async def replay_all(self, search: LetterSearch, *, at: datetime, limit: int) -> Replayed:
        """Replay up to `limit` of those that wait, in the order in which they came."""
        ...

    async def discard(self, id: DeadLetterId) -> None:
        """Forget it.

        Raises:
            DeadLetterNotFoundError.
        """
        ...

    async def waiting(self) -> dict[str, int]:
        """Count those that were not replayed since they died, by queue."""
        ...

    async def prune(self, *, before: datetime) -> None:
        """Forget those that were replayed before then and did not come back."""
        ...
