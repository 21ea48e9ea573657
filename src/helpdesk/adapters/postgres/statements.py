"""One SQL statement for each kind of row that a unit of work writes, and their arguments.

Several of them become one statement, and one round trip, by `together`: each is then a WITH clause
of its own.  They do not see each other's rows; foreign keys are checked at the very end.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import msgspec

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

_PARAMETER: Final = re.compile(r"\$(\d+)")

IdentityKey: TypeAlias = tuple[Scheme, str]


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    arguments: tuple[Any, ...]


def are_together(statements: Sequence[Statement]) -> bool:
    """Whether they may become one: no two write the same kind of row."""
    return len({it.sql for it in statements}) == len(statements)


def together(statements: Sequence[Statement]) -> Statement:
    """Make one statement of several."""
    if len(statements) == 1:
        return statements[0]
    arguments = [value for it in statements for value in it.arguments]
    return Statement(_joined(tuple(it.sql for it in statements)), tuple(arguments))


@cache
def _joined(parts: tuple[str, ...]) -> str:
    before, clauses = 0, []
    for name, sql in enumerate(parts):
        clauses.append(f"part_{name} AS ({_shifted(sql, before)})")
        before += len(set(_PARAMETER.findall(sql)))
    return f"WITH {', '.join(clauses)} SELECT"


def _shifted(sql: str, by: int) -> str:
    return _PARAMETER.sub(lambda it: f"${int(it[1]) + by}", sql)


_ATTENDANCE: Final = """
INSERT INTO attendance (
    id, client_id, session_id, sector_id, address_scheme, address, status, opened_by, opened_at,
    last_message_at, last_message_from, last_position, unread, waiting_since, neglected,
    attendant_id, closed_at, closed_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (id) DO UPDATE SET
    client_id = excluded.client_id,
    sector_id = excluded.sector_id,
    address_scheme = excluded.address_scheme,
    address = excluded.address,
    status = excluded.status,
    last_message_at = excluded.last_message_at,
    last_message_from = excluded.last_message_from,
    last_position = excluded.last_position,
    unread = excluded.unread,
    waiting_since = excluded.waiting_since,
    neglected = excluded.neglected,
    attendant_id = excluded.attendant_id,
    closed_at = excluded.closed_at,
    closed_by = excluded.closed_by
"""


def attendance(it: Attendance) -> Statement:
    return Statement(
        _ATTENDANCE,
        (
            *(it.id, it.client_id, it.session_id, it.sector_id),
            *(it.address.scheme, it.address.value, it.status, it.opened_by, it.opened_at),
            *(it.last_message_at, it.last_message_from, it.last_position, it.unread),
            *(it.waiting_since, it.neglected, it.attendant_id, it.closed_at, it.closed_by),
        ),
    )


_MESSAGE: Final = """
INSERT INTO message (
    id, attendance_id, client_id, session_id, position, direction, kind, text, at, author_id,
    quote_id, provider_id, delivery, failure_code, failure_detail, attempt, details, media_id,
    reactions, edited_at, revoked_at
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
)
ON CONFLICT (id) DO UPDATE SET
    client_id = excluded.client_id,
    text = excluded.text,
    reactions = excluded.reactions,
    edited_at = excluded.edited_at,
    revoked_at = excluded.revoked_at,
    provider_id = excluded.provider_id,
    delivery = excluded.delivery,
    failure_code = excluded.failure_code,
    failure_detail = excluded.failure_detail,
    attempt = excluded.attempt,
    kind = excluded.kind,
    details = excluded.details,
    media_id = excluded.media_id
"""


def message(it: Message) -> Statement:
    code, detail = (it.failure.code, it.failure.detail) if it.failure else (None, None)
    reactions = msgspec.json.encode(it.reactions).decode() if it.reactions else None
    return Statement(
        _MESSAGE,
        (
            *(it.id, it.attendance_id, it.client_id, it.session_id, it.position, it.direction),
            *(it.content.kind, it.content.text, it.at, it.author, it.quote, it.provider_id),
            *(it.delivery, code, detail, it.attempt),
            *(details_of(it.content), it.content.media and it.content.media.id),
            *(reactions, it.edited_at, it.revoked_at),
        ),
    )


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
    pair_code, pair_code_expires_at, until, account, retired
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
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
    retired = excluded.retired
"""


def session(it: Session) -> Statement:
    qr = (it.qr.text, it.qr.attempt, it.qr.expires_at) if it.qr else (None, None, None)
    pair = (it.pair_code.text, it.pair_code.expires_at) if it.pair_code else (None, None)
    return Statement(
        _SESSION,
        (
            *(it.id, it.name, it.bridge, it.state, it.since, it.reason, it.phone),
            *(it.last_seen_at, *qr, *pair, it.until, it.account, it.retired),
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
