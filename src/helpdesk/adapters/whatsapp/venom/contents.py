"""What clients send, in the helpdesk's words.  All of it comes from strangers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

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
from helpdesk.domain.text import storable

Fields = Mapping[str, Any]

TEXTS: Final = frozenset(
    {"chat", "list_response", "buttons_response", "template_button_reply", "interactive_response"}
)
FILES: Final[Mapping[str, Kind]] = {
    "image": Kind.IMAGE,
    "sticker": Kind.STICKER,
    "audio": Kind.AUDIO,
    "ptt": Kind.VOICE,
    "video": Kind.VIDEO,
    "gif": Kind.VIDEO,
    "ptv": Kind.VIDEO,  # a round one
    "document": Kind.DOCUMENT,
}
# Notices of the page itself, which nobody wrote.
SILENT: Final = frozenset(
    {
        "e2e_notification",
        "notification",
        "notification_template",
        "gp2",
        "protocol",
        "debug",
        "broadcast_notification",
        "call_log",
        "pinned_message",
        "revoked",
    }
)
_FOLDED: Final = re.compile(r"\r?\n[ \t]")  # RFC 6350, 3.2


def clean(text: object) -> str:
    """Read it as a text that can be stored."""
    return storable(str(text))


def content_of(told: Fields) -> tuple[Content, Source | None]:
    """Read a message; what is none of the helpdesk's kinds becomes a placeholder that names it."""
    kind, text = told["kind"], clean(told["text"])
    if kind in TEXTS and text:
        return Content(Kind.TEXT, text), None
    if kind in FILES and "file" in told:
        return Content(FILES[kind], text), _source(told)
    try:
        if kind == "location":
            return Content(Kind.LOCATION, "", location=_location(told["place"])), None
        if kind in {"vcard", "multi_vcard"}:
            cards = valid_contacts(tuple(cards_of(told["text"]))[:CONTACTS_LIMIT])
            return Content(Kind.CONTACT, "", contacts=cards), None
    except (InvalidError, KeyError, TypeError, ValueError):
        pass  # a stranger's nonsense is shown as something that cannot be shown
    return Content(Kind.UNSUPPORTED, clean(kind)), None


def _source(told: Fields) -> Source:
    file = told["file"]
    size = file["size"]
    return Source(
        ref=clean(told["id"]),
        name=clean(file["name"]),
        mime=clean(file["mime"]).partition(";")[0].strip().lower(),
        size=size if isinstance(size, int) and size > 0 else None,
    )


def _location(place: Fields) -> Location:
    name, _, address = clean(place.get("name", "")).partition("\n")
    return valid_location(
        Location(
            latitude=float(place["lat"]),
            longitude=float(place["lng"]),
            name=name,
            address=address,
        )
    )


def cards_of(text: str) -> Iterator[ContactCard]:
    """Read vCards, of any version; properties other than ours are passed over."""
    for card in re.split(r"(?i)^BEGIN:VCARD\s*$", _FOLDED.sub("", text), flags=re.MULTILINE)[1:]:
        found: dict[str, list[str]] = {}
        for line in card.splitlines():
            head, _, value = line.partition(":")
            # `item1.TEL;type=CELL;waid=5511987654321`: a group, the name, parameters
            name = head.partition(";")[0].rpartition(".")[2].strip().upper()
            found.setdefault(name, []).append(clean(_unescaped(value)))
        yield ContactCard(
            name=next(iter(found.get("FN", found.get("N", []))), ""),
            phones=tuple(found.get("TEL", ())),
            emails=tuple(found.get("EMAIL", ())),
            organization=next(iter(found.get("ORG", [])), "").strip("; "),
        )


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda it: " " if it[1] in "nN" else it[1], value).strip()
