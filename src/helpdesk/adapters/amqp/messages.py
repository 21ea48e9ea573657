"""Envelopes as AMQP messages: the event is the body, all else are properties."""

from typing import Any, Final
from uuid import UUID

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage, HeadersType

from helpdesk.adapters.wire import events, trail
from helpdesk.adapters.wire.events import UnreadableEventError
from helpdesk.ports.outbox import Envelope

KEY: Final = "key"
TRAIL: Final = "trail"
FENCE: Final = "fence"  # the type of the message that says: nothing comes after this
JSON: Final = "application/json"


def message_of(envelope: Envelope, key: str) -> Message:
    """Write it; `message_id` makes its handling idempotent."""
    name, body = events.encode(envelope.event)
    return Message(
        body,
        type=name,
        headers={KEY: key, TRAIL: trail.encode(envelope.trail)},
        content_type=JSON,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=str(envelope.id),
        correlation_id=envelope.correlation,
    )


def envelope_of(message: AbstractIncomingMessage) -> Envelope:
    """Read what `message_of` wrote.

    Raises:
        UnreadableEventError: this release cannot read it.
    """
    try:
        id = UUID(message.message_id)
    except (TypeError, ValueError, AttributeError) as error:
        raise UnreadableEventError("Its id is no UUID.", field="id") from error
    event = events.decode(message.type or "", message.body)
    return Envelope(
        id=id,
        event=event,
        correlation=message.correlation_id or "",
        trail=trail.decode(str(message.headers.get(TRAIL) or "")),
    )


def key_of(message: AbstractIncomingMessage) -> str:
    """What it is in order with; with nothing but itself when it does not say."""
    return str(message.headers.get(KEY) or message.message_id or message.delivery_tag)


def copy_of(message: AbstractIncomingMessage, headers: dict[str, Any]) -> Message:
    """The same message with more headers; the broker's own are not carried over."""
    kept: HeadersType = {k: v for k, v in message.headers.items() if not k.startswith("x-")}
    return Message(
        message.body,
        type=message.type,
        headers=kept | headers,
        content_type=message.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
    )


def fence() -> Message:
    """The last message of a partition that is given up."""
    return Message(b"", type=FENCE, message_id=FENCE, delivery_mode=DeliveryMode.PERSISTENT)
