"""One SQL statement for each kind of row that a unit of work writes, and their arguments."""

from collections.abc import Collection, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

from helpdesk.adapters.postgres.writing import Statement, Table
from helpdesk.adapters.wire.content import details_of
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.client import Client
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.identity import Scheme
from helpdesk.domain.ids import AttendantId, ClientId, SectorId
from helpdesk.domain.message import Message
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import Session

IdentityKey: TypeAlias = tuple[Scheme, str]


_ATTENDANCE: Final = Table(
    "attendance",
    fixed="id, session_id, opened_by, opened_at",
    free="client_id, sector_id, address_scheme, address, status, last_message_at,"
    " last_message_from, last_position, unread, waiting_since, neglected, attendant_id,"
    " closed_at, closed_by, heard_at",
)


def attendance(it: Attendance, version: int | None = None) -> Statement:
    return _ATTENDANCE.write(
        (it.id, it.session_id, it.opened_by, it.opened_at),
        (
            *(it.client_id, it.sector_id, it.address.scheme, it.address.value, it.status),
            *(it.last_message_at, it.last_message_from, it.last_position, it.unread),
            *(it.waiting_since, it.neglected, it.attendant_id, it.closed_at, it.closed_by),
            it.heard_at,
        ),
        version,
    )


_MESSAGE: Final = Table(
    "message",
    fixed="id, attendance_id, session_id, position, direction, at, author_id",
    free="client_id, quote_id, kind, text, provider_id, delivery, failure_code, failure_detail,"
    " attempt, details, media_id, reactions, edited_at, revoked_at",
)


def message(it: Message, version: int | None = None) -> Statement:
    code, detail = (it.failure.code, it.failure.detail) if it.failure else (None, None)
    reactions = msgspec.json.encode(it.reactions).decode() if it.reactions else None
    return _MESSAGE.write(
        (
            *(it.id, it.attendance_id, it.session_id, it.position, it.direction, it.at),
            it.author,
        ),
        (
            *(it.client_id, it.quote, it.content.kind, it.content.text),
            *(it.provider_id, it.delivery),
            *(code, detail, it.attempt, details_of(it.content)),
            *(it.content.media and it.content.media.id, reactions, it.edited_at, it.revoked_at),
        ),
        version,
    )


_UNCHANGED: Final = {
    kind: f"SELECT FROM {table} WHERE id = $1 AND xmin = $2 FOR SHARE"
    for kind, table in ((Client, "client"), (Attendance, "attendance"), (Message, "message"))
}
_CLAIMED: Final = "INSERT INTO inbox (delivery) SELECT unnest($1::text[])"


def unchanged(kind: type[Any], id: UUID, version: int) -> Statement:
    """Go on only if a row is still as it was, and keep it so."""
    return Statement(_UNCHANGED[kind], (id, version), must_be=True)


def claimed(deliveries: list[str]) -> Statement:
    """Fails with a UniqueViolationError when somebody else claimed one of them."""
    return Statement(_CLAIMED, (deliveries,))


_CLIENT: Final = """
INSERT INTO client (id, name, notes, tags, identities, created_at, merged_into, haystack)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    notes = excluded.notes,
    tags = excluded.tags,
    identities = excluded.identities,
    merged_into = excluded.merged_into,
    haystack = excluded.haystack
"""


def client(it: Client) -> Statement:
    identities = [f"{one.scheme}:{one.value}" for one in it.identities]
    spelled = dict.fromkeys(text for one in it.identities for text in (one.value, one.key))
    haystack = "\n".join((it.name, *it.tags, *spelled))
    about = it.name, it.notes, list(it.tags)
    return Statement(_CLIENT, (it.id, *about, identities, it.created_at, it.merged_into, haystack))


_IDENTITIES_LOST: Final = """
DELETE FROM client_identity
WHERE client_id = $1 AND (scheme, key) IN (SELECT * FROM unnest($2::text[], $3::text[]))
"""
_IDENTITIES_GAINED: Final = """
INSERT INTO client_identity (client_id, scheme, key)
SELECT $1, scheme, key FROM unnest($2::text[], $3::text[]) AS it (scheme, key)
ORDER BY scheme, key
"""


