"""What the board shows: read models, joined and named, made for people to look at.

They may come from a read replica and be a moment old; a decision is never made on them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from helpdesk.domain.amendment import RevisionKind
from helpdesk.domain.attendance import Attendance, Status
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import AttendantId, ClientId, SectorId
from helpdesk.domain.message import Delivery, Direction, Kind, Message
from helpdesk.domain.sector import Sector

Item = TypeVar("Item", covariant=True)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items and the opaque cursor that continues after them, or None at the end."""

    items: tuple[Item, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """Something known by its name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMessage:
    direction: Direction
    kind: Kind
    text: str  # its first 160 characters
    at: datetime
    delivery: Delivery | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    score: int
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceView:
    attendance: Attendance
    client: Ref
    client_phone: str | None
    session: Ref
    sector: Ref
    attendant: Ref | None
    last_message: LastMessage | None
    rating: Rating | None
    bridge: str  # of the session
    window_closes_at: datetime | None = None  # see `window`; the board itself does not know


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    id: UUID
    kind: Kind
    text: str
    direction: Direction

    @classmethod
    def of(cls, it: Message) -> "Quote":
        return cls(id=it.id, kind=it.content.kind, text=it.content.text, direction=it.direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    message: Message
    author: Ref | None
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """What a message said before it was edited or revoked, then, by `actor` (None: see there)."""

    at: datetime
    kind: RevisionKind
    actor: Ref | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message that a search found, and where."""

    message: MessageView
    attendance: AttendanceView


class ChangeKind(StrEnum):
    OPENED = "opened"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    CLOSED = "closed"
    RATED = "rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One line of an attendance's history: who did what, and who had it afterwards."""

    at: datetime
    kind: ChangeKind
    actor: Ref | None  # None: the client or the system
    attendant: Ref | None
    sector: Ref | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    """Two clients that turned out to be one; both as they are called now."""

    at: datetime
    actor: Ref | None  # None: the system saw it
    merged: Ref
    kept: Ref  # who may have been merged since


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendantView:
    attendant: Attendant
    online: bool
    open_attendances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorView:
    sector: Sector
    members: tuple[AttendantId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Attendances that the viewer may see; `all` are those not closed."""

    waiting: int
    mine: int
    all: int
    closed: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceFilter:
    """None does not restrict."""

    statuses: frozenset[Status] | None = None
    mine: bool = False
    sector_id: SectorId | None = None
    client_id: ClientId | None = None
