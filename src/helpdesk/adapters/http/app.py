"""The web application, and serving it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.options import HttpOptions


class BindError(OSError):
    """The address cannot be listened on; the message is a sentence for the person who starts us."""


def make_app(cases: Cases, options: HttpOptions) -> web.Application:
    """Build the application; nothing is opened and nobody listens yet."""
    raise NotImplementedError


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen while inside, and yield the port (that of `port=0` is chosen by the system).

    Leaving ends feeds (close code 1012) and long polls at once, and lets other requests finish for
    some seconds.

    Raises:
        BindError: taken, not permitted, or no address of this machine.
    """
    raise NotImplementedError
    yield 0
