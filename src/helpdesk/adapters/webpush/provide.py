"""Opens Web Push; its libraries are imported then."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

import aiohttp

from helpdesk.adapters.system.clock import now
from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.push import Push
from helpdesk.ports.store import Store

SHARED: Final = True
NOBODY: Final = "mailto:helpdesk@localhost"  # where only this machine is served
TIMEOUT: Final = 15.0  # seconds, for one answer
_KEY: Final = "webpush key"


@asynccontextmanager
async def open_push(opening: Opening) -> AsyncIterator[Push]:
    """Reach browsers, with a key that is made once and kept in the store.

    A browser that registered with another key cannot be reached.

    Raises:
        OpeningError: `webpush.contact` is nobody that could be asked.
    """
    webpush = import_module("helpdesk.adapters.webpush.push")
    store: Store = await opening.port("store")
    async with store.transaction() as work:
        pem = await work.chores.secret(_KEY, webpush.new_key())
    settings = opening.settings
    vapid, contact = webpush.Vapid02.from_pem(pem), settings.webpush.contact
    public = settings.http.base_url if settings.http.base_url.startswith("https://") else NOBODY
    try:
        vapid.sign({"aud": "https://push.example.com", "sub": contact or public})
    except webpush.VapidException as error:
        raise OpeningError("webpush.contact: give mailto:… or https://….") from error
    limit = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=limit) as http:
        yield webpush.WebPush(
            http=http,
            vapid=vapid,
            contact=contact or public,
            services=settings.webpush.origins,
            now=now,
        )
