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
from helpdesk.adapters.whatsapp.cloud.secrets import TOKEN, Secrets, slug
from helpdesk.domain.session import Session
from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.bridge import Bridge, Sink
from helpdesk.ports.media import MediaStore
from helpdesk.ports.webhook import Webhook
from helpdesk.settings import Settings

__all__ = ["CAPABILITIES", "SHARED", "is_called", "open_bridge", "open_webhook"]

SHARED: Final = True
CONNECT_SECONDS: Final = 5.0


@asynccontextmanager
async def open_bridge(opening: Opening) -> AsyncIterator[Callable[[Session], Bridge]]:
    """Yield what makes the bridge of one session."""
    settings = opening.settings.cloud
    secrets = _secrets(opening.settings)
    media: MediaStore = await opening.port("media")
    limit = aiohttp.ClientTimeout(total=settings.timeout_seconds, connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=limit) as http:

        def make(session: Session) -> Bridge:
            number = session.account or settings.phone_number_id
            token = secrets.token_of(session.name)
            if not (number and token):
                raise OpeningError(_incomplete(session))
            graph = Graph(
                http=http,
                base_url=settings.base_url,
                version=settings.version,
                token=token,
                number=number,
            )
            return CloudBridge(session.id, graph, Files(graph, media), now=now)

        yield make


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


def _incomplete(session: Session) -> str:
    return (
        f"The session {session.name!r} has no number or no token: set its account to Meta's "
        "phone_number_id, or cloud.phone_number_id, and give cloud.token, or the variable "
        f"{TOKEN}{slug(session.name)}."
    )


def _secrets(settings: Settings) -> Secrets:
    cloud = settings.cloud
    return Secrets(os.environ, cloud.token, cloud.app_secret)
