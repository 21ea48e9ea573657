"""The web application, and serving it."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from helpdesk.adapters.http import dashboard, docs, document, feed, feed_document, health, webhooks
from helpdesk.adapters.http.api import Endpoint, mount
from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.frames import Frames
from helpdesk.adapters.http.keys import CASES, FRAMES, LIMITS, OPTIONS, PROBES, STREAMS
from helpdesk.adapters.http.limits import Limits
from helpdesk.adapters.http.metrics import HttpMetrics
from helpdesk.adapters.http.middlewares import adding_headers, observing
from helpdesk.adapters.http.options import HttpOptions, Probes
from helpdesk.adapters.http.routes import API, SIMULATOR
from helpdesk.adapters.http.streams import Streams

ANSWERS_FINISH_WITHIN: Final = 5.0  # seconds, at shutdown
# Bytes: what is much too long gets our answer, which names the field; aiohttp's names a limit.
LONGEST_LINE: Final = 64 * 1024

_BIND: Final = {
    errno.EADDRINUSE: "another program listens there. Stop it, or choose another http.port",
    errno.EACCES: "this needs rights that we do not have. Choose an http.port of 1024 or more",
    errno.EPERM: "this needs rights that we do not have. Choose an http.port of 1024 or more",
    errno.EADDRNOTAVAIL: "this machine has no such address. Set http.host to one of its own",
}


class BindError(OSError):
    """The address cannot be listened on; the message is a sentence for the person who starts us."""


def make_app(cases: Cases, options: HttpOptions) -> web.Application:
    """Build the application; nothing is opened and nobody listens yet."""
    streams = Streams()
    metrics = HttpMetrics(options.probes.registry, streams)
    simulator = cases.play_phone is not None
    files = dashboard.load(options.static)
    app = web.Application(
        middlewares=[observing(metrics), dashboard.serving(files, simulator=simulator)],
        client_max_size=options.max_body_bytes,
    )
    app[CASES], app[OPTIONS], app[STREAMS] = cases, options, streams
    app[LIMITS], app[FRAMES], app[PROBES] = Limits(), Frames(), options.probes
    endpoints = endpoints_of(simulator=simulator)
    mount(app, endpoints)
    _mount_pages(app, document.describe(endpoints, version=options.version))
    app.on_response_prepare.append(adding_headers(options.connects, options.shows))
    app.on_shutdown.append(_end_streams)
    return app


def make_probes(probes: Probes) -> web.Application:
    """Build what a process without the API serves."""
    app = web.Application()
    app[PROBES] = probes
    for path, handler in health.PATHS.items():
        app.router.add_get(path, handler)
    app.on_response_prepare.append(adding_headers())
    return app


def endpoints_of(*, simulator: bool) -> tuple[Endpoint[Any], ...]:
    """List what the API has."""
    return (*API, *SIMULATOR) if simulator else API


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen while inside, and yield the port (that of `port=0` is chosen by the system).

    Leaving ends feeds (close code 1012) and long polls at once, and lets other requests finish for
    some seconds.

    Raises:
        BindError: taken, not permitted, or no address of this machine.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=ANSWERS_FINISH_WITHIN,
        max_line_size=LONGEST_LINE,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise _explained(error, host, port) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _explained(error: OSError, host: str, port: int) -> BindError:
    # Python 3.13 gives no number when none of the addresses is ours.
    number = error.errno or errno.EADDRNOTAVAIL
    reason = _BIND.get(number, error.strerror or str(error))
    return BindError(f"Cannot listen on {host}:{port}: {reason}.")


def _mount_pages(app: web.Application, document: dict[str, Any]) -> None:
    pages: dict[str, Handler] = {
        feed_document.PATH: feed.follow,
        **health.PATHS,
        "/openapi.json": _showing(document),
        "/docs": docs.showing(document),
        "/docs.css": docs.styling(),
    }
    for path, handler in pages.items():
        app.router.add_get(path, handler)
    app.router.add_get(webhooks.PATH, webhooks.ask)
    app.router.add_post(webhooks.PATH, webhooks.take)


def _showing(document: dict[str, Any]) -> Handler:
    body = msgspec.json.format(msgspec.json.encode(document))

    async def show(_: web.Request) -> web.Response:
        return web.Response(
            body=body, content_type="application/json", headers={"Cache-Control": "no-cache"}
        )

    return show


async def _end_streams(app: web.Application) -> None:
    await app[STREAMS].end()
