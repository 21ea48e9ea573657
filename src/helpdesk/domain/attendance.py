"""The life of one attendance: waiting, active, closed.

Each verb takes the moment it happens and returns a `Change`; it raises when the lifecycle forbids
it.  A closed attendance never opens again.  Every event carries the attendance as it is after it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from helpdesk.domain.change import Change, Event
from helpdesk.domain.errors import ConflictError, NotFoundError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendanceId, AttendantId, ClientId, SectorId, SessionId


class AttendanceNotFoundError(NotFoundError):
    """There is no such attendance."""

    code = "attendance_not_found"


class AttendanceClosedError(ConflictError):
    """The attendance is closed; the client's next message opens another."""

    code = "attendance_closed"


class AttendanceOpenError(ConflictError):
    """The client already has an open attendance."""  # extras: attendance_id

    code = "attendance_open"


class NotYoursError(ConflictError):
    """Somebody else answers this client."""  # extras: holder_id

    code = "not_yours"


class AlreadyTakenError(ConflictError):
    """Somebody else was faster."""  # extras: holder_id

    code = "already_taken"


class Status(StrEnum):
    WAITING = "waiting"  # in a sector's queue, nobody answers yet
    ACTIVE = "active"  # one attendant answers
    CLOSED = "closed"


class Party(StrEnum):
    """Who did it, seen from WhatsApp."""

    CLIENT = "client"
    ATTENDANT = "attendant"


