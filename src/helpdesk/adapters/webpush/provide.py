"""Opens Web Push; its libraries are imported then."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

import aiohttp

from helpdesk.adapters.system.clock import now
from helpdesk.opening import Opening
from helpdesk.ports.push import Push
from helpdesk.ports.store import Store

SHARED: Final = True
TIMEOUT: Final = 15.0  # seconds, for one answer
_KEY: Final = "webpush key"


@asynccontextmanager
async def open_push(opening: Opening) -> AsyncIterator[Push]:
    """Reach browsers, with a key that is made once and kept in the store.

    A browser that registered with another key cannot be reached.
    """
    webpush = import_module("helpdesk.adapters.webpush.push")
    store: Store = await opening.port("store")
    async with store.transaction() as work:
        pem = await work.chores.secret(_KEY, webpush.new_key())
    settings = opening.settings
    limit = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=limit) as http:
        yield webpush.WebPush(
            http=http,
            vapid=webpush.Vapid02.from_pem(pem),
            contact=settings.webpush.contact or settings.http.base_url,
            services=settings.webpush.origins,
            now=now,
        )
