"""Names, versions and JSON of everything that leaves the process as an event, report or command.

A name is `<noun>.<verb>.v<version>`.  A new field with a default keeps the version; anything else
is a new version, whose predecessor stays readable by an upcaster.  Readers ignore unknown fields.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from helpdesk.domain import (
    amendment,
    attachment,
    attendance,
    attendant,
    bridge,
    client,
    feedback,
    message,
    report,
    sector,
    session,
)
from helpdesk.domain.change import Event
from helpdesk.domain.errors import InvalidError

NAMES: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {
        "attendance.opened.v1": attendance.AttendanceOpened,
        "attendance.assigned.v1": attendance.AttendanceAssigned,
        "attendance.transferred.v1": attendance.AttendanceTransferred,
        "attendance.released.v1": attendance.AttendanceReleased,
        "attendance.closed.v1": attendance.AttendanceClosed,
        "attendance.read.v1": attendance.AttendanceRead,
        "attendance.neglected.v1": attendance.AttendanceNeglected,
        "attendance.rated.v1": feedback.AttendanceRated,
        "message.received.v1": message.MessageReceived,
        "message.written.v1": message.MessageWritten,
        "message.delivery_changed.v1": message.DeliveryChanged,
        "message.media_changed.v1": attachment.MediaChanged,
        "message.reacted.v1": amendment.MessageReacted,
        "message.edited.v1": amendment.MessageEdited,
        "message.revoked.v1": amendment.MessageRevoked,
        "message.quote_found.v1": amendment.QuoteFound,
        "message.amendment_refused.v1": amendment.AmendmentRefused,
        "client.changed.v1": client.ClientChanged,
        "client.merged.v1": client.ClientsMerged,
        "client.typing.v1": bridge.ClientTyping,
        "session.changed.v1": session.SessionChanged,
        "session.qr_issued.v1": session.QrIssued,
        "session.pair_code_issued.v1": session.PairCodeIssued,
        "attendant.presence_changed.v1": attendant.PresenceChanged,
        "team.changed.v1": sector.TeamChanged,
        # Commands, for the bot that holds the session.
        "reply.queued.v1": message.ReplyQueued,
        "media.wanted.v1": attachment.MediaWanted,
        "typing.shown.v1": bridge.TypingShown,
        "read_receipt.requested.v1": bridge.ReadReceiptRequested,
        "session.logout_requested.v1": session.LogoutRequested,
        "session.pair_code_requested.v1": session.PairCodeRequested,
        "reaction.queued.v1": amendment.ReactionQueued,
        "edit.queued.v1": amendment.EditQueued,
        "revoke.queued.v1": amendment.RevokeQueued,
        # Reports of bridges, for consumers.
        "inbound.message.v1": bridge.InboundMessage,
        "inbound.media.v1": attachment.MediaReported,
        "inbound.status.v1": bridge.StatusReported,
        "inbound.send.v1": bridge.SendReported,
        "inbound.state.v1": bridge.StateReported,
        "inbound.qr.v1": bridge.QrReported,
        "inbound.typing.v1": bridge.TypingReported,
        "inbound.echo.v1": report.EchoReported,
        "inbound.reaction.v1": report.ReactionReported,
        "inbound.edit.v1": report.EditReported,
        "inbound.revoke.v1": report.RevokeReported,
        "inbound.refusal.v1": report.RefusalReported,
        "inbound.alias.v1": report.AliasReported,
        "inbound.unreadable.v1": report.UnreadableReported,
        "inbound.pair_code.v1": report.PairCodeReported,
    }
)
_NAME_OF: Final = MappingProxyType({kind: name for name, kind in NAMES.items()})
_ENCODER: Final = msgspec.json.Encoder()
_DECODERS: Final = MappingProxyType(
    {name: msgspec.json.Decoder(kind) for name, kind in NAMES.items()}
)


class UnreadableEventError(InvalidError):
    """An event that this release cannot read; asking again will not help."""

    code = "unreadable_event"


def name_of(event: Event) -> str:
    """The type name by which an event is known outside."""
    return _NAME_OF[type(event)]


def encode(event: Event) -> tuple[str, bytes]:
    """Write an event as its type name and its JSON."""
    return _NAME_OF[type(event)], _ENCODER.encode(event)


def decode(type: str, body: bytes) -> Event:
    """Read what `encode` wrote, in this release or an earlier one.

    Raises:
        UnreadableEventError: an unknown type, or JSON that does not fit it.
    """
    decoder = _DECODERS.get(type)
    if decoder is None:
        raise UnreadableEventError(f"There is no event type {type!r}.", field="type")
    try:
        return decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise UnreadableEventError(f"{type}: {error}", field="data") from error


def schemas(ref_template: str = "#/$defs/{name}") -> tuple[dict[str, Any], dict[str, Any]]:
    """JSON Schema: a reference for each type name, and the definitions they refer to."""
    references, components = msgspec.json.schema_components(
        NAMES.values(), ref_template=ref_template
    )
    return dict(zip(NAMES, references, strict=True)), components