class ClosedBy(StrEnum):
    ATTENDANT = "attendant"
    SILENCE = "silence"
    MERGE = "merge"  # its client turned out to be another one, who had an open attendance too


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One conversation with one client, answered by at most one attendant at a time."""

    id: AttendanceId
    client_id: ClientId
    session_id: SessionId
    sector_id: SectorId
    address: Identity  # where replies go: the one the client last wrote from
    status: Status
    opened_by: Party
    opened_at: datetime
    last_message_at: datetime  # when we stored it: silence is measured from here
    last_message_from: Party
    heard_at: datetime | None = None  # when the client last wrote to this number
    last_position: int = 0  # of its newest message; the first is 1
    unread: int = 0  # messages of the client that the holder has not seen
    waiting_since: datetime | None = None  # the client's oldest unanswered message
    neglected: bool = False  # managers were warned that the client waits
    attendant_id: AttendantId | None = None
    closed_at: datetime | None = None
    closed_by: ClosedBy | None = None

    @classmethod
    def open(
        cls,
        id: AttendanceId,
        *,
        client: ClientId,
        session: SessionId,
        sector: SectorId,
        address: Identity,
        by: AttendantId | None,
        at: datetime,
    ) -> "Change[Attendance]":
        """Begin: in the sector's queue when the client wrote (`by` None), else with `by`."""
        party = Party.CLIENT if by is None else Party.ATTENDANT
        state = cls(
            id=id,
            client_id=client,
            session_id=session,
            sector_id=sector,
            address=address,
            status=Status.WAITING if by is None else Status.ACTIVE,
            opened_by=party,
            opened_at=at,
            last_message_at=at,
            last_message_from=party,
            attendant_id=by,
        )
        return Change(state, (AttendanceOpened(at=at, attendance=state, by=by),))

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED

    def hear(self, address: Identity, *, sent_at: datetime | None = None, at: datetime) -> Self:
        """Count a message of the client; its `MessageReceived` tells the world."""
        self._must_be_open()
        return replace(
            self,
            address=address,
            heard_at=max(filter(None, (self.heard_at, min(sent_at or at, at)))),
            last_position=self.last_position + 1,
            last_message_at=max(at, self.last_message_at),
            last_message_from=Party.CLIENT,
            unread=self.unread + 1,
            waiting_since=self.waiting_since or at,
        )

    def answer(self, by: AttendantId, *, at: datetime) -> "Change[Attendance]":
        """Let `by` answer; an attendance nobody took becomes theirs.

        Raises:
            AttendanceClosedError, NotYoursError.
        """
        self._must_be_open()
        if self.attendant_id not in (None, by):
            raise NotYoursError(holder_id=self.attendant_id)
        taken = self.assign(by, by=by, at=at)
        state = replace(
            taken.state,
            last_position=self.last_position + 1,
            last_message_at=max(at, self.last_message_at),
            last_message_from=Party.ATTENDANT,
            unread=0,
            waiting_since=None,
            neglected=False,
        )
        return Change(state, taken.events)

    def append(self) -> Self:
        """Count a message that is not part of the talk: a note, or the feedback request."""
        return replace(self, last_position=self.last_position + 1)

    def take(self, by: AttendantId, *, force: bool = False, at: datetime) -> "Change[Attendance]":
        """Make it `by`'s; `force` takes it from its holder (for managers).

        Raises:
            AttendanceClosedError, AlreadyTakenError.
        """
        self._must_be_open()
        if self.attendant_id not in (None, by) and not force:
            raise AlreadyTakenError(holder_id=self.attendant_id)
        return self.assign(by, by=by, at=at)

    def assign(
        self, to: AttendantId, *, by: AttendantId | None, at: datetime
    ) -> "Change[Attendance]":
        """Give it to `to`; `by` is None when routing did."""
        self._must_be_open()
        before = self.attendant_id
        if to == before:
            return Change(self)
        state = replace(self, status=Status.ACTIVE, attendant_id=to)
        event = AttendanceAssigned(at=at, attendance=state, by=by, previous_attendant_id=before)
        return Change(state, (event,))

    def transfer(
        self,
        *,
        sector: SectorId,
        to: AttendantId | None,
        by: AttendantId,
        reason: str = "",
        at: datetime,
    ) -> "Change[Attendance]":
        """Hand it to a colleague, or to a sector's queue when `to` is None."""
        self._must_be_open()
        state = replace(
            self,
            sector_id=sector,
            attendant_id=to,
            status=Status.WAITING if to is None else Status.ACTIVE,
            neglected=self.neglected and sector == self.sector_id,  # warn the new managers too
        )
        if state == self:
            return Change(self)
        event = AttendanceTransferred(
            at=at,
            attendance=state,
            by=by,
            previous_attendant_id=self.attendant_id,
            previous_sector_id=self.sector_id,
            reason=reason,
        )
        return Change(state, (event,))

    def release(self, *, by: AttendantId | None, at: datetime) -> "Change[Attendance]":
        """Put it back into its sector's queue."""
        self._must_be_open()
        if self.attendant_id is None:
            return Change(self)
        state = replace(self, status=Status.WAITING, attendant_id=None)
        event = AttendanceReleased(
            at=at, attendance=state, by=by, previous_attendant_id=self.attendant_id
        )
        return Change(state, (event,))

    def close(
        self, how: ClosedBy, *, by: AttendantId | None, reason: str = "", at: datetime
    ) -> "Change[Attendance]":
        """End it for good."""
        self._must_be_open()
        state = replace(
            self, status=Status.CLOSED, closed_at=at, closed_by=how, waiting_since=None, unread=0
        )
        return Change(state, (AttendanceClosed(at=at, attendance=state, by=by, reason=reason),))

    def read(self, by: AttendantId, *, at: datetime) -> "Change[Attendance]":
        """Note that the holder looked; nobody else's look counts."""
        if by != self.attendant_id or self.unread == 0:
            return Change(self)
        state = replace(self, unread=0)
        return Change(state, (AttendanceRead(at=at, attendance=state),))

    def neglect(self, *, at: datetime) -> "Change[Attendance]":
        """Warn the managers, once for each wait, that nobody answers the client."""
        self._must_be_open()
        if self.neglected:
            return Change(self)
        state = replace(self, neglected=True)
        return Change(state, (AttendanceNeglected(at=at, attendance=state),))

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise AttendanceClosedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceEvent(Event):
    attendance: Attendance


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceOpened(AttendanceEvent):
    by: AttendantId | None  # None: the client


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceAssigned(AttendanceEvent):
    by: AttendantId | None  # None: routing
    previous_attendant_id: AttendantId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceTransferred(AttendanceEvent):
    by: AttendantId
    previous_attendant_id: AttendantId | None
    previous_sector_id: SectorId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceReleased(AttendanceEvent):
    by: AttendantId | None  # None: whoever had it is no longer in the team
    previous_attendant_id: AttendantId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceClosed(AttendanceEvent):
    by: AttendantId | None  # None: silence or a merge
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRead(AttendanceEvent):
    """The holder saw everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceNeglected(AttendanceEvent):
    """The client waits, and nobody answers."""
