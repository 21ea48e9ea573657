"""What a unit of work tells: its lines in the outbox, and in the history of attendances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from helpdesk.adapters.postgres.writing import Statement
from helpdesk.adapters.wire import events as wire
from helpdesk.adapters.wire import trail
from helpdesk.domain.amendment import MessageAmended, revision_kind
from helpdesk.domain.attendance import (
    AttendanceAssigned,
    AttendanceClosed,
    AttendanceEvent,
    AttendanceOpened,
    AttendanceReleased,
    AttendanceTransferred,
)
from helpdesk.domain.change import Command, Event
from helpdesk.domain.client import ClientsMerged
from helpdesk.domain.feedback import AttendanceRated
from helpdesk.domain.journey import Trail
from helpdesk.domain.views import ChangeKind
from helpdesk.ports.broker import commands_of
from helpdesk.ports.outbox import Destination

_KINDS: Final[Mapping[type[Event], ChangeKind]] = MappingProxyType(
    {
        AttendanceOpened: ChangeKind.OPENED,
        AttendanceAssigned: ChangeKind.ASSIGNED,
        AttendanceTransferred: ChangeKind.TRANSFERRED,
        AttendanceReleased: ChangeKind.RELEASED,
        AttendanceClosed: ChangeKind.CLOSED,
        AttendanceRated: ChangeKind.RATED,
    }
)

# One row is by far the most frequent, and arrays cost.
_OUTBOX_ONE: Final = """
INSERT INTO outbox (destination, id, type, body, correlation, trail, queue, key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_OUTBOX: Final = """
INSERT INTO outbox (destination, id, type, body, correlation, trail, queue, key)
SELECT destination, id, type, body, correlation, trail, queue, key
FROM unnest(
    $1::text[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[]
) WITH ORDINALITY AS it (destination, id, type, body, correlation, trail, queue, key, place)
ORDER BY place
"""
_HISTORY: Final = """
INSERT INTO attendance_history (attendance_id, at, kind, actor_id, attendant_id, sector_id, reason)
SELECT attendance_id, at, kind, actor_id, attendant_id, sector_id, reason
FROM unnest(
    $1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[]
) WITH ORDINALITY
    AS it (attendance_id, at, kind, actor_id, attendant_id, sector_id, reason, place)
ORDER BY place
"""

_REVISIONS: Final = """
INSERT INTO message_revision (message_id, at, kind, actor_id, text)
SELECT message_id, at, kind, actor_id, text
FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::text[]) WITH ORDINALITY
    AS it (message_id, at, kind, actor_id, text, place)
ORDER BY place
"""


_MERGES: Final = """
INSERT INTO client_merge (merged_id, client_id, at, actor_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event, the cause for which it was told, and the way that led to it."""

    event: Event
    correlation: str
    trail: Trail

    @property
    def destination(self) -> Destination:
        return Destination.BROKER if isinstance(self.event, Command) else Destination.FEED


def outbox(told: Sequence[Told]) -> list[Statement]:
    rows = [_row(it) for it in told]
    if len(rows) == 1:
        return [Statement(_OUTBOX_ONE, rows[0])]
    return [Statement(_OUTBOX, tuple(zip(*rows, strict=True)))] if rows else []


def _row(it: Told) -> tuple[object, ...]:
    queue, key = "", ""
    if isinstance(it.event, Command):
        queue, key = commands_of(it.event.session_id), it.event.key
    way = trail.encode(it.trail)
    return (it.destination, uuid4(), *wire.encode(it.event), it.correlation, way, queue, key)


def revisions(told: Sequence[Told]) -> list[Statement]:
    rows = [
        (it.event.message.id, it.event.at, revision_kind(it.event), it.event.by, it.event.before)
        for it in told
        if isinstance(it.event, MessageAmended)
    ]
    return [Statement(_REVISIONS, tuple(zip(*rows, strict=True)))] if rows else []


def history(told: Sequence[Told]) -> list[Statement]:
    rows = [
        (
            *(it.event.attendance.id, it.event.at, _KINDS[type(it.event)]),
            *(getattr(it.event, "by", None), it.event.attendance.attendant_id),
            *(it.event.attendance.sector_id, getattr(it.event, "reason", "") or None),
        )
        for it in told
        if isinstance(it.event, AttendanceEvent) and type(it.event) in _KINDS
    ]
    return [Statement(_HISTORY, tuple(zip(*rows, strict=True)))] if rows else []


def merges(told: Sequence[Told]) -> list[Statement]:
    events = [it.event for it in told if isinstance(it.event, ClientsMerged)]
    rows = [(it.merged_id, it.client_id, it.at, it.by) for it in events]
    return [Statement(_MERGES, tuple(zip(*rows, strict=True)))] if rows else []
