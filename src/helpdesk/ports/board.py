"""Reading for people: lists, pages, search.  May be a replica; holds nothing, decides nothing."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.client import Client
from helpdesk.domain.ids import AttendanceId, AttendantId, ClientId, MessageId, SessionId
from helpdesk.domain.session import Session
from helpdesk.domain.views import (
    AttendanceFilter,
    AttendanceView,
    AttendantView,
    ChangeView,
    Counts,
    Found,
    MessageView,
    Page,
    SectorView,
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


class Directory(Protocol):
    """People and numbers."""

    async def clients(self, text: str, *, cursor: str | None, limit: int) -> Page[Client]:
        """Find clients by part of a name, tag, or address, accents and case aside; by name.

        Raises:
            InvalidError: the cursor is none of ours.
        """
        ...

    async def client(self, id: ClientId) -> Client:
        """Show one; one that was merged leads to the client it lives on in.

        Raises:
            ClientNotFoundError.
        """
        ...

    async def sectors(self) -> list[SectorView]:
        """List all, the default first."""
        ...

    async def attendants(self, *, online_since: datetime) -> list[AttendantView]:
        """List all, by name; online as `store.Team.candidates` says."""
        ...

    async def attendant(self, id: AttendantId) -> Attendant:
        """Show one.

        Raises:
            AttendantNotFoundError.
        """
        ...

    async def sessions(self) -> list[Session]:
        """List all, oldest first."""
        ...

    async def session(self, id: SessionId) -> Session:
        """Show one.

        Raises:
            SessionNotFoundError.
        """
        ...

    async def signed_in(self, token_hash: bytes, *, at: datetime) -> Attendant | None:
        """Find the active attendant who signed in with this token; never a stale answer."""
        ...
