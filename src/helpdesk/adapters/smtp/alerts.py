"""Alerts as e-mail to every admin, in the language of the installation."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

import aiosmtplib

from helpdesk.adapters.smtp.texts import TEXTS
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.outage import Alert
from helpdesk.neighbours import Smtp
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAlerts:
    settings: Smtp
    locale: str
    now: Clock

    async def send(self, alert: Alert, to: Sequence[Attendant]) -> None:
        if not to:
            return
        async with self._server() as server:
            await server.send_message(
                self._mail(alert),
                sender=self.settings.sender,
                recipients=[it.email for it in to],
            )

    async def check(self) -> None:
        async with self._server() as server:
            await server.mail(self.settings.sender)
            await server.rset()

    @asynccontextmanager
    async def _server(self) -> AsyncIterator[aiosmtplib.SMTP]:
        it = self.settings
        server = aiosmtplib.SMTP(
            hostname=it.host,
            port=it.port,
            username=it.user or None,
            password=it.password or None,
            use_tls=it.security == "tls",
            start_tls=it.security == "starttls",
            timeout=it.timeout_seconds,
        )
        try:
            async with server:
                yield server
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            said = f"{it.host}:{it.port} took no mail ({type(error).__name__}); look at [smtp]."
            raise UnavailableError(said) from error

    def _mail(self, alert: Alert) -> EmailMessage:
        """Addressed to the helpdesk itself: admins do not learn each other's addresses."""
        texts = TEXTS[self.locale]
        words = {
            "name": alert.session.name,
            "state": texts[alert.session.state],
            "since": format_datetime(alert.since),
            "ended": format_datetime(alert.ended_at or self.now()),
            "link": alert.link,
        }
        mail = EmailMessage(policy=SMTP)
        mail["From"] = mail["To"] = Address("Helpdesk", addr_spec=self.settings.sender)
        mail["Subject"] = texts[f"{alert.news}.subject"].format_map(words)
        mail["Date"] = self.now()
        mail["Auto-Submitted"] = "auto-generated"
        # The same when it is said again: what was delivered twice is shown once.
        domain = self.settings.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<{sha256(alert.id.encode()).hexdigest()[:32]}@{domain}>"
        mail.set_content(texts[f"{alert.news}.body"].format_map(words))
        return mail
