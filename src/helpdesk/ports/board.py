"""Reading for people: lists, pages, search.  May be a replica; holds nothing, decides nothing."""

from typing import Protocol

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import AttendanceId, MediaId, MessageId
from helpdesk.domain.views import (
    AttendanceFilter,
    AttendanceView,
    ChangeView,
    Counts,
    Found,
    MessageView,
    Page,
    RevisionView,
)


class Board(Protocol):
    """Conversations.  `viewer` restricts to what `domain.visibility` lets them see."""

    async def attendances(
        self, viewer: Attendant, filter: AttendanceFilter, *, cursor: str | None, limit: int
    ) -> Page[AttendanceView]:
        """List, newest message first; only-waiting lists longest waiting first.

        Raises:
            InvalidError: the cursor is none of ours (field "cursor").
        """
        ...

    async def attendance(self, id: AttendanceId) -> AttendanceView:
        """Show one, never a stale one; the caller checks who may see it.

        Raises:
            AttendanceNotFoundError.
        """
        ...

    async def messages(
        self, id: AttendanceId, *, before: int | None, limit: int
    ) -> Page[MessageView]:
        """Show the messages below position `before` (None: the newest), oldest first.

        `next` is the position to pass as `before` for the page that precedes, as text.
        """
        ...

    async def message(self, id: MessageId) -> MessageView:
        """Show one, never a stale one; the caller checks who may see it.

        Raises:
            MessageNotFoundError.
        """
        ...

    async def revisions(self, id: MessageId) -> list[RevisionView]:
        """List what a message said before, oldest first."""

    async def message_of(self, media: MediaId) -> MessageView:
        """Show the message that a file belongs to, never a stale one; see `message`.

        Raises:
            MediaNotFoundError.
        """
        ...

    async def history(self, id: AttendanceId) -> list[ChangeView]:
        """List what happened to the attendance, oldest first."""
        ...

    async def counts(self, viewer: Attendant) -> Counts:
        """Count for the tabs."""
        ...

    async def search(
        self, viewer: Attendant, text: str, *, cursor: str | None, limit: int
    ) -> Page[Found]:
        """Find messages over the whole history, newest first, accents and case aside.

        Raises:
            InvalidError: the cursor is none of ours.
        """
        ...
