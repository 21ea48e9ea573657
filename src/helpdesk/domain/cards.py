"""What a message may hold that is neither text nor file: a place, and people's cards."""

from dataclasses import dataclass, replace
from typing import Final

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.text import one_line

CONTACTS_LIMIT: Final = 20  # cards in one message
LINE_LIMIT: Final = 300  # characters of a name or an address
ENTRIES_LIMIT: Final = 20  # phones or e-mail addresses on one card


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place on Earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """A person as somebody else describes them; phones are as written, in no sure form."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    organization: str = ""


def valid_location(it: Location) -> Location:
    """Return a place that exists, its texts in one line each.

    Raises:
        InvalidError: degrees out of range (fields "latitude", "longitude").
    """
    for field, value, most in (("latitude", it.latitude, 90), ("longitude", it.longitude, 180)):
        if not -most <= value <= most:  # not true of NaN either
            raise InvalidError(f"Give degrees from -{most} to {most}.", field=field)
    return replace(it, name=_line(it.name), address=_line(it.address))


def valid_contacts(cards: tuple[ContactCard, ...]) -> tuple[ContactCard, ...]:
    """Return cards whose texts are one line each; who has no name is called by a phone.

    Raises:
        InvalidError: none, too many, or one that says nothing (field "contacts").
    """
    if not 1 <= len(cards) <= CONTACTS_LIMIT:
        raise InvalidError(f"Send 1 to {CONTACTS_LIMIT} contacts.", field="contacts")
    return tuple(map(_clean, cards))


def _clean(it: ContactCard) -> ContactCard:
    phones = tuple(filter(None, map(_line, it.phones[:ENTRIES_LIMIT])))
    emails = tuple(filter(None, map(_line, it.emails[:ENTRIES_LIMIT])))
    name = _line(it.name) or next(iter((*phones, *emails)), "")
    if not name:
        raise InvalidError("A contact has a name or a phone.", field="contacts")
    return ContactCard(name=name, phones=phones, emails=emails, organization=_line(it.organization))


def _line(text: str) -> str:
    return one_line(text[: LINE_LIMIT * 4])[:LINE_LIMIT]
