"""Who a webhook is about: phone, business-scoped user id (BSUID), whichever it has.

A username is no address: it can pass on to somebody else.
"""

import re
from dataclasses import dataclass
from typing import Final

from helpdesk.adapters.whatsapp.cloud.hostile import Json, id_of, line, part, parts
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity, Scheme

_DIGITS: Final = re.compile(r"\+?[0-9]{7,15}")


@dataclass(frozen=True, slots=True)
class Person:
    """The first address is where to reply."""

    addresses: tuple[Identity, ...]
    name: str = ""


def phone_or_id(text: str) -> Identity | None:
    """Read a wa_id; one that is no phone number is an opaque id."""
    if not text:
        return None
    if _DIGITS.fullmatch(text):
        try:
            return Identity.phone(text)
        except InvalidError:
            pass
    return Identity(Scheme.BSUID, text)


def sender_of(message: Json, value: Json) -> Person | None:
    """Say who wrote; None when nothing says it."""
    contact = _contact(message, value)
    found = (
        phone_or_id(id_of(message, "from")),
        phone_or_id(id_of(contact, "wa_id")),
        _bsuid(id_of(message, "from_user_id") or id_of(contact, "user_id")),
    )
    addresses = tuple(dict.fromkeys(it for it in found if it))
    profile = part(contact, "profile")
    name = line(profile, "name") or line(profile, "username")
    return Person(addresses, name) if addresses else None


def _contact(message: Json, value: Json) -> Json:
    """Find the card of who wrote: by id, or the only one there is when all are by one sender."""
    contacts = list(parts(value, "contacts"))
    sender = id_of(message, "from") or id_of(message, "from_user_id")
    for it in contacts:
        if sender and sender in (id_of(it, "wa_id"), id_of(it, "user_id")):
            return it
    senders = {id_of(it, "from") or id_of(it, "from_user_id") for it in parts(value, "messages")}
    return contacts[0] if len(contacts) == len(senders) == 1 else {}


def _bsuid(text: str) -> Identity | None:
    return Identity(Scheme.BSUID, text) if text else None
