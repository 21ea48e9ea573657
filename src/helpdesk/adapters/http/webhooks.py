"""Webhooks: a bridge's neighbour calls us.  What is said here is in that neighbour's words.

`/webhooks/whatsapp/cloud` is that of the bridge `whatsapp.cloud`.  An answer of 200 means: stored.
"""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from helpdesk.adapters.http.keys import OPTIONS
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.webhook import NotSignedError, Webhook

PATH: Final = "/webhooks/{family}/{name}"
COME_AGAIN: Final = {"Retry-After": "5"}


async def ask(request: web.Request) -> web.Response:
    """Answer the question whether we are who was configured."""
    answer = _webhook(request).challenge(request.query)
    if answer is None:
        return web.Response(status=HTTPStatus.FORBIDDEN)
    return web.Response(text=answer, content_type="text/plain")


async def take(request: web.Request) -> web.Response:
    """Take what the neighbour tells; it is told again unless we answer 200."""
    webhook = _webhook(request)
    body = await _read(request, webhook.limit)
    if body is None:
        return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        await webhook.take(body, request.headers)
    except NotSignedError:
        return web.Response(status=HTTPStatus.UNAUTHORIZED)
    except UnavailableError:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=COME_AGAIN)
    return web.Response()


def _webhook(request: web.Request) -> Webhook:
    name = f"{request.match_info['family']}.{request.match_info['name']}"
    webhook = request.app[OPTIONS].webhooks.get(name)
    if webhook is None:
        raise web.HTTPNotFound
    return webhook


async def _read(request: web.Request, limit: int) -> bytes | None:
    """Read the raw bytes; None when there are more than `limit`."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    async for piece in request.content.iter_chunked(65_536):
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)
