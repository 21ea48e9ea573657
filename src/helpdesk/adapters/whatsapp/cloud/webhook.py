"""A webhook's body as reports: every entry, every change, every message and status of it.

Pure: bytes in, what they tell out.  One thing that cannot be read never hides another: it becomes
a `Heard` with a problem, which is kept for people to look at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from helpdesk.adapters.whatsapp.cloud.content import content_of, kind_name, source_of, unsupported
from helpdesk.adapters.whatsapp.cloud.failures import codes_of, failure_of
from helpdesk.adapters.whatsapp.cloud.hostile import (
    Json,
    MalformedError,
    id_of,
    line,
    moment,
    part,
    parts,
    read,
    text,
)
from helpdesk.adapters.whatsapp.cloud.people import Person, phone_or_id, sender_of
from helpdesk.domain.bridge import InboundMessage, Report, StateReported, StatusReported
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Content, Delivery, Failure, Kind
from helpdesk.domain.report import (
    AliasReported,
    EchoReported,
    EditReported,
    ReactionReported,
    RevokeReported,
)
from helpdesk.domain.session import SessionState

OBJECT: Final = "whatsapp_business_account"
_DELIVERIES: Final = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
    "failed": Delivery.FAILED,
}
_BANNED: Final = frozenset({"DISABLE", "SCHEDULE_FOR_DISABLE"})
_REINSTATED: Final = "REINSTATE"


class Numbers(Protocol):
    """Which session has which number, by Meta's ids."""

    def of_number(self, id: str) -> SessionId | None: ...
    def of_account(self, id: str) -> tuple[SessionId, ...]:
        """List all numbers of a WhatsApp Business account."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing that a webhook tells; no report when there is nothing to store."""

    event: str  # message, status, echo, call, account, error, or the field's name
    type: str = ""
    number: str = ""  # phone_number_id
    id: str = ""
    errors: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    problem: str = ""  # why it cannot be taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    value: Json
    number: str
    session: SessionId
    at: datetime

    def head(self, **properties: object) -> dict[str, Any]:
        """What every report begins with."""
        return {"at": self.at, "session_id": self.session, **properties}


def hear(body: bytes, numbers: Numbers, *, at: datetime) -> list[Heard]:
    """Read all that a webhook tells.

    Raises:
        MalformedError: it is no webhook of the Cloud API.
    """
    whole = read(body)
    if text(whole, "object", limit=100) != OBJECT:
        raise MalformedError(f'"object" is not "{OBJECT}".')
    if not isinstance(whole.get("entry"), list):
        raise MalformedError('"entry" is no list.')
    return [
        heard
        for entry in parts(whole, "entry")
        for change in parts(entry, "changes")
        for heard in _of_change(entry, change, numbers, at)
    ]


def _of_change(entry: Json, change: Json, numbers: Numbers, at: datetime) -> Iterator[Heard]:
    field, value = line(change, "field"), part(change, "value")
    if field == "account_update":
        yield _account(id_of(entry, "id"), value, numbers, at)
        return
    number = id_of(part(value, "metadata"), "phone_number_id")
    lists = ("messages", "statuses", "errors", "message_echoes", "calls")
    if not any(value.get(name) for name in lists):
        yield Heard(event=field or "unknown", number=number)
        return
    session = numbers.of_number(number)
    if session is None:
        yield Heard(event=field, number=number, problem=f"No session has the number {number!r}.")
        return
    yield from _of_value(_Change(value=value, number=number, session=session, at=at))


def _of_value(change: _Change) -> Iterator[Heard]:
    value = change.value
    yield from (_message(it, change) for it in parts(value, "messages"))
    yield from (_status(it, change) for it in parts(value, "statuses"))
    yield from (_echo(it, change) for it in parts(value, "message_echoes"))
    yield from (_call(it, change) for it in parts(value, "calls"))
    if errors := codes_of(value):
        yield Heard(event="error", number=change.number, errors=errors)


def _message(it: Json, change: _Change) -> Heard:
    sender, id = sender_of(it, change.value), id_of(it, "id")
    problem = ""
    if not id:
        problem = "The message has no id."
    elif sender is None:
        problem = "Nothing says who sent the message."
    reports = () if problem or sender is None else _reports(it, id, sender, change)
    return Heard(
        event="message",
        type=kind_name(it),
        number=change.number,
        id=id,
        errors=codes_of(it),
        flags=_flags(it),
        reports=reports,
        problem=problem,
    )


def _reports(it: Json, id: str, sender: Person, change: _Change) -> tuple[Report, ...]:
    kind = line(it, "type")
    amended = _amendment(it, kind, sender, change)
    if amended:
        return (amended,)
    if kind == "system" and (alias := _new_number(it, sender, change)):
        return (alias,)
    return (_inbound(id, sender, content_of(it), it, change),)


