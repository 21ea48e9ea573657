"""Opens what tells admins by e-mail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from helpdesk.adapters.smtp.alerts import MailAlerts
from helpdesk.adapters.system.clock import now
from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.alerts import Alerts

SHARED: Final = True


@asynccontextmanager
async def open_alerts(opening: Opening) -> AsyncIterator[Alerts]:
    """Ready to connect: each mail has a connection of its own, they are rare.

    Raises:
        OpeningError: the server, or who the mail is from, is not set.
    """
    settings = opening.settings.smtp
    if not settings.host:
        raise OpeningError("alerts.by has smtp: set smtp.host to your mail server.")
    if "@" not in settings.sender:
        raise OpeningError("alerts.by has smtp: set smtp.sender, such as helpdesk@example.com.")
    yield MailAlerts(settings=settings, locale=opening.settings.locale, now=now)
