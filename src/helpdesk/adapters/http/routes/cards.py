"""Places and people's cards in a body."""

from typing import Annotated, TypeAlias

import msgspec

from helpdesk.adapters.http.routes.bodies import NO_NUL, Body
from helpdesk.domain.cards import (
    CONTACTS_LIMIT,
    ENTRIES_LIMIT,
    LINE_LIMIT,
    ContactCard,
    Location,
)

Short = Annotated[str, msgspec.Meta(max_length=LINE_LIMIT, pattern=NO_NUL)]
Entries = Annotated[tuple[Short, ...], msgspec.Meta(max_length=ENTRIES_LIMIT)]


class LocationBody(Body, frozen=True):
    """Degrees, WGS 84."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    name: Short = ""
    address: Short = ""


class ContactBody(Body, frozen=True):
    name: Short
    phones: Entries = ()
    emails: Entries = ()
    organization: Short = ""


Contacts: TypeAlias = Annotated[tuple[ContactBody, ...], msgspec.Meta(max_length=CONTACTS_LIMIT)]


def location_of(it: LocationBody | None) -> Location | None:
    if it is None:
        return None
    return Location(latitude=it.latitude, longitude=it.longitude, name=it.name, address=it.address)


def contacts_of(cards: Contacts) -> tuple[ContactCard, ...]:
    return tuple(
        ContactCard(name=it.name, phones=it.phones, emails=it.emails, organization=it.organization)
        for it in cards
    )