def identities_lost(of: ClientId, keys: Collection[IdentityKey]) -> Statement:
    return Statement(_IDENTITIES_LOST, (of, *zip(*keys, strict=True)))


def identities_gained(of: ClientId, keys: Collection[IdentityKey]) -> Statement:
    """Fails with a UniqueViolationError when another client has one of them."""
    return Statement(_IDENTITIES_GAINED, (of, *zip(*keys, strict=True)))


_SECTOR: Final = """
INSERT INTO sector (
    id, name, policy, is_default, close_after, check_every, when_client_waits, ask_feedback
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    policy = excluded.policy,
    is_default = excluded.is_default,
    close_after = excluded.close_after,
    check_every = excluded.check_every,
    when_client_waits = excluded.when_client_waits,
    ask_feedback = excluded.ask_feedback
"""


def sector(it: Sector) -> Statement:
    times = it.close_after, it.check_every
    return Statement(
        _SECTOR,
        (it.id, it.name, it.policy, it.is_default, *times, it.when_client_waits, it.ask_feedback),
    )


_ATTENDANT: Final = """
INSERT INTO attendant (id, name, email, role, capacity, active, away)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    email = excluded.email,
    role = excluded.role,
    capacity = excluded.capacity,
    active = excluded.active,
    away = excluded.away
"""
_SECTORS_LEFT: Final = """
DELETE FROM attendant_sector WHERE attendant_id = $1 AND sector_id <> ALL ($2::uuid[])
"""
_SECTORS_JOINED: Final = """
INSERT INTO attendant_sector (attendant_id, sector_id) SELECT $1, unnest($2::uuid[])
ON CONFLICT DO NOTHING
"""


def attendant(it: Attendant) -> Statement:
    return Statement(
        _ATTENDANT, (it.id, it.name, it.email, it.role, it.capacity, it.active, it.away)
    )


def sectors_left(of: AttendantId, now: Sequence[SectorId]) -> Statement:
    return Statement(_SECTORS_LEFT, (of, now))


def sectors_joined(of: AttendantId, now: Sequence[SectorId]) -> Statement:
    return Statement(_SECTORS_JOINED, (of, now))


_SESSION: Final = """
INSERT INTO session (
    id, name, bridge, state, since, reason, phone, last_seen_at, qr_text, qr_attempt, qr_expires_at,
    pair_code, pair_code_expires_at, until, account, retired, qr_sha256, qr_size, qr_put_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    bridge = excluded.bridge,
    state = excluded.state,
    since = excluded.since,
    reason = excluded.reason,
    phone = excluded.phone,
    last_seen_at = excluded.last_seen_at,
    qr_text = excluded.qr_text,
    qr_attempt = excluded.qr_attempt,
    qr_expires_at = excluded.qr_expires_at,
    pair_code = excluded.pair_code,
    pair_code_expires_at = excluded.pair_code_expires_at,
    until = excluded.until,
    account = excluded.account,
    retired = excluded.retired,
    qr_sha256 = excluded.qr_sha256,
    qr_size = excluded.qr_size,
    qr_put_at = excluded.qr_put_at
"""


def session(it: Session) -> Statement:
    qr = (it.qr.text, it.qr.attempt, it.qr.expires_at) if it.qr else (None, None, None)
    image = it.qr and it.qr.image
    drawn = (image.blob.sha256, image.blob.size, image.put_at) if image else (None, None, None)
    pair = (it.pair_code.text, it.pair_code.expires_at) if it.pair_code else (None, None)
    return Statement(
        _SESSION,
        (
            *(it.id, it.name, it.bridge, it.state, it.since, it.reason, it.phone),
            *(it.last_seen_at, *qr, *pair, it.until, it.account, it.retired, *drawn),
        ),
    )


_FEEDBACK: Final = """
INSERT INTO feedback (attendance_id, token_hash, expires_at, score, comment, given_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (attendance_id) DO UPDATE SET
    token_hash = excluded.token_hash,
    expires_at = excluded.expires_at,
    score = excluded.score,
    comment = excluded.comment,
    given_at = excluded.given_at
"""


def feedback(it: Feedback) -> Statement:
    return Statement(
        _FEEDBACK,
        (it.attendance_id, it.token_hash, it.expires_at, it.score, it.comment, it.given_at),
    )
