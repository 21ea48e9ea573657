"""Rows as entities.  Each list of columns is in the order in which its function takes them."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import asyncpg
import msgspec

from helpdesk.adapters.wire.content import content
from helpdesk.domain.attendance import Attendance, ClosedBy, Party, Status
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.client import Client
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.file import Blob, StoredBlob
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.message import Delivery, Direction, Failure, Message
from helpdesk.domain.reaction import Reaction
from helpdesk.domain.sector import Policy, Sector, WhenClientWaits
from helpdesk.domain.session import PairCode, Qr, Session, SessionState

# A Record, or a part of one: what is read by position is not read by name.
Row: TypeAlias = asyncpg.Record | Sequence[Any]

ATTENDANCE: Final = (
    "id, client_id, session_id, sector_id, address_scheme, address, status, opened_by, opened_at,"
    " last_message_at, last_message_from, last_position, unread, waiting_since, neglected,"
    " attendant_id, closed_at, closed_by, heard_at"
)
MESSAGE: Final = (
    "id, attendance_id, client_id, session_id, position, direction, kind, text, at, author_id,"
    " quote_id, provider_id, delivery, failure_code, failure_detail, attempt,"
    " details, reactions, edited_at, revoked_at"
)
CLIENT: Final = "id, name, identities, created_at, notes, tags, merged_into"
ATTENDANT: Final = (
    "id, name, email, role, capacity, active, away,"
    " ARRAY(SELECT sector_id FROM attendant_sector WHERE attendant_id = attendant.id)"
)
SECTOR: Final = (
    "id, name, policy, is_default, close_after, check_every, when_client_waits, ask_feedback"
)
SESSION: Final = (
    "id, name, bridge, state, since, reason, phone, last_seen_at, qr_text, qr_attempt,"
    " qr_expires_at, pair_code, pair_code_expires_at, until,"
    " account, retired, qr_sha256, qr_size, qr_put_at"
)
FEEDBACK: Final = "attendance_id, token_hash, expires_at, score, comment, given_at"

_REACTIONS: Final = msgspec.json.Decoder(tuple[Reaction, ...])


def of(table: str, columns: str) -> str:
    """Qualify plain columns, for a join."""
    return ", ".join(f"{table}.{it.strip()}" for it in columns.split(","))


def attendance(row: Row) -> Attendance:
    return Attendance(
        id=row[0],
        client_id=row[1],
        session_id=row[2],
        sector_id=row[3],
        address=Identity(Scheme(row[4]), row[5]),
        status=Status(row[6]),
        opened_by=Party(row[7]),
        opened_at=row[8],
        last_message_at=row[9],
        last_message_from=Party(row[10]),
        last_position=row[11],
        unread=row[12],
        waiting_since=row[13],
        neglected=row[14],
        attendant_id=row[15],
        closed_at=row[16],
        closed_by=row[17] and ClosedBy(row[17]),
        heard_at=row[18],
    )


def message(row: Row) -> Message:
    return Message(
        id=row[0],
        attendance_id=row[1],
        client_id=row[2],
        session_id=row[3],
        position=row[4],
        direction=Direction(row[5]),
        content=content(row[6], row[7], row[16]),
        at=row[8],
        author=row[9],
        quote=row[10],
        provider_id=row[11],
        delivery=row[12] and Delivery(row[12]),
        failure=failure(row[13], row[14]),
        attempt=row[15],
        reactions=_REACTIONS.decode(row[17]) if row[17] else (),
        edited_at=row[18],
        revoked_at=row[19],
    )


def failure(code: str | None, detail: str | None) -> Failure | None:
    return None if code is None else Failure(code, detail or "")


def client(row: Row) -> Client:
    return Client(
        id=row[0],
        name=row[1],
        identities=tuple(_identity(it) for it in row[2]),
        created_at=row[3],
        notes=row[4],
        tags=tuple(row[5]),
        merged_into=row[6],
    )


def _identity(text: str) -> Identity:
    scheme, _, value = text.partition(":")
    return Identity(Scheme(scheme), value)


def attendant(row: Row) -> Attendant:
    return Attendant(
        id=row[0],
        name=row[1],
        email=row[2],
        role=Role(row[3]),
        capacity=row[4],
        active=row[5],
        away=row[6],
        sectors=frozenset(row[7]),
    )


def sector(row: Row) -> Sector:
    return Sector(
        id=row[0],
        name=row[1],
        policy=Policy(row[2]),
        is_default=row[3],
        close_after=row[4],
        check_every=row[5],
        when_client_waits=WhenClientWaits(row[6]),
        ask_feedback=row[7],
    )


def _qr(row: Row) -> Qr | None:
    if row[8] is None:
        return None
    blob = None if row[16] is None else Blob(sha256=row[16], size=row[17])
    image = None if blob is None else StoredBlob(blob=blob, put_at=row[18])
    return Qr(text=row[8], attempt=row[9], expires_at=row[10], image=image)


def session(row: Row) -> Session:
    return Session(
        id=row[0],
        name=row[1],
        bridge=row[2],
        state=SessionState(row[3]),
        since=row[4],
        reason=row[5],
        phone=row[6],
        last_seen_at=row[7],
        qr=_qr(row),
        pair_code=None if row[11] is None else PairCode(text=row[11], expires_at=row[12]),
        until=row[13],
        account=row[14],
        retired=row[15],
    )


def feedback(row: Row) -> Feedback:
    return Feedback(
        attendance_id=row[0],
        token_hash=row[1],
        expires_at=row[2],
        score=row[3],
        comment=row[4],
        given_at=row[5],
    )
