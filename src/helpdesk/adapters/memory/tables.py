"""What is kept, and a layer over it for one unit of work.

Rows are frozen, so a layer needs no copies: it holds what was written and covers the rest.
"""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.client import Client, ClientsMerged
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.identity import Scheme
from helpdesk.domain.ids import (
    AttendanceId,
    AttendantId,
    ClientId,
    DeviceId,
    MessageId,
    SectorId,
    SessionId,
)
from helpdesk.domain.live import Grant
from helpdesk.domain.message import Delivery, Failure, Message
from helpdesk.domain.outage import Outage
from helpdesk.domain.push import Device, PushChoice, PushTask
from helpdesk.domain.report import AmendmentReported
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import Session
from helpdesk.ports.repositories import SignIn

Key = TypeVar("Key")
Row = TypeVar("Row")

IdentityKey: TypeAlias = tuple[Scheme, str]
ProviderKey: TypeAlias = tuple[SessionId, str]
TaskKey: TypeAlias = tuple[str, MessageId]  # the chore, and whose file
OutageKey: TypeAlias = tuple[SessionId, datetime]
PushKey: TypeAlias = tuple[DeviceId, AttendanceId]
Connection: TypeAlias = tuple[AttendantId, str]


@dataclass(frozen=True, slots=True)
class Parked:
    delivery: Delivery
    failure: Failure | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EarlyRow:
    reports: tuple[AmendmentReported, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class QuotesRow:
    by: tuple[MessageId, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskRow:
    session: SessionId
    due_at: datetime
    taken: bool = False
    times: int = 0


@dataclass(frozen=True, slots=True)
class PushRow:
    task: PushTask
    due_at: datetime


@dataclass(slots=True)
class Tables:
    attendances: MutableMapping[AttendanceId, Attendance] = field(default_factory=dict)
    messages: MutableMapping[MessageId, Message] = field(default_factory=dict)
    provided: MutableMapping[ProviderKey, MessageId] = field(default_factory=dict)
    clients: MutableMapping[ClientId, Client] = field(default_factory=dict)
    identities: MutableMapping[IdentityKey, ClientId] = field(default_factory=dict)
    merges: MutableMapping[ClientId, ClientsMerged] = field(default_factory=dict)  # by who went
    feedbacks: MutableMapping[AttendanceId, Feedback] = field(default_factory=dict)
    sessions: MutableMapping[SessionId, Session] = field(default_factory=dict)
    sectors: MutableMapping[SectorId, Sector] = field(default_factory=dict)
    attendants: MutableMapping[AttendantId, Attendant] = field(default_factory=dict)
    assigned: MutableMapping[AttendantId, datetime] = field(default_factory=dict)  # last time
    passwords: MutableMapping[AttendantId, str] = field(default_factory=dict)
    sign_ins: MutableMapping[bytes, SignIn] = field(default_factory=dict)
    presence: MutableMapping[Connection, datetime] = field(default_factory=dict)
    claims: MutableMapping[str, datetime] = field(default_factory=dict)
    parked: MutableMapping[ProviderKey, Parked] = field(default_factory=dict)
    early: MutableMapping[ProviderKey, EarlyRow] = field(default_factory=dict)
    early_quotes: MutableMapping[ProviderKey, QuotesRow] = field(default_factory=dict)
    media_tasks: MutableMapping[TaskKey, TaskRow] = field(default_factory=dict)
    outages: MutableMapping[OutageKey, Outage] = field(default_factory=dict)
    devices: MutableMapping[DeviceId, Device] = field(default_factory=dict)
    push_choices: MutableMapping[AttendantId, PushChoice] = field(default_factory=dict)
    push_cursor: MutableMapping[str, int] = field(default_factory=dict)
    pushes: MutableMapping[PushKey, PushRow] = field(default_factory=dict)
    live_cursor: MutableMapping[str, int] = field(default_factory=dict)
    live_grants: MutableMapping[AttendantId, Grant] = field(default_factory=dict)
    secrets: MutableMapping[str, bytes] = field(default_factory=dict)

    def layered(self) -> "Tables":
        """Put a layer over each table; what is written to it stays there until `merge`."""
        return Tables(**{it.name: Layer(getattr(self, it.name)) for it in fields(self)})

    def merge(self) -> None:
        """Write the layers through; nothing else may run meanwhile, so nothing is awaited."""
        for it in fields(self):
            layer: Layer[object, object] = getattr(self, it.name)
            layer.merge()


class Layer(MutableMapping[Key, Row], Generic[Key, Row]):
    """A table as one unit of work sees it: what others committed, under what it wrote itself."""

    def __init__(self, below: MutableMapping[Key, Row]) -> None:
        self._below = below
        self._written: dict[Key, Row] = {}
        self._deleted: set[Key] = set()

    def __getitem__(self, key: Key) -> Row:
        if key in self._written:
            return self._written[key]
        if key in self._deleted:
            raise KeyError(key)
        return self._below[key]

    def __setitem__(self, key: Key, row: Row) -> None:
        self._deleted.discard(key)
        self._written[key] = row

    def __delitem__(self, key: Key) -> None:
        if key not in self:
            raise KeyError(key)
        self._written.pop(key, None)
        self._deleted.add(key)

    def __iter__(self) -> Iterator[Key]:
        yield from (it for it in self._below if it not in self._deleted)
        yield from (it for it in self._written if it not in self._below)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def written(self) -> list[Row]:
        return list(self._written.values())

    def merge(self) -> None:
        for key in self._deleted:
            self._below.pop(key, None)
        self._below.update(self._written)
