"""What the feed says of an event: states with ids, no names; the dashboard knows those."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Self
from uuid import UUID

from helpdesk.adapters.http.media_views import MediaOut
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.views import FailureOut, ReactionOut, TemplateRefOut
from helpdesk.domain.amendment import AmendmentRefused
from helpdesk.domain.attendance import Attendance, AttendanceEvent, ClosedBy, Status
from helpdesk.domain.attendant import PresenceChanged
from helpdesk.domain.bridge import ClientTyping
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.change import Event
from helpdesk.domain.client import ClientChanged, ClientsMerged
from helpdesk.domain.message import Delivery, Direction, Kind, Message, MessageEvent
from helpdesk.domain.sector import TeamChanged
from helpdesk.domain.session import PairCodeIssued, QrIssued, SessionChanged


class IdOut(Out, frozen=True):
    id: UUID


class AttendanceState(Out, frozen=True):
    id: UUID
    status: Status
    client_id: UUID
    session_id: UUID
    sector_id: UUID
    attendant_id: UUID | None
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None
    closed_by: ClosedBy | None
    unread: int
    last_position: int
    neglected: bool
    waiting_since: datetime | None
    heard_at: datetime | None

    @classmethod
    def of(cls, it: Attendance) -> Self:
        return cls(**{name: getattr(it, name) for name in cls.__struct_fields__})


class MessageState(Out, frozen=True):
    id: UUID
    attendance_id: UUID
    position: int
    direction: Direction
    kind: Kind
    text: str
    media: MediaOut | None
    location: Location | None
    contacts: tuple[ContactCard, ...]
    template: TemplateRefOut | None
    delivery: Delivery | None
    failure: FailureOut | None
    attempt: int
    author: IdOut | None
    quote: IdOut | None
    at: datetime
    reactions: list[ReactionOut]
    edited_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, it: Message) -> Self:
        return cls(
            id=it.id,
            attendance_id=it.attendance_id,
            position=it.position,
            direction=it.direction,
            kind=it.content.kind,
            text=it.content.text,
            media=MediaOut.maybe(it.content.media),
            location=it.content.location,
            contacts=it.content.contacts,
            template=TemplateRefOut.maybe(it.content.template),
            delivery=it.delivery,
            failure=FailureOut(it.failure.code, it.failure.detail) if it.failure else None,
            attempt=it.attempt,
            author=IdOut(it.author) if it.author else None,
            quote=IdOut(it.quote) if it.quote else None,
            at=it.at,
            reactions=ReactionOut.all_of(it),
            edited_at=it.edited_at,
            revoked_at=it.revoked_at,
        )


Payload = dict[str, Any]


def payload_of(event: Event) -> Payload:
    """Show an event that is no command."""
    return next(_SHOWN[it] for it in type(event).__mro__ if it in _SHOWN)(event)


def _attendance(event: AttendanceEvent) -> Payload:
    """Besides the state, whatever the event itself adds: by, reason, previous_…, score."""
    added = (it.name for it in fields(event) if it.name not in ("at", "attendance"))
    return {
        "attendance": AttendanceState.of(event.attendance),
        **{name: getattr(event, name) for name in added},
    }


def _message(event: MessageEvent) -> Payload:
    return {
        "attendance": AttendanceState.of(event.attendance),
        "message": MessageState.of(event.message),
    }


def _refusal(event: AmendmentRefused) -> Payload:
    return _message(event) | {
        "verb": event.verb,
        "failure": FailureOut(event.failure.code, event.failure.detail),
        "by": event.by,
    }


def _typing(event: ClientTyping) -> Payload:
    return {"attendance_id": event.attendance.id, "typing": event.typing}


def _session(event: SessionChanged) -> Payload:
    return _flat(event) | {"reason": event.reason or None}


def _flat(event: Event) -> Payload:
    return {it.name: getattr(event, it.name) for it in fields(event) if it.name != "at"}


_SHOWN: Final[Mapping[type[Event], Callable[[Any], Payload]]] = MappingProxyType(
    {
        AttendanceEvent: _attendance,
        ClientTyping: _typing,
        MessageEvent: _message,
        AmendmentRefused: _refusal,
        ClientChanged: _flat,
        ClientsMerged: _flat,
        PresenceChanged: _flat,
        PairCodeIssued: _flat,
        QrIssued: _flat,
        SessionChanged: _session,
        TeamChanged: _flat,
    }
)
