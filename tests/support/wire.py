"""One example of everything on the wire; `python -m tests.support.wire` writes what is missing.

What was written once in tests/contracts/golden is never written again: it is what others sent.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from helpdesk.adapters.wire import events
from helpdesk.domain import bridge, client, session
from helpdesk.domain.attachment import MediaChanged, MediaReported, MediaWanted
from helpdesk.domain.attendance import (
    Attendance,
    AttendanceAssigned,
    AttendanceClosed,
    AttendanceNeglected,
    AttendanceOpened,
    AttendanceRead,
    AttendanceReleased,
    AttendanceTransferred,
    ClosedBy,
    Party,
    Status,
)
from helpdesk.domain.attendant import PresenceChanged
from helpdesk.domain.change import Event
from helpdesk.domain.feedback import AttendanceRated
from helpdesk.domain.file import Blob, MediaKind, Recognised, Source, StoredFile
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import (
    AttendanceId,
    AttendantId,
    ClientId,
    MediaId,
    MessageId,
    SectorId,
    SessionId,
)
from helpdesk.domain.media import Facts, Form, Media, MediaState, Rendition
from helpdesk.domain.message import (
    Content,
    Delivery,
    DeliveryChanged,
    Direction,
    Failure,
    Kind,
    Message,
    MessageReceived,
    MessageWritten,
    ReplyQueued,
)
from helpdesk.domain.sector import TeamChanged
from helpdesk.domain.template import FilledTemplate, Part, Value
from tests.support.clock import NOON
from tests.support.wire_amendments import amendments, reports

GOLDEN: Final = Path(__file__).parent.parent / "contracts/golden"

AT: Final = NOON + timedelta(microseconds=123_000)
ATTENDANCE, CLIENT = AttendanceId(UUID(int=1)), ClientId(UUID(int=2))
SESSION, SECTOR = SessionId(UUID(int=3)), SectorId(UUID(int=4))
ANA, BIA = AttendantId(UUID(int=5)), AttendantId(UUID(int=6))
MESSAGE, QUOTED = MessageId(UUID(int=7)), MessageId(UUID(int=8))
PHONE = Identity(Scheme.PHONE, "+5511912345678")
SENDER = PHONE, Identity(Scheme.LID, "123@lid")
TEXT = Content(Kind.TEXT, 'Olá "João" 👋\nlinha 2 \u2028')

FILLED = FilledTemplate(
    name="pedido_enviado",
    language="pt_BR",
    values=(
        Value(part=Part.BODY, name="1", text="Rita"),
        Value(part=Part.BUTTON, name="1", text="1042", button=2),
    ),
)
OF_TEMPLATE = Content(Kind.TEXT, "Rita, saiu hoje.", template=FILLED)

MEDIA = MediaId(UUID(int=10))
BLOB = Blob(sha256="ab" * 32, size=4096)
SOURCE = Source(ref="wamid.9", name="foto.jpg", mime="image/jpeg", size=4096, sha256="ab" * 32)
FILE = StoredFile(
    blob=BLOB, recognised=Recognised(kind=MediaKind.IMAGE, mime="image/jpeg"), name="foto.jpg"
)
PHOTO = Content(
    Kind.IMAGE,
    "Veja",
    media=Media(
        id=MEDIA,
        kind=MediaKind.IMAGE,
        state=MediaState.READY,
        name="foto.jpg",
        mime="image/jpeg",
        blob=BLOB,
        facts=Facts(width=640, height=480, duration=1.5, waveform=(0, 100)),
        renditions=(
            Rendition(form=Form.THUMBNAIL, blob=BLOB, mime="image/webp", width=320, height=240),
        ),
    ),
)


def attendance(**properties: Any) -> Attendance:
    defaults: dict[str, Any] = {
        "id": ATTENDANCE,
        "client_id": CLIENT,
        "session_id": SESSION,
        "sector_id": SECTOR,
        "address": PHONE,
        "status": Status.ACTIVE,
        "opened_by": Party.CLIENT,
        "opened_at": NOON,
        "last_message_at": AT,
        "last_message_from": Party.CLIENT,
        "last_position": 2,
        "unread": 1,
        "waiting_since": AT,
        "neglected": True,
        "attendant_id": ANA,
    }
    return Attendance(**(defaults | properties))


def message(**properties: Any) -> Message:
    defaults: dict[str, Any] = {
        "id": MESSAGE,
        "attendance_id": ATTENDANCE,
        "client_id": CLIENT,
        "session_id": SESSION,
        "position": 2,
        "direction": Direction.REPLY,
        "content": TEXT,
        "at": AT,
        "author": ANA,
        "quote": QUOTED,
        "delivery": Delivery.QUEUED,
        "attempt": 1,
    }
    return Message(**(defaults | properties))


def examples() -> dict[str, Event]:
    return {events.name_of(it): it for it in (*_attendances(), *_messages(), *_rest(), *_bridge())}


def _attendances() -> list[Event]:
    active, waiting = attendance(), attendance(status=Status.WAITING, attendant_id=None)
    closed = attendance(
        status=Status.CLOSED, closed_at=AT, closed_by=ClosedBy.SILENCE, waiting_since=None, unread=0
    )
    before = {"previous_attendant_id": BIA}
    return [
        AttendanceOpened(at=AT, attendance=waiting, by=None),
        AttendanceAssigned(at=AT, attendance=active, by=ANA, previous_attendant_id=None),
        AttendanceTransferred(
            at=AT, attendance=active, by=BIA, previous_sector_id=SECTOR, reason="Ana sabe", **before
        ),
        AttendanceReleased(at=AT, attendance=waiting, by=BIA, **before),
        AttendanceClosed(at=AT, attendance=closed, by=None, reason=""),
        AttendanceRead(at=AT, attendance=attendance(unread=0)),
        AttendanceNeglected(at=AT, attendance=active),
        AttendanceRated(at=AT, attendance=closed, score=5),
        bridge.ClientTyping(at=AT, attendance=active, typing=True),
    ]


def _messages() -> list[Event]:
    failed = message(delivery=Delivery.FAILED, failure=Failure("window_closed", "24 h"), attempt=2)
    heard = {"direction": Direction.INBOUND, "author": None, "delivery": None, "attempt": 0}
    file = message(content=PHOTO, provider_id="wamid.1", **heard)
    return [
        MediaChanged(at=AT, attendance=attendance(), message=file),
        MediaWanted(
            at=AT,
            session_id=SESSION,
            message_id=MESSAGE,
            media_id=MEDIA,
            kind=MediaKind.VOICE,
            source=SOURCE,
            attempt=2,
        ),
        MessageReceived(
            at=AT, attendance=attendance(), message=message(provider_id="wamid.1", **heard)
        ),
        MessageWritten(at=AT, attendance=attendance(), message=message()),
        DeliveryChanged(at=AT, attendance=attendance(), message=failed),
        *amendments(AT, attendance(), message, by=ANA),
        ReplyQueued(
            at=AT,
            session_id=SESSION,
            attendance_id=ATTENDANCE,
            message_id=MESSAGE,
            attempt=1,
            address=PHONE,
            content=TEXT,
            quote_provider_id="wamid.1",
        ),
    ]


def _rest() -> list[Event]:
    return [
        client.ClientChanged(at=AT, client_id=CLIENT),
        client.ClientsMerged(at=AT, client_id=CLIENT, merged_id=ClientId(UUID(int=9)), by=ANA),
        session.SessionChanged(
            at=AT, session_id=SESSION, state=session.SessionState.QR, reason="unlinked", since=NOON
        ),
        session.QrIssued(at=AT, session_id=SESSION, attempt=2),
        session.PairCodeIssued(at=AT, session_id=SESSION, expires_at=later(seconds=60)),
        session.LogoutRequested(at=AT, session_id=SESSION),
        session.PairCodeRequested(at=AT, session_id=SESSION, phone="+5511999990000"),
        PresenceChanged(at=AT, attendant_id=ANA, online=True, away=False),
        TeamChanged(at=AT),
        bridge.TypingShown(at=AT, session_id=SESSION, address=PHONE),
        bridge.ReadReceiptRequested(
            at=AT, session_id=SESSION, address=PHONE, provider_id="wamid.1"
        ),
    ]


def _bridge() -> list[Event]:
    here: dict[str, Any] = {"at": AT, "session_id": SESSION}
    qr = session.Qr(text="2@abc", attempt=1, expires_at=later(seconds=20))
    return [
        bridge.InboundMessage(
            **here,
            provider_id="wamid.2",
            sender=SENDER,
            sender_name="João",
            content=TEXT,
            sent_at=NOON,
            quote_provider_id="wamid.1",
        ),
        MediaReported(
            **here, message_id=MESSAGE, media_id=MEDIA, attempt=2, file=FILE, reason="", gone=False
        ),
        bridge.StatusReported(
            **here,
            provider_id="wamid.3",
            delivery=Delivery.FAILED,
            failure=Failure("recipient_unreachable"),
        ),
        bridge.SendReported(
            **here, message_id=MESSAGE, attempt=1, delivery=Delivery.SENT, provider_id="wamid.3"
        ),
        bridge.StateReported(**here, state=session.SessionState.CONNECTED, phone="+5511999990000"),
        bridge.QrReported(**here, qr=qr),
        bridge.TypingReported(**here, sender=SENDER, typing=True),
        *reports(here, sender=SENDER, message=message(), by=ANA),
    ]


def later(**by: float) -> datetime:
    return AT + timedelta(**by)


def file_of(name: str) -> Path:
    return GOLDEN / f"{name}.json"


def write_missing() -> None:
    for name, event in examples().items():
        if not file_of(name).exists():
            readable = json.dumps(json.loads(events.encode(event)[1]), indent=2, ensure_ascii=False)
            file_of(name).write_text(f"{readable}\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
