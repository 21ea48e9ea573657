"""Opens the bridge to Meta's Cloud API, and the webhook through which it calls us."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from helpdesk.adapters.system.clock import now
from helpdesk.adapters.whatsapp.cloud.bridge import CAPABILITIES, CloudBridge
from helpdesk.adapters.whatsapp.cloud.files import Files
from helpdesk.adapters.whatsapp.cloud.graph import Graph
from helpdesk.adapters.whatsapp.cloud.hook import CloudHook
from helpdesk.adapters.whatsapp.cloud.numbers import Numbers
from helpdesk.adapters.whatsapp.cloud.secrets import ACCOUNT, TOKEN, Secrets, slug
from helpdesk.adapters.whatsapp.cloud.templates import CloudTemplates
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.session import Session
from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.bridge import Bridge, Sink
from helpdesk.ports.media import MediaStore
from helpdesk.ports.templates import Templates
from helpdesk.ports.webhook import Webhook
from helpdesk.settings import Settings

__all__ = ["CAPABILITIES", "SHARED", "is_called", "open_bridge", "open_templates", "open_webhook"]

SHARED: Final = True
CONNECT_SECONDS: Final = 5.0


@asynccontextmanager
async def open_bridge(opening: Opening) -> AsyncIterator[Callable[[Session], Bridge]]:
    """Yield what makes the bridge of one session."""
    media: MediaStore = await opening.port("media")
    async with _http(opening.settings) as http:

        def make(session: Session) -> Bridge:
            graph = _graph(opening.settings, http, session)
            return CloudBridge(session.id, graph, Files(graph, media), now=now)

        yield make


@asynccontextmanager
async def open_templates(opening: Opening) -> AsyncIterator[Templates]:
    """Yield what lists templates: of accounts whose id is configured."""
    settings = opening.settings
    async with _http(settings) as http:

        def graph_of(session: Session) -> tuple[Graph, str]:
            account = _secrets(settings).account_of(session.name) or settings.cloud.account_id
            if not account:
                raise UnavailableError(_nameless(session))
            try:
                return _graph(settings, http, session), account
            except OpeningError as error:
                raise UnavailableError(str(error)) from error

        yield CloudTemplates(graph_of, asyncio.get_running_loop().time)


def is_called(settings: Settings) -> bool:
    """Whether Meta may call us: an app secret is configured."""
    return bool(_secrets(settings).app_secrets())


async def open_webhook(opening: Opening, sink: Sink) -> Webhook:
    """Make the webhook, where `is_called`."""
    settings, secrets = opening.settings.cloud, _secrets(opening.settings).app_secrets()
    numbers = Numbers(
        await opening.port("directory"),
        asyncio.get_running_loop().time,
        otherwise=settings.phone_number_id,
        account=settings.account_id,
    )
    return CloudHook(
        secrets=secrets,
        verify_token=settings.verify_token,
        numbers=numbers,
        sink=sink,
        now=now,
    )


def _http(settings: Settings) -> aiohttp.ClientSession:
    seconds = settings.cloud.timeout_seconds
    limit = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)
    return aiohttp.ClientSession(timeout=limit)


def _graph(settings: Settings, http: aiohttp.ClientSession, session: Session) -> Graph:
    number = session.account or settings.cloud.phone_number_id
    token = _secrets(settings).token_of(session.name)
    if not (number and token):
        raise OpeningError(_incomplete(session))
    return Graph(
        http=http,
        base_url=settings.cloud.base_url,
        version=settings.cloud.version,
        token=token,
        number=number,
    )


def _nameless(session: Session) -> str:
    return (
        f"The account of {session.name!r} is not known: set cloud.account_id to the id of the "
        f"WhatsApp Business account, or the variable {ACCOUNT}{slug(session.name)}."
    )


def _incomplete(session: Session) -> str:
    return (
        f"The session {session.name!r} has no number or no token: set its account to Meta's "
        "phone_number_id, or cloud.phone_number_id, and give cloud.token, or the variable "
        f"{TOKEN}{slug(session.name)}."
    )


def _secrets(settings: Settings) -> Secrets:
    cloud = settings.cloud
    return Secrets(os.environ, cloud.token, cloud.app_secret)
