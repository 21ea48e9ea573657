"""The simulated network's rows, as the domain's objects and back."""

from typing import Final

import asyncpg

from helpdesk.adapters.wire.content import content
from helpdesk.domain.amendment import Verb
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.network import Network
from helpdesk.domain.phone_amendment import PhoneAmendment
from helpdesk.domain.session import Qr
from helpdesk.domain.simulator import News, Phone, PhoneMessage, Side, Tick

NETWORK_HELD: Final = "SELECT * FROM simulator_network FOR UPDATE"


def network_of(row: asyncpg.Record) -> Network:
    qr = None
    if row["qr_text"] is not None:
        qr = Qr(text=row["qr_text"], attempt=row["qr_attempt"], expires_at=row["qr_expires_at"])
    return Network(
        linked=row["linked"],
        network=row["network"],
        banned=row["banned"],
        latency_ms=row["latency_ms"],
        fail_next=row["fail_next"],
        duplicate_next=row["duplicate_next"],
        reorder_next=row["reorder_next"],
        fail_media=row["fail_media"],
        media_gone=row["media_gone"],
        qr=qr,
        reason=row["reason"],
        session_id=row["session_id"],
    )


def phone_of(row: asyncpg.Record) -> Phone:
    return Phone(
        number=Identity(Scheme.PHONE, row["phone_number"]),
        name=row["name"],
        online=row["online"],
        missing=row["missing"],
    )


def message_of(row: asyncpg.Record) -> PhoneMessage:
    return PhoneMessage(
        id=row["id"],
        phone=row["phone"],
        number=row["number"],
        seq=row["seq"],
        direction=Side(row["direction"]),
        content=content(row["kind"], row["text"], row["details"]),
        quote=row["quote"],
        delivery=Tick(row["delivery"]),
        at=row["at"],
        reaction_out=row["reaction_out"],
        reaction_in=row["reaction_in"],
        edited=row["edited"],
        revoked=row["revoked"],
    )


def news_of(row: asyncpg.Record) -> News:
    return News(
        position=row["position"],
        phone=phone_of(row),
        message=None if row["id"] is None else message_of(row),
        at=row["at"],
        typing=bool(row["typing"]),
        copies=row["copies"],
        correlation=row["correlation"],
        amendment=_amendment_of(row),
    )


def _amendment_of(row: asyncpg.Record) -> PhoneAmendment | None:
    if row["verb"] is None:
        return None
    return PhoneAmendment(
        message_id=row["amended"], verb=Verb(row["verb"]), text=row["text"], at=row["at"]
    )


async def network_held(connection: asyncpg.Connection) -> Network:
    """Load it, and hold it until the transaction ends: always before any phone."""
    [row] = await connection.fetch(NETWORK_HELD)
    return network_of(row)


async def save_network(connection: asyncpg.Connection, it: Network) -> None:
    await connection.execute(
        """
        UPDATE simulator_network SET
            linked = $1, network = $2, latency_ms = $3, fail_next = $4, duplicate_next = $5,
            reorder_next = $6, reason = $7, session_id = $8,
            qr_text = $9, qr_attempt = $10, qr_expires_at = $11, fail_media = $12,
            media_gone = $13, banned = $14
        """,
        it.linked, it.network, it.latency_ms, it.fail_next, it.duplicate_next,
        it.reorder_next, it.reason, it.session_id,
        it.qr and it.qr.text, it.qr and it.qr.attempt, it.qr and it.qr.expires_at,
        it.fail_media, it.media_gone, it.banned,
    )  # fmt: skip
