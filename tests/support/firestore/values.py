"""Values of Firestore's wire, compared as Firestore compares them."""

from typing import Any

# From the lowest to the highest, among different types.
RANKS = (
    "null_value",
    "boolean_value",
    "number",
    "timestamp_value",
    "string_value",
    "reference_value",
    "array_value",
    "map_value",
)


def plain(value: Any) -> Any:
    """What a `Value` holds, as Python has it; timestamps as seconds and nanoseconds."""
    kind = value.WhichOneof("value_type")
    held = getattr(value, kind)
    match kind:
        case "null_value":
            return None
        case "timestamp_value":
            return (held.seconds, held.nanos)
        case "map_value":
            return {name: plain(it) for name, it in held.fields.items()}
        case "array_value":
            return [plain(it) for it in held.values]
    return held


def key(value: Any) -> tuple[int, Any]:
    """By which values are put in order."""
    kind = value.WhichOneof("value_type")
    if kind in ("integer_value", "double_value"):
        kind = "number"
    return RANKS.index(kind), plain(value)


def compares(found: Any, op: str, wanted: Any) -> bool:
    """Whether a filter's value lets a document through."""
    left, right = key(found), key(wanted)
    if op == "ARRAY_CONTAINS":
        return left[0] == RANKS.index("array_value") and plain(wanted) in left[1]
    if op == "IN":
        return left[1] in right[1]
    if left[0] != right[0]:  # other types are never greater or less
        return False
    return {
        "EQUAL": left == right,
        "LESS_THAN": left < right,
        "LESS_THAN_OR_EQUAL": left <= right,
        "GREATER_THAN": left > right,
        "GREATER_THAN_OR_EQUAL": left >= right,
    }[op]
