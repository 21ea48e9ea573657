"""What is still to be done with files: kept with the messages, so that no restart forgets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from helpdesk.domain.ids import MediaId, MessageId, SessionId
from helpdesk.domain.message import Kind, Message


class Chore(StrEnum):
    FETCH = "fetch"  # get it from where the client's app has left it
    CONVERT = "convert"  # look into it, and make its renditions
    FILM = "film"  # make a film that plays everywhere, which takes long


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A chore that was taken, for the `times`-th time since it was last scheduled."""

    message_id: MessageId
    times: int


class Chores(Protocol):
    """Part of a unit of work."""

    async def schedule(self, chore: Chore, message: Message, *, due_at: datetime) -> None:
        """Have it done from then on; one that is scheduled, or taken, is scheduled anew."""
        ...

    async def take(
        self,
        chore: Chore,
        *,
        session: SessionId | None = None,
        at: datetime,
        until: datetime,
        limit: int,
        in_flight: int | None = None,
    ) -> list[Task]:
        """Hold tasks that are due, longest first, skipping held ones.

        They are due again at `until`, in case whoever took them is gone.  Not more are taken than
        `limit`, nor than leaves `in_flight` of the session taken and not ended.
        """
        ...

    async def end(self, chore: Chore, message: MessageId) -> None:
        """Forget it: it is done, or not to be done."""
        ...

    async def next_due(self, chore: Chore) -> datetime | None:
        """When the next one is due, taken ones aside; None when there is none."""
        ...

    async def message_of(self, media: MediaId) -> Message | None:
        """Load the message of a file, without holding it."""
        ...

    async def in_use(self, keys: Sequence[str]) -> set[str]:
        """Which of these SHA-256 a message needs, or a QR code."""
        ...

    async def outdated(self, kind: Kind, *, before: datetime, limit: int) -> list[MessageId]:
        """Find messages of then whose file is not removed yet, oldest first."""
        ...

    async def secret(self, name: str, draft: bytes) -> bytes:
        """Return the secret of this name; the first one who asks makes it of the draft."""
        ...
