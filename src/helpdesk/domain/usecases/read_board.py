"""Reading, with the visibility rule in front."""

import re
from dataclasses import dataclass, replace
from typing import Final

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.client import Client
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId, SessionId
from helpdesk.domain.outage import Outage
from helpdesk.domain.session import NoPairCodeError, PairCode, Session
from helpdesk.domain.usecases.routing import ONLINE_FOR
from helpdesk.domain.views import (
    AttendanceFilter,
    AttendanceView,
    AttendantView,
    ChangeView,
    Counts,
    Found,
    MergeView,
    MessageView,
    Page,
    RevisionView,
    SectorView,
)
from helpdesk.domain.visibility import must_see
from helpdesk.domain.window import window_closes_at
from helpdesk.ports.board import Board
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.directory import Directory
from helpdesk.ports.system import Clock

SEARCH_LIMIT = 200  # characters of a search
OUTAGES_SHOWN: Final = 50
_WORD: Final = re.compile(r"[^\W_]{3}")  # what an index of trigrams can find


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBoard:
    """Attendances are shown with their window, which depends on what their bridges can do."""

    board: Board
    abilities: Abilities

    async def attendances(
        self, by: Attendant, filter: AttendanceFilter, *, cursor: str | None, limit: int
    ) -> Page[AttendanceView]:
        """List what `by` may see.  Raises InvalidError for a cursor that is none of ours."""
        page = await self.board.attendances(by, filter, cursor=cursor, limit=limit)
        return Page(tuple(map(self._with_window, page.items)), page.next)

    async def attendance(self, id: AttendanceId, *, by: Attendant) -> AttendanceView:
        """Raises AttendanceNotFoundError, also when it is not for `by` to see."""
        it = await self.board.attendance(id)
        must_see(by, it.attendance)
        return self._with_window(it)

    async def afterwards(self, it: Attendance) -> AttendanceView:
        """Show with names what the actor has just changed, even where it left their sight."""
        return self._with_window(await self.board.attendance(it.id))

    async def messages(
        self, id: AttendanceId, *, by: Attendant, before: int | None, limit: int
    ) -> Page[MessageView]:
        """Raises AttendanceNotFoundError."""
        await self.attendance(id, by=by)
        return await self.board.messages(id, before=before, limit=limit)

    async def message(self, id: MessageId, *, by: Attendant) -> MessageView:
        """Raises MessageNotFoundError, AttendanceNotFoundError."""
        it = await self.board.message(id)
        await self.attendance(it.message.attendance_id, by=by)
        return it

    async def revisions(self, id: MessageId, *, by: Attendant) -> list[RevisionView]:
        """Raises MessageNotFoundError, AttendanceNotFoundError."""
        await self.message(id, by=by)
        return await self.board.revisions(id)

    async def history(self, id: AttendanceId, *, by: Attendant) -> list[ChangeView]:
        """Raises AttendanceNotFoundError."""
        await self.attendance(id, by=by)
        return await self.board.history(id)

    async def counts(self, by: Attendant) -> Counts:
        """Count for the tabs."""
        return await self.board.counts(by)

    async def search(
        self, by: Attendant, text: str, *, cursor: str | None, limit: int
    ) -> Page[Found]:
        """Search messages.

        Raises:
            InvalidError: a foreign cursor, or a text of which nothing can be looked up: it would
                mean reading every message there is.
        """
        wanted = _searchable(text)
        if not _WORD.search(wanted):
            raise InvalidError("Search for at least three letters or digits in a row.", field="q")
        page = await self.board.search(by, wanted, cursor=cursor, limit=limit)
        found = (replace(it, attendance=self._with_window(it.attendance)) for it in page.items)
        return Page(tuple(found), page.next)

    def _with_window(self, it: AttendanceView) -> AttendanceView:
        closes_at = window_closes_at(it.attendance, self.abilities(it.bridge))
        return replace(it, window_closes_at=closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDirectory:
    directory: Directory
    now: Clock

    async def clients(self, text: str, *, cursor: str | None, limit: int) -> Page[Client]:
        """Find clients; an empty text lists all."""
        wanted = _searchable(text) if text.strip() else ""
        return await self.directory.clients(wanted, cursor=cursor, limit=limit)

    async def client(self, id: ClientId) -> Client:
        """Raises ClientNotFoundError."""
        return await self.directory.client(id)

    async def merges(self, id: ClientId) -> list[MergeView]:
        """List who became one with the client.  Raises ClientNotFoundError."""
        return await self.directory.merges((await self.directory.client(id)).id)

    async def sectors(self) -> list[SectorView]:
        """List all, the default first."""
        return await self.directory.sectors()

    async def attendants(self) -> list[AttendantView]:
        """List all, by name."""
        return await self.directory.attendants(online_since=self.now() - ONLINE_FOR)

    async def sessions(self) -> list[Session]:
        """List all, oldest first."""
        return await self.directory.sessions()

    async def outages(self, id: SessionId, *, by: Attendant) -> list[Outage]:
        """List when a number was down, newest first.

        Raises:
            RoleRequiredError, SessionNotFoundError.
        """
        by.must_be(Role.ADMIN, Role.MANAGER)
        return await self.directory.outages(
            (await self.directory.session(id)).id, limit=OUTAGES_SHOWN
        )

    async def pair_code(self, id: SessionId, *, by: Attendant) -> PairCode:
        """Raises RoleRequiredError, SessionNotFoundError, NoPairCodeError."""
        by.must_be(Role.ADMIN, Role.MANAGER)
        code = (await self.directory.session(id)).pair_code
        if code is None or code.expires_at <= self.now():
            raise NoPairCodeError
        return code


def _searchable(text: str) -> str:
    wanted = " ".join(text.split())
    if not 1 <= len(wanted) <= SEARCH_LIMIT or "\0" in wanted:
        raise InvalidError(f"Search for 1 to {SEARCH_LIMIT} characters.", field="q")
    return wanted
