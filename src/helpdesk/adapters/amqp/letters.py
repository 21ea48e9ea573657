"""Dead letters as AMQP messages: what became of a message is written into its headers.

Nothing here may fail: a letter that cannot be read is a letter all the same.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aio_pika import Message
from aio_pika.abc import AbstractIncomingMessage

from helpdesk.adapters.amqp.handling import Verdict
from helpdesk.adapters.amqp.messages import TRAIL, copy_of, key_of
from helpdesk.adapters.amqp.names import Names
from helpdesk.adapters.wire import trail
from helpdesk.domain.dead_letter import DeadLetter, DeathReason
from helpdesk.ports.broker import Queue

LOST: Final = "Its consumer was lost with it, or gave it back, too often."


def letter_for(message: AbstractIncomingMessage, verdict: Verdict, queue: Queue) -> Message:
    """The message as a letter, with why it died."""
    headers = {
        "dead-queue": queue,
        "dead-reason": str(verdict.reason),
        "dead-error": verdict.error,
        "dead-detail": verdict.detail,
        "dead-attempts": verdict.attempts,
        "dead-first": verdict.since.isoformat(),
        "dead-last": datetime.now(UTC).isoformat(),
    }
    return copy_of(message, headers)


def letter_of(message: AbstractIncomingMessage, names: Names) -> DeadLetter:
    """Read a letter of ours, or one that the broker made of a message it gave up."""
    headers = message.headers
    by_us = "dead-reason" in headers
    return DeadLetter(
        queue=_text(headers, "dead-queue") if by_us else names.logical(_died_in(headers)),
        key=key_of(message),
        message_id=message.message_id or "",
        type=message.type or "",
        correlation=message.correlation_id or "",
        trail=trail.decode(_text(headers, TRAIL)),
        body=message.body,
        **(_ours(headers) if by_us else _the_brokers(headers)),
    )


def _ours(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reason": DeathReason(_text(headers, "dead-reason")),
        "error": _text(headers, "dead-error"),
        "detail": _text(headers, "dead-detail"),
        "attempts": int(_text(headers, "dead-attempts")),
        "first_at": datetime.fromisoformat(_text(headers, "dead-first")),
        "last_at": datetime.fromisoformat(_text(headers, "dead-last")),
    }


def _the_brokers(headers: Mapping[str, Any]) -> dict[str, Any]:
    deaths = headers.get("x-death") or [{}]
    at = deaths[0].get("time")
    # The broker's clock has no zone; it means UTC.
    last = at.replace(tzinfo=UTC) if isinstance(at, datetime) else datetime.now(UTC)
    return {
        "reason": DeathReason.LOST,
        "error": _text(headers, "x-first-death-reason") or "unknown",
        "detail": LOST,
        "attempts": int(headers.get("x-delivery-count") or 0),
        "first_at": last,
        "last_at": last,
    }


def _died_in(headers: Mapping[str, Any]) -> str:
    return _text(headers, "x-first-death-queue") or "unknown"


def _text(headers: Mapping[str, Any], name: str) -> str:
    value = headers.get(name)
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value or "")
