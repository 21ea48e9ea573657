"""Who asks: a bearer token, or a browser's cookie with proof that the page is ours."""

from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

from aiohttp import web

from helpdesk.adapters.http.keys import CASES, OPTIONS
from helpdesk.adapters.http.peers import is_at_this_machine, is_same_origin
from helpdesk.adapters.http.problems import RefusedError, unauthenticated
from helpdesk.domain.attendant import Attendant, Role

COOKIE: Final = "helpdesk_session"
PROOF: Final = "X-Helpdesk"  # a header that a page of another site cannot send without asking us
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN_LIMIT: Final = 200


class Access(Enum):
    """Whom an endpoint lets in."""

    ANYONE = auto()
    SIGNED_IN = auto()
    LINK = auto()  # who has a signed link, which the use case checks, and signed-in people
    SIMULATOR = auto()  # who sits at this machine, and signed-in admins


@dataclass(frozen=True, slots=True)
class Caller:
    attendant: Attendant
    token: str


async def admit(request: web.Request, access: Access) -> Caller | None:
    """Find out who asks; None for nobody in particular.

    Raises:
        RefusedError: 401, or 403.
    """
    if access is Access.ANYONE or (access is Access.LINK and request.query.get("signature")):
        return None
    if access is Access.SIMULATOR and is_at_this_machine(request, request.app[OPTIONS]):
        return None
    caller = await _caller_of(request)
    if caller is None:
        raise unauthenticated()
    if access is Access.SIMULATOR:
        caller.attendant.must_be(Role.ADMIN)
    return caller


async def _caller_of(request: web.Request) -> Caller | None:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _signed_in(request, bearer.strip())
    caller = await _signed_in(request, request.cookies.get(COOKIE, ""))
    if caller is not None:
        _must_be_our_page(request)
    return caller


async def _signed_in(request: web.Request, token: str) -> Caller | None:
    if not (0 < len(token) <= _TOKEN_LIMIT and token.isascii()):
        return None
    attendant = await request.app[CASES].authenticate(token)
    return None if attendant is None else Caller(attendant, token)


def _must_be_our_page(request: web.Request) -> None:
    """Hold off other sites' pages, whose requests the browser adds our cookie to.

    A WebSocket is opened by a GET, without a header of ours, and is not held to one origin by the
    browser: there the Origin is all there is.
    """
    unsafe = request.method not in _SAFE
    is_socket = request.headers.get("Upgrade", "").lower() == "websocket"
    proven = not unsafe or request.headers.get(PROOF) == "1"
    if proven and (is_same_origin(request, request.app[OPTIONS]) or not (unsafe or is_socket)):
        return
    raise RefusedError(
        HTTPStatus.FORBIDDEN,
        "csrf",
        f"With the cookie, send {PROOF}: 1 from a page of this helpdesk.",
    )
