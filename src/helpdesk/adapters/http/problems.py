"""Refusals as RFC 9457 problems: `application/problem+json` with a stable `code`.

The domain's five kinds are mapped here and nowhere else; whatever else is raised is a bug: 500,
no detail.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import msgspec
from aiohttp import web

from helpdesk.domain.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from helpdesk.domain.file import FileTooLargeError
from helpdesk.domain.usecases.sign_in import InvalidCredentialsError

PROBLEM_JSON: Final = "application/problem+json"
RETRY_AFTER: Final = 2  # seconds; a database that restarts is back after about so many

_STATUSES: Final[Mapping[type[DomainError], HTTPStatus]] = MappingProxyType(
    {
        InvalidCredentialsError: HTTPStatus.UNAUTHORIZED,
        FileTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        NotFoundError: HTTPStatus.NOT_FOUND,
        ConflictError: HTTPStatus.CONFLICT,
        ForbiddenError: HTTPStatus.FORBIDDEN,
        InvalidError: HTTPStatus.UNPROCESSABLE_ENTITY,
        UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)

_NAMES: Final[Mapping[int, str]] = MappingProxyType(
    {
        413: "Request Entity Too Large",
        414: "Request-URI Too Long",
        416: "Requested Range Not Satisfiable",
        422: "Unprocessable Entity",
    }
)


class FieldProblem(msgspec.Struct, frozen=True):
    """`field` is a member of the body, a parameter or a header; "body" when it is all of it."""

    field: str
    reason: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every refusal looks like; some codes add members, for example `holder`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []


class RefusedError(Exception):
    """A request that HTTP itself refuses, before the domain hears of it."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
        extras: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.extras = errors, headers, extras


def invalid(field: str, reason: str) -> RefusedError:
    """Refuse one value."""
    return RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        InvalidError.code,
        f"{field}: {reason}",
        errors=(FieldProblem(field, reason),),
    )


def unauthenticated() -> RefusedError:
    """Refuse somebody who did not say who they are."""
    return RefusedError(
        HTTPStatus.UNAUTHORIZED,
        "unauthenticated",
        "Sign in first.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def too_many(seconds: int) -> RefusedError:
    """Refuse somebody who asks too often."""
    return RefusedError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        f"Too many attempts. Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )


def status_of(error: type[DomainError]) -> HTTPStatus:
    """The status that a kind of failure answers with."""
    return next((_STATUSES[kind] for kind in error.__mro__ if kind in _STATUSES), HTTPStatus(500))


def refusal_of(error: DomainError) -> RefusedError:
    """Put a domain's failure in terms of HTTP."""
    status, extras = status_of(type(error)), dict(error.extras)
    errors = []
    if isinstance(error, InvalidError):
        errors = [FieldProblem(error.field, error.detail)]
        del extras["field"]
    headers = {"Retry-After": str(RETRY_AFTER)} if status == 503 else {}
    return RefusedError(
        status, error.code, error.detail, errors=errors, headers=headers, extras=extras
    )


def of_framework(error: web.HTTPException) -> RefusedError:
    """Put a refusal of aiohttp's into our form."""
    status = HTTPStatus(error.status)
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return RefusedError(
            status, "method_not_allowed", f"Allowed: {allowed}.", headers={"Allow": allowed}
        )
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return RefusedError(status, "too_large", "The body is too large.")
    code = phrase(status).lower().replace(" ", "_")
    return RefusedError(status, code, f"{status.description or phrase(status)}.")


def phrase(status: HTTPStatus) -> str:
    """Name a status alike on every Python: 3.13 took other names for some."""
    return _NAMES.get(status, status.phrase)


def respond(refused: RefusedError) -> web.Response:
    """Write a refusal."""
    problem = Problem(
        type=f"urn:helpdesk:problem:{refused.code}",
        title=phrase(refused.status),
        status=refused.status,
        detail=refused.detail,
        code=refused.code,
        errors=list(refused.errors),
    )
    body: dict[str, Any] = msgspec.to_builtins(problem) | dict(refused.extras)
    return web.Response(
        status=refused.status,
        body=msgspec.json.encode(body),
        content_type=PROBLEM_JSON,
        headers=refused.headers,
    )
