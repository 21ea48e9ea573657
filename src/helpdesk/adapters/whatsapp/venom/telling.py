"""What the sidecar tells, in the helpdesk's words.  All of it comes from strangers."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from helpdesk.adapters.whatsapp.venom.contents import SILENT, clean, content_of
from helpdesk.domain.bridge import (
    InboundMessage,
    QrReported,
    Report,
    StateReported,
    StatusReported,
    TypingReported,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Content, Delivery, Failure, Kind
from helpdesk.domain.report import (
    AmendmentReported,
    EchoReported,
    EditReported,
    ReactionReported,
    RevokeReported,
)
from helpdesk.domain.session import Qr, SessionState

Fields = Mapping[str, Any]

# WhatsApp Web shows the first code for a minute and each later one for 20 seconds: Baileys,
# src/Socket/socket.ts, `qrTimeout`.
FIRST_CODE: Final = timedelta(seconds=60)
LATER_CODE: Final = timedelta(seconds=20)

ACKS: Final[Mapping[int, Delivery]] = {
    -1: Delivery.FAILED,
    1: Delivery.SENT,
    2: Delivery.DELIVERED,
    3: Delivery.READ,
    4: Delivery.READ,  # played
}


def chat_of(address: Identity) -> str | None:
    """Spell an address as WhatsApp Web does; None when it has no way to."""
    match address.scheme:
        case Scheme.PHONE:
            return f"{address.value.removeprefix('+')}@c.us"
        case Scheme.LID:
            return f"{address.value.partition('@')[0]}@lid"
        case _:
            return None


def identities(chat: str, phone: str | None = None) -> tuple[Identity, ...]:
    """Read WhatsApp ids; where a number is known, replies go to it.

    Raises:
        InvalidError: no id of a person.
    """
    name, _, server = chat.partition("@")
    if server == "c.us":
        return (Identity.phone(name),)
    private = Identity(Scheme.LID, f"{name}@lid")
    return (Identity.phone(phone.partition("@")[0]), private) if phone else (private,)


class Telling(Protocol):
    def __call__(self, told: Fields, *, at: datetime) -> Report | None: ...


class Teller:
    """Makes reports of one session."""

    def __init__(self, session: SessionId) -> None:
        self._session = session
        self._by_event: Mapping[str, Telling] = {
            "message": self.message,
            "ack": self._ack,
            "edit": self._amendment,
            "revoke": self._amendment,
            "reaction": self._amendment,
            "typing": self._typing,
            "state": self._state,
            "qr": self._qr,
        }

    def report(self, told: Fields, *, at: datetime) -> Report | None:
        """Say it in the helpdesk's words; None for what is nobody's news.

        Raises:
            InvalidError, KeyError, TypeError, ValueError: the sidecar told nonsense.
        """
        tell = self._by_event.get(told["ev"])
        return tell(told, at=at) if tell else None

    def message(self, told: Fields, *, at: datetime) -> InboundMessage | EchoReported | None:
        if told["kind"] in SILENT:
            return None
        quote = told.get("quote")
        content, source = content_of(told)
        if told["from_me"]:
            if source:  # echoes bring no files
                content = Content(Kind.UNSUPPORTED, clean(told["kind"]))
            return EchoReported(
                at=at,
                session_id=self._session,
                provider_id=clean(told["id"]),
                recipient=identities(told["chat"], told.get("phone")),
                content=content,
                sent_at=datetime.fromtimestamp(float(told["at"]), UTC),
                quote_provider_id=clean(quote) if quote else None,
            )
        return InboundMessage(
            at=at,
            session_id=self._session,
            provider_id=clean(told["id"]),
            sender=identities(told["chat"], told.get("phone")),
            sender_name=clean(told["name"]),
            content=content,
            source=source,
            sent_at=datetime.fromtimestamp(float(told["at"]), UTC),
            quote_provider_id=clean(quote) if quote else None,
        )

    def _amendment(self, told: Fields, *, at: datetime) -> AmendmentReported:
        common: dict[str, Any] = {
            "at": at,
            "done_at": at,
            "session_id": self._session,
            "sender": identities(told["chat"]),
        }
        match told["ev"]:
            case "edit":
                text = clean(told["text"])
                return EditReported(**common, provider_id=clean(told["id"]), text=text)
            case "revoke":
                return RevokeReported(**common, provider_id=clean(told["id"]))
            case _:
                emoji = clean(told["emoji"])
                return ReactionReported(**common, provider_id=clean(told["message"]), emoji=emoji)

    def _typing(self, told: Fields, *, at: datetime) -> TypingReported:
        return TypingReported(
            at=at,
            session_id=self._session,
            sender=identities(told["chat"]),
            typing=bool(told["typing"]),
        )

    def _ack(self, told: Fields, *, at: datetime) -> StatusReported | None:
        delivery = ACKS.get(told["ack"])
        if delivery is None:
            return None
        failed = delivery is Delivery.FAILED
        return StatusReported(
            at=at,
            session_id=self._session,
            provider_id=clean(told["id"]),
            delivery=delivery,
            failure=Failure("recipient_unreachable", "WhatsApp shows an error.")
            if failed
            else None,
        )

    def _state(self, told: Fields, *, at: datetime) -> StateReported:
        us = told.get("us")
        return StateReported(
            at=at,
            session_id=self._session,
            state=SessionState(told["state"]),
            reason=clean(told.get("reason", "")),
            phone=our_phone(us) if us else None,
        )

    def _qr(self, told: Fields, *, at: datetime) -> QrReported:
        attempt = int(told["attempt"])
        shown = FIRST_CODE if attempt == 1 else LATER_CODE
        qr = Qr(text=clean(told["text"]), attempt=attempt, expires_at=at + shown)
        return QrReported(at=at, session_id=self._session, qr=qr)


def our_phone(us: str) -> str | None:
    """Read our own number from our WhatsApp id, which may name a device too."""
    try:
        return Identity.phone(us.partition("@")[0].partition(":")[0]).value
    except InvalidError:
        return None
