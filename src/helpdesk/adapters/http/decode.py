"""From a request to typed values; what does not fit is refused with its field and the reason."""

import re
from http import HTTPStatus
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from helpdesk.adapters.http.problems import FieldProblem, RefusedError, invalid

Input = TypeVar("Input", bound=msgspec.Struct)

KEY_HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x20-\x7e]{1,200}")
_JSON: Final = "application/json"
_PLACE: Final = re.compile(r"(?P<reason>.*) - at `\$\.?(?P<field>.*)`", re.DOTALL)
_NAMED: Final = re.compile(r"Object (?:contains unknown|missing required) field `(?P<field>.*)`")
# What no text of ours holds: PostgreSQL cannot store it, UTF-8 cannot write it.
_UNSPEAKABLE: Final = re.compile("[\0\ud800-\udfff]")


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No body and no query."""


async def read_input(request: web.Request, kind: type[Input]) -> Input:
    """Read the query of a GET, and the body of everything else.

    Raises:
        RefusedError: 413, 415 or 422.
    """
    if request.method in ("GET", "HEAD"):
        return _read_query(request, kind)
    _read_query(request, Nothing)
    body = await request.read()
    if not body.strip() and not request.content_type.startswith("multipart/"):
        return _fit(b"{}", kind)
    if request.content_type != _JSON or (request.charset or "utf-8").lower() != "utf-8":
        raise RefusedError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            f"Send {_JSON} in UTF-8.",
            errors=(FieldProblem("Content-Type", f"must be {_JSON}"),),
        )
    return _fit(body, kind)


def read_id(request: web.Request) -> UUID | None:
    """Read the id in the path.

    Raises:
        RefusedError: 422, it is no UUID.
    """
    text = request.match_info.get("id")
    if text is None:
        return None
    try:
        return msgspec.convert(text, UUID)
    except msgspec.ValidationError as error:
        raise invalid("id", "must be a UUID") from error


def read_text(request: web.Request, name: str) -> str:
    """Read another part of the path.

    Raises:
        RefusedError: 422, characters that no text of ours has.
    """
    return _speakable(name, request.match_info[name])


def read_key(request: web.Request) -> str | None:
    """Read the Idempotency-Key.

    Raises:
        RefusedError: 422.
    """
    keys = request.headers.getall(KEY_HEADER, [])
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise invalid(KEY_HEADER, "must be one value of 1 to 200 printable ASCII characters")
    return keys[0]


def _read_query(request: web.Request, kind: type[Input]) -> Input:
    """An empty parameter counts as none."""
    given: dict[str, str] = {}
    for name, text in request.query.items():
        if name in given:
            raise invalid(name, "is given more than once")
        given[name] = _speakable(name, text)
    try:
        return msgspec.convert({k: v for k, v in given.items() if v}, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal(error, "query") from error


def _fit(body: bytes, kind: type[Input]) -> Input:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise _refusal(error, "body") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid("body", "must be JSON in UTF-8") from error


def _refusal(error: msgspec.ValidationError, whole: str) -> RefusedError:
    """Find the field in msgspec's sentence, which names it last."""
    reason, field = str(error), whole
    if place := _PLACE.fullmatch(reason):
        reason, field = place["reason"], place["field"]
    if named := _NAMED.fullmatch(reason):
        field = named["field"] if field == whole else f"{field}.{named['field']}"
        reason = "is unknown" if "unknown" in reason else "is required"
    return invalid(_printable(field), _printable(reason.replace("`", "")))


def _printable(text: str) -> str:
    return _UNSPEAKABLE.sub("�", text)[:200]


def _speakable(name: str, text: str) -> str:
    if _UNSPEAKABLE.search(text):
        raise invalid(_printable(name), "must be UTF-8 without NUL")
    return text


def fields_given(it: msgspec.Struct) -> dict[str, Any]:
    """Name the fields of a PATCH that are present, with their values."""
    values = ((name, getattr(it, name)) for name in it.__struct_fields__)
    return {name: value for name, value in values if value is not msgspec.UNSET}
