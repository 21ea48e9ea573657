"""What of an event is in its documents: a list of what may be, for nothing else may.

Ids, kinds, states, counters and times; no text in any form, unless that of plain messages is asked
for.  The names are those of `/v1/feed`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from helpdesk.adapters.wire.events import name_of
from helpdesk.domain.attendance import Attendance, AttendanceEvent
from helpdesk.domain.bridge import ClientTyping
from helpdesk.domain.change import Event
from helpdesk.domain.live import EVERYONE, feeds_of
from helpdesk.domain.message import TEXT_LIMIT, Content, Kind, Message, MessageEvent
from helpdesk.ports.feed import FeedItem

Json = dict[str, Any]

RESYNC: Final = "resync"
_ATTENDANCE: Final = (
    *("id", "status", "client_id", "session_id", "sector_id", "attendant_id"),
    *("opened_at", "last_message_at", "closed_at", "closed_by"),
    *("unread", "last_position", "neglected", "waiting_since", "heard_at"),
)
_MESSAGE: Final = (
    *("id", "attendance_id", "position", "direction", "delivery", "attempt"),
    *("at", "edited_at", "revoked_at"),
)
_PARTS: Final = frozenset({"at", "attendance", "message"})


@dataclass(frozen=True, slots=True)
class Written:
    """One document: `feeds/{feed}/events/{id}`."""

    feed: str
    id: str
    content: Json

    @property
    def path(self) -> str:
        return f"feeds/{self.feed}/events/{self.id}"


def documents_of(item: FeedItem, *, keep: timedelta, text: bool = False) -> Iterator[Written]:
    """Write an item once for each feed of its audience; `text`: with that of a message."""
    event = item.envelope.event
    content = {
        "cursor": item.cursor,
        "event": name_of(event),
        "at": event.at,
        "payload": payload_of(event, text=text),
        "expires_at": event.at + keep,
    }
    id = document_id(item.envelope.id.bytes)
    for feed in feeds_of(item.audience):
        yield Written(feed, id, content)


def resync(cursor: int, *, at: datetime, keep: timedelta) -> Written:
    """Tell everybody that what came before this cursor may be missing."""
    content = {"cursor": cursor, "event": RESYNC, "at": at, "payload": {}, "expires_at": at + keep}
    return Written(EVERYONE, document_id(f"{RESYNC}:{cursor}".encode()), content)


def document_id(of: bytes) -> str:
    """Name it so that again is the same, and later is not greater."""
    return sha256(of).hexdigest()[:32]


def payload_of(event: Event, *, text: bool = False) -> Json:
    match event:
        case ClientTyping():
            return {"attendance_id": str(event.attendance.id), "typing": event.typing}
        case MessageEvent():
            message = _message(event.message) | (_text(event.message) if text else {})
            return {"attendance": _attendance(event.attendance), "message": message, **_rest(event)}
        case AttendanceEvent():
            return {"attendance": _attendance(event.attendance), **_rest(event)}
    return _rest(event)


def _attendance(it: Attendance) -> Json:
    return {name: _plain(getattr(it, name)) for name in _ATTENDANCE}


def _message(it: Message) -> Json:
    return {
        **{name: _plain(getattr(it, name)) for name in _MESSAGE},
        "kind": str(it.content.kind),
        "author": {"id": str(it.author)} if it.author else None,
        "quote": {"id": str(it.quote)} if it.quote else None,
    }


def _text(it: Message) -> Json:
    """The text of a message that says nothing else; what has more is asked of the API as a whole.

    A commit takes 10 MiB, so one that is longer than WhatsApp lets people write is left out.
    """
    more = it.failure or it.reactions or it.revoked_at or len(it.content.text) > TEXT_LIMIT
    plain = it.content == Content(kind=Kind.TEXT, text=it.content.text)
    return {"text": it.content.text} if plain and not more else {}


def _rest(event: Event) -> Json:
    """What the event itself adds; what is text or more than one value is left out."""
    added = ((it.name, getattr(event, it.name)) for it in fields(event) if it.name not in _PARTS)
    return {name: _plain(value) for name, value in added if _may_be_told(value)}


def _may_be_told(value: object) -> bool:
    return value is None or isinstance(value, UUID | Enum | datetime | bool | int)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | Enum) else value
