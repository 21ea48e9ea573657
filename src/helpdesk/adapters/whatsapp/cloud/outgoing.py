"""What we send, as bodies for the Graph API.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, read 2026-11.
"""

from collections.abc import Sequence
from typing import Final

from helpdesk.adapters.whatsapp.cloud.hostile import Json
from helpdesk.domain.bridge import Outbound
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.template import FilledTemplate, Part, Value

_TYPES: Final = {Kind.VOICE: "audio"}
_CAPTIONED: Final = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.DOCUMENT})


def addressed(to: Identity) -> Json:
    """Begin a body; a business-scoped id has a field of its own."""
    whom = (
        {"to": to.value.removeprefix("+")} if to.scheme is Scheme.PHONE else {"recipient": to.value}
    )
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **whom}


def body_of(message: Outbound, media_id: str | None) -> Json:
    """Write a message; `media_id` is that of its file at Meta."""
    body = addressed(message.address) | {"biz_opaque_callback_data": str(message.message_id)}
    if message.quote_provider_id:
        body["context"] = {"message_id": message.quote_provider_id}
    return body | _content(message.content, media_id)


def reaction(to: Identity, provider_id: str, emoji: str) -> Json:
    """Put an emoji on a message; an empty one takes it back."""
    about = {"message_id": provider_id, "emoji": emoji}
    return addressed(to) | {"type": "reaction", "reaction": about}


def seen(provider_id: str, *, typing: bool = False) -> Json:
    """Mark as read, and show for up to 25 seconds that somebody types."""
    body: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": provider_id}
    return body | ({"typing_indicator": {"type": "text"}} if typing else {})


def _content(it: Content, media_id: str | None) -> Json:
    if it.template:
        return {"type": "template", "template": _template(it.template)}
    if it.location:
        return {"type": "location", "location": _location(it.location)}
    if it.contacts:
        return {"type": "contacts", "contacts": _contacts(it.contacts)}
    if media_id is None or it.media is None:
        return {"type": "text", "text": {"body": it.text, "preview_url": False}}
    file: Json = {"id": media_id}
    if it.kind in _CAPTIONED and it.text:
        file["caption"] = it.text
    if it.kind is Kind.DOCUMENT:
        file["filename"] = it.media.name
    if it.kind is Kind.VOICE:
        file["voice"] = True
    kind = _TYPES.get(it.kind, it.kind.value)
    return {"type": kind, kind: file}


def _template(it: FilledTemplate) -> Json:
    about: Json = {"name": it.name, "language": {"code": it.language}}
    texts: list[Json] = [
        {"type": part.value, "parameters": parameters}
        for part in (Part.HEADER, Part.BODY)
        if (parameters := [_parameter(one) for one in it.values if one.part is part])
    ]
    buttons = [_button(one) for one in it.values if one.part is Part.BUTTON]
    return about | ({"components": texts + buttons} if it.values else {})


def _button(it: Value) -> Json:
    filled = {"type": "text", "text": it.text}
    at = {"type": "button", "sub_type": "url", "index": str(it.button - 1)}
    return at | {"parameters": [filled]}


def _parameter(it: Value) -> Json:
    named = {} if it.name.isdecimal() else {"parameter_name": it.name}
    return {"type": "text", "text": it.text} | named


def _location(it: Location) -> Json:
    named = {"name": it.name, "address": it.address}
    at = {"latitude": it.latitude, "longitude": it.longitude}
    return at | {name: value for name, value in named.items() if value}


def _contacts(cards: Sequence[ContactCard]) -> list[Json]:
    return [_card(it) for it in cards]


def _card(it: ContactCard) -> Json:
    card: Json = {"name": {"formatted_name": it.name, "first_name": it.name}}
    if it.phones:
        card["phones"] = [{"phone": one, "type": "CELL"} for one in it.phones]
    if it.emails:
        card["emails"] = [{"email": one, "type": "WORK"} for one in it.emails]
    if it.organization:
        card["org"] = {"company": it.organization}
    return card
