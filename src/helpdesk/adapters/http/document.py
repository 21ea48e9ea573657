"""The API described in OpenAPI 3.1, from the endpoints themselves."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from importlib.metadata import version
from inspect import cleandoc, getdoc
from typing import Any, Final

import msgspec

from helpdesk.adapters.http.api import Endpoint
from helpdesk.adapters.http.auth import COOKIE, PROOF, Access
from helpdesk.adapters.http.decode import KEY_HEADER, Nothing
from helpdesk.adapters.http.feed_document import feed_path
from helpdesk.adapters.http.parts import MULTIPART
from helpdesk.adapters.http.problems import PROBLEM_JSON, Problem, phrase, status_of
from helpdesk.adapters.http.routes import API, SIMULATOR
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.errors import DomainError, InvalidError, UnavailableError
from helpdesk.domain.file import MediaKind
from helpdesk.domain.media import Form
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.usecases.send_media import CAPTION_LIMIT

Json = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_PARTS: Final = {
    "id": {"type": "string", "format": "uuid"},
    "token": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9_-]+$"},
    "message": {"type": "string", "minLength": 1, "maxLength": 200},
    "form": {"type": "string", "enum": list(Form)},
    "phone": {
        "type": "string",
        "pattern": "^\\+?[1-9][0-9]{6,14}$",
        "description": "With its country code; the plus sign may be left out.",
    },
}
_ABOUT: Final = f"""\
Sign in, then send `Authorization: Bearer <token>`. Browsers use the cookie instead; with it, every
request that is not a GET needs the header `{PROOF}: 1`.

