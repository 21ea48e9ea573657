"""What a message of the Cloud API says, in our words; what is not known is visible all the same.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples, read 2026-11.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from itertools import islice
from math import nan
from types import MappingProxyType
from typing import Final

from helpdesk.adapters.whatsapp.cloud.hostile import (
    ID_LIMIT,
    TEXT_LIMIT,
    Json,
    degrees,
    id_of,
    line,
    name_of_file,
    part,
    parts,
    text,
    whole,
)
from helpdesk.domain.cards import (
    CONTACTS_LIMIT,
    ContactCard,
    Location,
    valid_contacts,
    valid_location,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import Source
from helpdesk.domain.message import Content, Kind

_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
FILES: Final = frozenset({"image", "video", "document", "audio", "voice", "sticker"})
ORDER_LINES: Final = 100


def kind_name(message: Json) -> str:
    """Name the message's type, with that of an interactive answer: interactive.list_reply."""
    kind = line(message, "type")
    if kind == "interactive":
        return f"{kind}.{line(part(message, kind), 'type')}".rstrip(".")
    return kind or "unknown"


def content_of(message: Json) -> Content:
    """Read what it says."""
    kind = line(message, "type")
    if kind in FILES:
        return Content(_file_kind(message, kind), text(part(message, kind), "caption"))
    read = _READERS.get(kind)
    found = read(message) if read else None
    return _with_referral(found or unsupported(message), message)


def source_of(message: Json) -> Source | None:
    """Say where its file is; None when it has none."""
    kind = line(message, "type")
    it = part(message, kind) if kind in FILES else {}
    ref = id_of(it, "id")
    if not ref:
        return None
    return Source(
        ref=ref,
        name=name_of_file(it, "filename"),
        mime=line(it, "mime_type"),
        size=whole(it, "file_size"),
        sha256=digest_of(text(it, "sha256", limit=ID_LIMIT)),
    )


def digest_of(text: str) -> str | None:
    """Read a SHA-256, which Meta writes in Base64 in webhooks and in hexadecimal elsewhere."""
    if _HEX.fullmatch(text):
        return text.lower()
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex() if len(raw) == 32 else None


def unsupported(message: Json) -> Content:
    """Hold the place of what cannot be shown; the text names it."""
    reasons = (line(it, "title") or line(it, "message") for it in parts(message, "errors"))
    named = [kind_name(message), *filter(None, reasons)]
    return Content(Kind.UNSUPPORTED, ": ".join(named)[:TEXT_LIMIT])


def _file_kind(message: Json, kind: str) -> Kind:
    if kind == "voice" or (kind == "audio" and part(message, kind).get("voice") is True):
        return Kind.VOICE
    return Kind(kind)


def _text(message: Json) -> Content | None:
    body = text(part(message, "text"), "body")
    return Content(Kind.TEXT, body) if body else None


def _button(message: Json) -> Content | None:
    label = text(part(message, "button"), "text") or text(part(message, "button"), "payload")
    return Content(Kind.TEXT, label) if label else None


def _interactive(message: Json) -> Content | None:
    it = part(message, "interactive")
    answer = part(it, line(it, "type"))
    title = text(answer, "title") or text(answer, "body") or line(answer, "name")
    said = "\n".join(filter(None, (title, text(answer, "description"), _form(answer))))
    return Content(Kind.TEXT, said[:TEXT_LIMIT]) if said else None


def _form(answer: Json) -> str:
    """Show the fields of a form ("flow") that the client filled in, one a line."""
    try:
        given = json.loads(text(answer, "response_json") or "{}")
    except (ValueError, RecursionError):
        return ""
    if not isinstance(given, dict):
        return ""
    shown = ((name, text(given, name)) for name in given if name != "flow_token")
    return "\n".join(f"{name}: {value}" for name, value in shown if value)


def _location(message: Json) -> Content | None:
    it = part(message, "location")
    latitude, longitude = degrees(it, "latitude"), degrees(it, "longitude")
    name, address = line(it, "name"), line(it, "address")
    try:
        place = valid_location(
            Location(
                latitude=nan if latitude is None else latitude,
                longitude=nan if longitude is None else longitude,
                name=name,
                address=address,
            )
        )
    except InvalidError:  # the address may say it all the same
        return Content(Kind.UNSUPPORTED, ": ".join(filter(None, ("location", name, address))))
    return Content(Kind.LOCATION, "", location=place)


def _contacts(message: Json) -> Content | None:
    cards = [_card(it) for it in islice(parts(message, "contacts"), CONTACTS_LIMIT)]
    known = tuple(it for it in cards if it.name or it.phones or it.emails)
    try:
        return Content(Kind.CONTACT, "", contacts=valid_contacts(known))
    except InvalidError:
        return None


def _card(it: Json) -> ContactCard:
    name = part(it, "name")
    phones = (line(one, "phone") or line(one, "wa_id") for one in parts(it, "phones"))
    return ContactCard(
        name=line(name, "formatted_name") or line(name, "first_name"),
        phones=tuple(one for one in islice(filter(None, phones), CONTACTS_LIMIT)),
        emails=tuple(line(one, "email") for one in islice(parts(it, "emails"), CONTACTS_LIMIT)),
        organization=line(part(it, "org"), "company"),
    )


def _order(message: Json) -> Content | None:
    it = part(message, "order")
    items = [_order_line(one) for one in islice(parts(it, "product_items"), ORDER_LINES)]
    said = "\n".join(filter(None, (text(it, "text"), *items)))
    return Content(Kind.TEXT, said[:TEXT_LIMIT]) if said else None


def _order_line(it: Json) -> str:
    price = " ".join(filter(None, (line(it, "item_price"), line(it, "currency"))))
    product = line(it, "product_retailer_id")
    return f"{line(it, 'quantity')} x {product}" + (f" ({price})" if price else "")


def _with_referral(content: Content, message: Json) -> Content:
    """Add the advertisement from which the client came."""
    it = part(message, "referral")
    shown = "\n".join(filter(None, (line(it, "headline"), line(it, "source_url"))))
    if not shown or content.kind is not Kind.TEXT:
        return content
    return Content(content.kind, f"{content.text}\n\n{shown}"[:TEXT_LIMIT])


_READERS: Final[Mapping[str, Callable[[Json], Content | None]]] = MappingProxyType(
    {
        "text": _text,
        "button": _button,
        "interactive": _interactive,
        "location": _location,
        "contacts": _contacts,
        "order": _order,
    }
)
