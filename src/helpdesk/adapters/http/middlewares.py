"""Around every request: its correlation id, its log line, its count, its refusal, its headers."""

import re
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from aiohttp import web
from aiohttp.hdrs import METH_ALL
from aiohttp.typedefs import Handler, Middleware

from helpdesk.adapters.http.metrics import HttpMetrics
from helpdesk.adapters.http.problems import RefusedError, of_framework, refusal_of, respond
from helpdesk.adapters.wire import correlation
from helpdesk.domain.errors import DomainError

REQUEST_ID: Final = "X-Request-Id"
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEPT: Final = web.RequestKey("request_id", str)
Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
_TAKES_ITS_TIME: Final = frozenset({"/v1/feed", "/simulator/phones/{phone}/messages"})

_OURS: Final = "connect-src 'self'"
_SHOWN: Final = ("img-src 'self'", "media-src 'self'")
CSP: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        _OURS,
        "font-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "microphone=(self), camera=(), geolocation=(self), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


log = structlog.get_logger()


def observing(metrics: HttpMetrics) -> Middleware:
    """Make the outermost middleware."""

    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        wanted = request.headers.get(REQUEST_ID, "")
        request_id = wanted if _REQUEST_ID.fullmatch(wanted) else uuid4().hex
        since, route = perf_counter(), route_of(request)
        request[_KEPT] = request_id
        with correlation.bound(request_id):
            response = await _answer(request, handler)
            seconds = perf_counter() - since
            method = request.method if request.method in METH_ALL else "other"
            status, waits = response.status, route in _TAKES_ITS_TIME
            metrics.count(method, route, status, seconds=seconds, waits=waits)
            # The template, not the path: that may hold a phone number or a client's secret.
            log.info(
                "request",
                method=method,
                route=route,
                id=request.match_info.get("id", "")[:36] or None,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )
        return response

    return observe


def route_of(request: web.Request) -> str:
    """The template that the path fits, or "unmatched"."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unmatched"


def adding_headers(connects: tuple[str, ...] = (), shows: tuple[str, ...] = ()) -> Signal:
    """Tell browsers to trust nothing that is not ours; for each response, WebSockets too.

    A dashboard may talk to `connects` besides, and show files of `shows`.
    """
    policy = CSP.replace(_OURS, " ".join((_OURS, *connects)))
    for it in _SHOWN:
        policy = policy.replace(it, " ".join((it, *shows)))

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = "helpdesk"  # which release of what is nobody's business
        if kept := request.get(_KEPT):  # not when aiohttp refused it before us
            response.headers[REQUEST_ID] = kept
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in _HEADERS:
            response.headers.setdefault(name, value)
        # What depends on who asks is kept by nobody; the dashboard's files say otherwise.
        response.headers.setdefault("Cache-Control", "no-store")

    return add_headers


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RefusedError as refused:
        return respond(refused)
    except DomainError as error:
        return respond(refusal_of(error))
    except web.HTTPException as error:
        return respond(of_framework(error))
    except Exception:
        log.exception("request_failed", method=request.method, route=route_of(request))
        return respond(of_framework(web.HTTPInternalServerError()))
