"""Phones of the stand-in: what they show, and what Meta tells of them by webhook."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from tests.support.clock import NOON

Json = dict[str, Any]
NUMBER: Final = "106540352242922"  # our phone_number_id
ACCOUNT: Final = "102290129340398"
OUR_PHONE: Final = "+55 11 90000-0000"
SENT_AT: Final = str(int(NOON.timestamp()))


@dataclass(slots=True)
class Shown:
    id: str
    text: str
    ours: bool
    tick: str
    quote: str | None = None
    reaction: str = ""
    kind: str = "text"


@dataclass(slots=True)
class Phone:
    wa_id: str
    name: str = "Ana"
    messages: list[Shown] = field(default_factory=list)
    typing: bool = False
    missing: bool = False
    silent: bool = False  # wrote more than a day ago


@dataclass(slots=True)
class Phones:
    by_id: dict[str, Phone] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def of(self, wa_id: str) -> Phone:
        return self.by_id.setdefault(wa_id, Phone(wa_id))

    def new_id(self) -> str:
        return f"wamid.{next(self._ids)}"

    def find(self, id: str) -> tuple[Phone, Shown] | None:
        return next(
            ((phone, it) for phone in self.by_id.values() for it in phone.messages if it.id == id),
            None,
        )


def message(
    phone: Phone, id: str, kind: str, about: Json | list[Json], quote: str | None = None
) -> Json:
    """Write the value of a webhook about something that a phone sent."""
    it = {"from": phone.wa_id, "id": id, "timestamp": SENT_AT, "type": kind, kind: about}
    if quote:
        it["context"] = {"from": phone.wa_id, "id": quote}
    contact = {"profile": {"name": phone.name}, "wa_id": phone.wa_id}
    return value(contacts=[contact], messages=[it])


def status(phone: Phone, id: str, name: str, **more: Any) -> Json:
    """Write the value of a webhook about something that we sent."""
    about = {"id": id, "status": name, "timestamp": SENT_AT, "recipient_id": phone.wa_id}
    return value(statuses=[about | more])


def value(**lists: list[Json]) -> Json:
    metadata = {"display_phone_number": OUR_PHONE, "phone_number_id": NUMBER}
    return {"messaging_product": "whatsapp", "metadata": metadata, **lists}


def webhook(*values: Json, field: str = "messages") -> Json:
    """Put values into the envelope."""
    changes = [{"field": field, "value": it} for it in values]
    entry = {"id": ACCOUNT, "changes": changes}
    return {"object": "whatsapp_business_account", "entry": [entry]}