def _inbound(id: str, sender: Person, content: Content, it: Json, change: _Change) -> Report:
    return InboundMessage(
        **change.head(provider_id=id, sender=sender.addresses, sender_name=sender.name),
        content=content,
        sent_at=moment(it, "timestamp", otherwise=change.at),
        quote_provider_id=id_of(part(it, "context"), "id") or None,
        source=source_of(it),
    )


def _amendment(it: Json, kind: str, sender: Person, change: _Change) -> Report | None:
    """Read a reaction, an edit or a revocation that names its message."""
    about = part(it, kind) if kind in ("reaction", "edit", "revoke") else {}
    target = id_of(about, "message_id") or id_of(about, "original_message_id")
    if not target:
        return None
    head = change.head(
        provider_id=target,
        sender=sender.addresses,
        done_at=moment(it, "timestamp", otherwise=change.at),
    )
    if kind == "reaction":
        return ReactionReported(**head, emoji=text(about, "emoji", limit=64))
    if kind == "revoke":
        return RevokeReported(**head)
    said = content_of(part(about, "message") or {**it, "type": "text"})
    return EditReported(**head, text=said.text)


def _new_number(it: Json, sender: Person, change: _Change) -> Report | None:
    """Read that a client changed number (or id): both are one person from now on."""
    about = part(it, "system")
    new = phone_or_id(id_of(about, "new_wa_id") or id_of(about, "wa_id") or id_of(about, "user_id"))
    if new is None or "changed" not in line(about, "type"):
        return None
    old = phone_or_id(id_of(about, "customer"))
    known = tuple(dict.fromkeys(filter(None, (*sender.addresses, old, new))))
    return AliasReported(**change.head(known=known, now=new))


def _status(it: Json, change: _Change) -> Heard:
    id, name = id_of(it, "id"), line(it, "status")
    delivery = _DELIVERIES.get(name)
    failure: Failure | None = failure_of(it) if delivery is Delivery.FAILED else None
    reports: tuple[Report, ...] = ()
    if id and delivery:
        head = change.head(provider_id=id, delivery=delivery, failure=failure)
        reports = (StatusReported(**head, message_id=_ours(it)),)
    return Heard(
        event="status",
        type=name,
        number=change.number,
        id=id,
        errors=codes_of(it),
        reports=reports,
        problem="" if id else "The status has no id.",
    )


def _ours(status: Json) -> MessageId | None:
    """Read our own id, which we sent along to get it back."""
    try:
        return MessageId(UUID(text(status, "biz_opaque_callback_data", limit=64)))
    except ValueError:
        return None


def _echo(it: Json, change: _Change) -> Heard:
    """Read what the WhatsApp Business app on our own phone sent."""
    id, to = id_of(it, "id"), phone_or_id(id_of(it, "to") or id_of(it, "to_user_id"))
    problem = "" if id and to else "The echo has no id, or no recipient."
    reports: tuple[Report, ...] = ()
    if id and to:
        head = change.head(provider_id=id, recipient=(to,), content=_echoed(it))
        reports = (EchoReported(**head, sent_at=moment(it, "timestamp", otherwise=change.at)),)
    return Heard(
        event="echo",
        type=kind_name(it),
        number=change.number,
        id=id,
        reports=reports,
        problem=problem,
    )


def _echoed(it: Json) -> Content:
    """Say what was sent; its file stays where it is, on our own phone."""
    content = content_of(it)
    return unsupported(it) if source_of(it) else content


def _call(it: Json, change: _Change) -> Heard:
    """Read that a client called; the other events of a call say nothing new."""
    id, sender, event = id_of(it, "id"), sender_of(it, change.value), line(it, "event")
    reports: tuple[Report, ...] = ()
    ours = line(it, "direction") == "BUSINESS_INITIATED"
    if id and sender and event == "connect" and not ours:
        reports = (_inbound(id, sender, Content(Kind.CALL, "voice"), it, change),)
    return Heard(event="call", type=event, number=change.number, id=id, reports=reports)


def _account(id: str, value: Json, numbers: Numbers, at: datetime) -> Heard:
    """Read what Meta decided about the whole account."""
    name, ban = line(value, "event"), part(value, "ban_info")
    listed = ban.get("waba_ban_state")
    said = set(map(str, listed if isinstance(listed, list) else [listed]))
    banned, lifted = bool(_BANNED & said), _REINSTATED in said
    state = SessionState.BANNED if banned else SessionState.CONNECTED
    reports = tuple(
        StateReported(at=at, session_id=it, state=state, reason=f"Meta: {name}" if banned else "")
        for it in (numbers.of_account(id) if banned or lifted else ())
    )
    return Heard(event="account", type=name, id=id, reports=reports)


def _flags(it: Json) -> tuple[str, ...]:
    context = part(it, "context")
    found = {
        "context": bool(context),
        "forwarded": bool(context.get("forwarded")),
        "frequently_forwarded": bool(context.get("frequently_forwarded")),
        "referral": bool(part(it, "referral")),
        "no_from": not id_of(it, "from"),
    }
    return tuple(name for name, there in found.items() if there)
