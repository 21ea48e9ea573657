"""Kinds of values that several bodies and queries have in common.

Lengths that the domain checks as well are here for the OpenAPI document.
"""

from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from helpdesk.domain.message import TEXT_LIMIT

Value = TypeVar("Value")
# Left out of a PATCH: as before.
Maybe: TypeAlias = Value | UnsetType

NO_NUL = r"^[^\x00]*$"

Line = Annotated[str, msgspec.Meta(max_length=500, pattern=NO_NUL)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_LIMIT, pattern=NO_NUL)]
Wanted = Annotated[
    str, msgspec.Meta(min_length=1, max_length=200, description="Accents and case do not matter.")
]
Cursor = Annotated[str, msgspec.Meta(max_length=300, description="`next` of the page before.")]
Limit = Annotated[int, msgspec.Meta(ge=1, le=100, description="How many, at most.")]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a request holds; a field that is not known is a mistake."""


class PageQuery(Body, frozen=True, kw_only=True):
    cursor: Cursor = ""
    limit: Limit = 50


def given(value: Maybe[Value]) -> Value | None:
    """None for what was left out."""
    return None if value is UNSET or isinstance(value, UnsetType) else value
