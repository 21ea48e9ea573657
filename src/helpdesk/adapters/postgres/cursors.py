"""Pages that continue after a place, not after a number of rows.

A cursor is opaque to whoever carries it: the last row's sorting key and id.  A place stays valid
while rows come, go and move.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.views import Page

Item = TypeVar("Item")
Moment: TypeAlias = tuple[datetime, UUID]
Name: TypeAlias = tuple[str, UUID]

_ENCODER: Final = msgspec.json.Encoder()
_MOMENT: Final = msgspec.json.Decoder(Moment)
_NAME: Final = msgspec.json.Decoder(Name)


def moment_of(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    """Read the place in a list that is sorted by time; Nones are its beginning.

    Raises:
        InvalidError: the cursor is none of ours.
    """
    if cursor is None:
        return None, None
    at, id = _read(cursor, _MOMENT)
    if at.tzinfo is None:
        raise _foreign()
    return at, id


def name_of(cursor: str | None) -> tuple[str | None, UUID | None]:
    """Read the place in a list that is sorted by name; Nones are its beginning.

    Raises:
        InvalidError: the cursor is none of ours.
    """
    if cursor is None:
        return None, None
    name, id = _read(cursor, _NAME)
    if "\0" in name:
        raise _foreign()
    return name, id


def page(items: Sequence[Item], places: Sequence[Moment | Name], limit: int) -> Page[Item]:
    """Cut a page of at most `limit` out of items, of which one more was read if there is one."""
    if len(items) <= limit:
        return Page(tuple(items))
    last = urlsafe_b64encode(_ENCODER.encode(places[limit - 1])).decode()
    return Page(tuple(items[:limit]), last.rstrip("="))


Place = TypeVar("Place")


def _read(cursor: str, decoder: "msgspec.json.Decoder[Place]") -> Place:
    try:
        return decoder.decode(urlsafe_b64decode(f"{cursor}==="))
    except ValueError as error:  # msgspec's and base64's errors are such
        raise _foreign() from error


def _foreign() -> InvalidError:
    return InvalidError("This cursor is none of ours.", field="cursor")
