"""Opens what tells admins by webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from helpdesk.adapters.system.clock import now
from helpdesk.adapters.webhook.alerts import WebhookAlerts
from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.alerts import Alerts

SHARED: Final = True


@asynccontextmanager
async def open_alerts(opening: Opening) -> AsyncIterator[Alerts]:
    """Open connections to `webhook.url`.

    Raises:
        OpeningError: where to, or what to sign with, is not set.
    """
    settings = opening.settings.webhook
    if not settings.url.startswith(("http://", "https://")):
        raise OpeningError("alerts.by has webhook: set webhook.url to an address with https://.")
    if not settings.secret:
        raise OpeningError("alerts.by has webhook: set webhook.secret, which signs what is sent.")
    limit = aiohttp.ClientTimeout(total=settings.timeout_seconds)
    async with aiohttp.ClientSession(timeout=limit) as http:
        yield WebhookAlerts(http=http, url=settings.url, secret=settings.secret, now=now)
