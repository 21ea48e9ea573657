"""The typed layer: an endpoint says in one place what it takes, answers and may refuse.

From the same words come the route, the decoding, the encoding and the OpenAPI document.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from helpdesk.adapters.http.auth import Access, Caller, admit
from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.decode import read_id, read_input, read_key, read_text
from helpdesk.adapters.http.keys import CASES, LIMITS, OPTIONS, STREAMS
from helpdesk.adapters.http.limits import Limits
from helpdesk.adapters.http.options import HttpOptions
from helpdesk.adapters.http.parts import MULTIPART, Parts
from helpdesk.adapters.http.problems import refusal_of
from helpdesk.adapters.http.streams import Streams
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import DomainError

Input = TypeVar("Input", bound=msgspec.Struct)

COMPRESS_FROM: Final = 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Input]):
    """One request, admitted and decoded."""

    request: web.Request
    input: Input
    key: str | None  # the Idempotency-Key
    caller: Caller | None
    path_id: UUID | None
    common: frozenset[str] = frozenset()  # fields of a multipart body that are about all of it

    @property
    def by(self) -> Attendant:
        """Who asks; not for endpoints that let anyone in."""
        assert self.caller is not None
        return self.caller.attendant

    @property
    def token(self) -> str:
        """What the caller signed in with."""
        assert self.caller is not None
        return self.caller.token

    @property
    def id(self) -> UUID:
        """The `{id}` in the path."""
        assert self.path_id is not None
        return self.path_id

    def parts(self) -> Parts:
        """The files in the body.

        Raises:
            RefusedError: 415, it is no multipart.
        """
        return Parts(self.request, common=self.common)

    def text(self, name: str) -> str:
        """Another part of the path."""
        return read_text(self.request, name)

    @property
    def cases(self) -> Cases:
        return self.request.app[CASES]

    @property
    def options(self) -> HttpOptions:
        return self.request.app[OPTIONS]

    @property
    def limits(self) -> Limits:
        return self.request.app[LIMITS]

    @property
    def streams(self) -> Streams:
        return self.request.app[STREAMS]


Handler = Callable[[Call[Input]], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Generic[Input]):
    """`takes` is the query of a GET, else the body.

    `returns` is what its JSON holds, a media type for something that is no JSON, or None for
    nothing.  Every endpoint may refuse what it takes (422), and be unavailable (503).
    """

    method: str
    path: str
    takes: type[Input]
    returns: Any
    status: HTTPStatus
    errors: tuple[type[DomainError], ...]
    access: Access
    keyed: bool  # takes an Idempotency-Key
    limited: bool  # may answer 429
    files: frozenset[str] | None  # takes multipart, with these fields beside each file's own
    ranges: bool  # answers with parts of a file, too
    handle: Handler[Input]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Do it.  Raises RefusedError."""
        caller = await admit(request, self.access)
        call = Call(
            request=request,
            caller=caller,
            path_id=read_id(request),
            key=read_key(request) if self.keyed else None,
            input=await self._input(request),
            common=self.files or frozenset(),
        )
        try:
            result = await self.handle(call)
        except DomainError as error:
            raise refusal_of(await _with_names(error, call.cases)) from error
        return self._answered(result, request)

    async def _input(self, request: web.Request) -> Input:
        """Leave a body with files unread: the handler reads it as it comes."""
        if self.files is not None and request.content_type == MULTIPART:
            return self.takes()
        return await read_input(request, self.takes)

    def _answered(self, result: object, request: web.Request) -> web.StreamResponse:
        if isinstance(result, web.StreamResponse):
            return result
        if self.returns is None:
            return web.Response(status=self.status)
        return to_json(result, request, status=self.status)


def endpoint(  # noqa: PLR0913 - the words an endpoint is made of, each by its name
    route: str,
    *,
    takes: type[Input],
    returns: Any = None,
    status: HTTPStatus | None = None,
    errors: tuple[type[DomainError], ...] = (),
    access: Access = Access.SIGNED_IN,
    keyed: bool = False,
    limited: bool = False,
    files: frozenset[str] | None = None,
    ranges: bool = False,
) -> Callable[[Handler[Input]], Endpoint[Input]]:
    """Make an endpoint of a function; `route` is like "GET /v1/me"."""
    method, _, path = route.partition(" ")
    usual = HTTPStatus.NO_CONTENT if returns is None else HTTPStatus.OK
    return lambda handle: Endpoint(
        method=method,
        path=path,
        takes=takes,
        returns=returns,
        status=status or usual,
        errors=errors,
        access=access,
        keyed=keyed,
        limited=limited,
        files=files,
        ranges=ranges,
        handle=handle,
    )


def mount(app: web.Application, endpoints: Iterable[Endpoint[Any]]) -> None:
    """Add the routes; a GET answers HEAD as well."""
    for it in endpoints:
        app.router.add_route(it.method, it.path, it.answer)
        if it.method == "GET":
            app.router.add_route("HEAD", it.path, it.answer)


def to_json(
    result: object, request: web.Request, *, status: HTTPStatus = HTTPStatus.OK
) -> web.Response:
    """Write JSON, compressed when it is worth it and the client can read that."""
    response = web.Response(
        status=status, body=msgspec.json.encode(result), content_type="application/json"
    )
    response.headers["Vary"] = "Accept-Encoding"
    if response.content_length and response.content_length > COMPRESS_FROM:
        encodings = request.headers.get("Accept-Encoding", "")
        if "gzip" in encodings:
            response.enable_compression(web.ContentCoding.gzip)
    return response


async def _with_names(error: DomainError, cases: Cases) -> DomainError:
    """Name the colleague whom a refusal is about."""
    extras = dict(error.extras)
    holder_id = extras.pop("holder_id", None)
    if holder_id is not None:
        team = await cases.read_directory.attendants()
        names = (it.attendant.name for it in team if it.attendant.id == holder_id)
        error.extras = {**extras, "holder": {"id": holder_id, "name": next(names, "")}}
    return error