Lists answer `items` and `next`: pass `next` as `cursor`, until it is null. Times are RFC 3339 in
UTC. Refusals are problems as in RFC 9457, with a stable `code`; `errors` names each wrong field. A
POST that creates something takes an `{KEY_HEADER}`: the same key again answers with what it made.
"""


def document() -> Json:
    """Describe this release, with the simulator."""
    return describe((*API, *SIMULATOR), version=version("helpdesk"))


def describe(endpoints: Sequence[Endpoint[Any]], *, version: str) -> Json:
    """Describe some endpoints."""
    schemas = _Schemas(endpoints)
    paths: dict[str, Json] = {}
    for it in endpoints:
        paths.setdefault(it.path, {})[it.method.lower()] = _operation(it, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Helpdesk", "version": version, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths | feed_path(_refusal),
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
    }


class _Schemas:
    """JSON Schemas of everything that endpoints take and return, by name."""

    def __init__(self, endpoints: Iterable[Endpoint[Any]]) -> None:
        kinds: list[Any] = [Problem]
        for it in endpoints:
            kinds += [kind for kind in (it.takes, it.returns) if not _is_media(kind)]
        distinct = list(dict.fromkeys(kinds))
        references, components = msgspec.json.schema_components(distinct, ref_template=_REF)
        # As it will be read: a default of `()` is `[]`.
        self.components: Json = msgspec.json.decode(msgspec.json.encode(components))
        for it in self.components.values():
            if "description" in it:  # a docstring, indented as in the source before Python 3.13
                it["description"] = cleandoc(it["description"])
        self._of = dict(zip(distinct, references, strict=True))

    def of(self, kind: Any) -> Json:
        reference: Json = self._of[kind]
        return reference

    def resolved(self, kind: Any) -> Json:
        name = self._of[kind]["$ref"].rpartition("/")[2]
        schema: Json = self.components[name]
        return schema


def _is_media(kind: Any) -> bool:
    return kind is None or isinstance(kind, str)


def _operation(it: Endpoint[Any], schemas: _Schemas) -> Json:
    summary, _, more = (getdoc(it.handle) or "").partition("\n")
    operation: Json = {
        "operationId": it.handle.__name__,
        "tags": [it.path.split("/")[2] if it.path.startswith("/v1/") else "simulator"],
        "summary": summary,
    }
    if more.strip():
        operation["description"] = more.strip()
    if parameters := _parameters(it, schemas):
        operation["parameters"] = parameters
    if it.method != "GET" and (it.takes is not Nothing or it.files is not None):
        operation["requestBody"] = _body(it, schemas)
    operation["responses"] = _responses(it, schemas)
    operation["security"] = _security(it.access)
    return operation


def _body(it: Endpoint[Any], schemas: _Schemas) -> Json:
    content: Json = {}
    required = it.takes is Nothing
    if it.takes is not Nothing:
        content["application/json"] = {"schema": schemas.of(it.takes)}
        required = bool(schemas.resolved(it.takes).get("required"))
    if it.files is not None:
        text = {"type": "string", "maxLength": 16_384}
        properties: Json = {
            "kind": {"type": "string", "enum": list(MediaKind)},
            "caption": {"type": "string", "maxLength": CAPTION_LIMIT},
            **dict.fromkeys(sorted(it.files), text),
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        }
        schema = {"type": "object", "properties": properties, "required": ["file"]}
        content[MULTIPART] = {"schema": schema}
    return {"required": required, "content": content}


def _security(access: Access) -> list[Json]:
    signed_in: list[Json] = [{"bearer": []}, {"cookie": []}]
    match access:
        case Access.ANYONE:
            return []
        case Access.SIGNED_IN:
            return signed_in
        case Access.LINK:
            return [*signed_in, {}]
        case Access.SIMULATOR:
            return [*signed_in, {}]


def _parameters(it: Endpoint[Any], schemas: _Schemas) -> list[Json]:
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _PARTS[name]}
        for name in _PARAMETER.findall(it.path)
    ]
    if it.keyed:
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"}
        found.append({"name": KEY_HEADER, "in": "header", "schema": schema})
    if it.method == "GET" and it.takes is not Nothing:
        query = schemas.resolved(it.takes)
        required = query.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": each}
            for name, each in query["properties"].items()
        ]
    return found


def _responses(it: Endpoint[Any], schemas: _Schemas) -> Json:
    good: Json = {"description": phrase(it.status)}
    if isinstance(it.returns, str):
        good["content"] = {it.returns: {}}
    elif it.returns is not None:
        good["content"] = {"application/json": {"schema": schemas.of(it.returns)}}
    codes: dict[HTTPStatus, list[str]] = {}
    for error in (*it.errors, *_always(it)):
        codes.setdefault(status_of(error), []).append(error.code)
    for status, code in _of_http(it):
        codes.setdefault(status, []).append(code)
    good_too = {}
    if it.ranges:
        good_too = {
            "206": good | {"description": HTTPStatus.PARTIAL_CONTENT.phrase},
            "302": {"description": "The store of files has it, at an address for some minutes."},
            "304": {"description": HTTPStatus.NOT_MODIFIED.phrase},
        }
    refusals = {str(int(status)): _refusal(status, codes[status]) for status in sorted(codes)}
    return {str(int(it.status)): good} | good_too | refusals


def _always(it: Endpoint[Any]) -> list[type[DomainError]]:
    by_role = [RoleRequiredError] if it.access is Access.SIMULATOR else []
    by_key = [KeyReusedError] if it.keyed else []
    return [InvalidError, UnavailableError, *by_role, *by_key]


def _of_http(it: Endpoint[Any]) -> Iterable[tuple[HTTPStatus, str]]:
    if it.access is not Access.ANYONE:
        yield HTTPStatus.UNAUTHORIZED, "unauthenticated"
        if it.method != "GET":
            yield HTTPStatus.FORBIDDEN, "csrf"
    if it.method != "GET":
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"
    if it.files is not None:
        yield HTTPStatus.REQUEST_TIMEOUT, "request_timeout"
    if it.ranges:
        yield HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "range_not_satisfiable"
    if it.limited:
        yield HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests"


def _refusal(status: HTTPStatus, codes: Sequence[str]) -> Json:
    refusal: Json = {
        "description": f"{phrase(status)}: {', '.join(f'`{it}`' for it in codes)}",
        "content": {PROBLEM_JSON: {"schema": {"$ref": _REF.format(name=Problem.__name__)}}},
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        seconds = {"description": "Seconds.", "schema": {"type": "integer"}}
        refusal["headers"] = {"Retry-After": seconds}
    return refusal
