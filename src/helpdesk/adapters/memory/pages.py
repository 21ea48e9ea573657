"""Pages of a sorted list, continued after a place rather than a number of rows.

A place stays valid while rows come, go and move: nothing that stayed where it was is left out or
shown twice.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.views import Page

Row = TypeVar("Row")
Item = TypeVar("Item")
Place: TypeAlias = tuple[str, str]  # what the list is sorted by, then the id


def page(
    rows: Iterable[Row],
    *,
    place: Callable[[Row], Place],
    cursor: str | None,
    limit: int,
    descending: bool = False,
) -> Page[Row]:
    """Cut one page out of `rows`.

    Raises:
        InvalidError: the cursor is none of ours.
    """
    after = None if cursor is None else _place_of(cursor)
    found = sorted(rows, key=place, reverse=descending)
    if after is not None:
        found = [it for it in found if (place(it) < after if descending else place(it) > after)]
    items = tuple(found[:limit])
    return Page(items, _cursor_at(place(items[-1])) if len(found) > limit else None)


def moment(at: datetime) -> str:
    """Write a moment so that later ones sort after earlier ones."""
    return at.isoformat(timespec="microseconds")


def shown(found: Page[Row], show: Callable[[Row], Item]) -> Page[Item]:
    return Page(tuple(show(it) for it in found.items), found.next)


def _cursor_at(place: Place) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place_of(cursor: str) -> Place:
    try:
        key, id = json.loads(urlsafe_b64decode(cursor))
        return str(key), str(UUID(id))
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidError("This cursor is none of ours.", field="cursor") from error
