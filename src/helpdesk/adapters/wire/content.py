"""What a message holds beside its text, as one JSON value for stores that keep it so."""

from typing import Final

import msgspec

from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.template import FilledTemplate


class _Details(msgspec.Struct, frozen=True, omit_defaults=True):
    media: Media | None = None
    location: Location | None = None
    contacts: tuple[ContactCard, ...] = ()
    template: FilledTemplate | None = None


_DECODER: Final = msgspec.json.Decoder(_Details)


def details_of(it: Content) -> str | None:
    """Write all but kind and text; None when there is nothing more."""
    details = _Details(
        media=it.media, location=it.location, contacts=it.contacts, template=it.template
    )
    return None if details == _Details() else msgspec.json.encode(details).decode()


def content(kind: str, text: str, details: str | None) -> Content:
    """Read what `details_of` wrote, in this release or an earlier one."""
    if details is None:
        return Content(Kind(kind), text)
    it = _DECODER.decode(details)
    return Content(
        Kind(kind),
        text,
        media=it.media,
        location=it.location,
        contacts=it.contacts,
        template=it.template,
    )
