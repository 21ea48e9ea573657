"""Reading JSON that anybody may have written: whatever is missing or wrong reads as nothing.

Every text is freed of what no database stores, and cut where a person would have stopped reading.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import msgspec

from helpdesk.domain.text import one_line, storable

Json: TypeAlias = dict[str, Any]

TEXT_LIMIT: Final = 65_536  # characters of a text; WhatsApp's own limit is 4096
LINE_LIMIT: Final = 300
ID_LIMIT: Final = 512  # of an id that WhatsApp gave; wamids have about 60
_YEAR_3000: Final = 32_503_680_000


class MalformedError(ValueError):
    """The body is no webhook of the Cloud API; says why."""


def read(body: bytes) -> Json:
    """Decode a JSON object.

    Raises:
        MalformedError: it is none.
    """
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        decoded = _read_leniently(body)  # lone surrogates, above all
    if not isinstance(decoded, dict):
        raise MalformedError("The body is no JSON object.")
    return decoded


def _read_leniently(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except RecursionError:
        raise MalformedError("The body is nested too deeply.") from None
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "not UTF-8"
        raise MalformedError(f"The body is no JSON: {reason}.") from None


def part(of: Json, name: str) -> Json:
    """Read an object."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def parts(of: Json, name: str) -> Iterator[Json]:
    """Read the objects of a list."""
    found = of.get(name)
    return (it for it in found if isinstance(it, dict)) if isinstance(found, list) else iter(())


def text(of: Json, name: str, *, limit: int = TEXT_LIMIT) -> str:
    """Read a text or a number as text; empty when there is none."""
    found = of.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return storable(str(found) if isinstance(found, str) else f"{found:.20g}"[:40])[:limit]


def line(of: Json, name: str) -> str:
    """Read a text as one short line that shows what it says."""
    return one_line(text(of, name, limit=LINE_LIMIT * 4))[:LINE_LIMIT]


def name_of_file(of: Json, name: str) -> str:
    """Read a file's name, from its end: that is where its extension is."""
    return one_line(text(of, name))[-LINE_LIMIT:]


def id_of(of: Json, name: str) -> str:
    """Read an id; one that is longer than ids are is none."""
    found = text(of, name, limit=ID_LIMIT + 1)
    return found if len(found) <= ID_LIMIT else ""


def moment(of: Json, name: str, *, otherwise: datetime) -> datetime:
    """Read seconds since 1970, written as a number or as text."""
    seconds = whole(of, name)
    if seconds is None or not 0 < seconds < _YEAR_3000:
        return otherwise
    return datetime.fromtimestamp(seconds, UTC)


def whole(of: Json, name: str) -> int | None:
    """Read a whole number, also when it is written as text."""
    found = of.get(name)
    if isinstance(found, bool):
        return None
    if isinstance(found, int):
        return found
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 18:
        return int(found)
    return None


def degrees(of: Json, name: str) -> float | None:
    """Read a coordinate; what is no number is None."""
    found = of.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if -360 <= found <= 360 else None
