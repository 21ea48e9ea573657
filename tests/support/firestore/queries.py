"""Structured queries over one collection, as far as dashboards and tests ask them."""

from collections.abc import Iterable
from typing import Any

from google.cloud.firestore_v1.types import query as types

from tests.support.firestore.values import compares, key

Query = types.StructuredQuery.pb()
_FILTER = Query.FieldFilter.Operator
_DOWN = Query.Direction.Value("DESCENDING")
NAME = "__name__"


def collection_of(parent: str, query: Any) -> str:
    """Name the collection that is asked."""
    [source] = query.from_
    if source.all_descendants:
        raise NotImplementedError("collection groups")
    return f"{parent}/{source.collection_id}"


def answer(documents: Iterable[Any], query: Any) -> list[Any]:
    """Choose, put in order and limit."""
    orders = [(it.field.field_path, it.direction == _DOWN) for it in query.order_by]
    if NAME not in [it for it, _ in orders]:
        orders.append((NAME, bool(orders) and orders[-1][1]))
    chosen = [it for it in documents if _passes(it, query.where)]
    chosen = [it for it in chosen if all(_field(it, path) is not None for path, _ in orders)]
    for path, down in reversed(orders):
        chosen.sort(key=lambda it, path=path: _field(it, path), reverse=down)  # type: ignore[misc]
    limit = query.limit.value if query.HasField("limit") else None
    return chosen[:limit]


def _passes(document: Any, where: Any) -> bool:
    match where.WhichOneof("filter_type"):
        case None:
            return True
        case "composite_filter":
            return all(_passes(document, it) for it in where.composite_filter.filters)
        case "field_filter":
            it = where.field_filter
            found = _value(document, it.field.field_path)
            return found is not None and compares(found, _FILTER.Name(it.op), it.value)
    raise NotImplementedError(where)


def _value(document: Any, path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        fields = found.map_value.fields if found is not document else document.fields
        if part not in fields:
            return None
        found = fields[part]
    return found


def _field(document: Any, path: str) -> Any:
    """By what a document stands where it does; None when it has no such field."""
    if path == NAME:
        return document.name
    value = _value(document, path)
    return None if value is None else key(value)
