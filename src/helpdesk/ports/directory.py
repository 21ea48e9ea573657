"""People and numbers, for reading.  May be a replica, except where it says otherwise."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.client import Client
from helpdesk.domain.ids import AttendantId, ClientId, SessionId
from helpdesk.domain.outage import Outage
from helpdesk.domain.session import Session
from helpdesk.domain.views import AttendantView, MergeView, Page, SectorView


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

    async def merges(self, id: ClientId) -> list[MergeView]:
        """List who became one with the client, and with those who did, oldest first."""
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

    async def outages(self, id: SessionId, *, limit: int) -> list[Outage]:
        """List when a number was down, newest first."""
        ...

    async def signed_in(self, token_hash: bytes, *, at: datetime) -> Attendant | None:
        """Find the active attendant who signed in with this token; never a stale answer."""
        ...
