"""Alerts as signed JSON.

`Helpdesk-Signature: t=1700000000,v1=…`: v1 is the HMAC-SHA256, in hex, of `t`, a full stop and the
body, so that what was recorded cannot be played again later.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import msgspec

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.outage import Alert
from helpdesk.ports.system import Clock

SIGNATURE: Final = "Helpdesk-Signature"


def signature(secret: str, body: bytes, *, at: int) -> str:
    """Sign a body as of a moment, in seconds of the epoch."""
    signed = hmac.digest(secret.encode(), b"%d.%s" % (at, body), "sha256")
    return f"t={at},v1={signed.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAlerts:
    http: aiohttp.ClientSession
    url: str = field(repr=False)  # it may have a token in it
    secret: str = field(repr=False)
    now: Clock

    async def send(self, alert: Alert, to: Sequence[Attendant]) -> None:
        it = alert.session
        await self._post(
            {
                "id": alert.id,
                "event": f"session.{alert.news}",
                "session": {
                    "id": str(it.id),
                    "name": it.name,
                    "bridge": it.bridge,
                    "state": it.state,
                    "reason": it.reason,
                },
                "since": alert.since,
                "ended_at": alert.ended_at,
                "link": alert.link,
            }
        )

    async def check(self) -> None:
        await self._post({"id": "check", "event": "check"})

    async def _post(self, news: dict[str, Any]) -> None:
        body = msgspec.json.encode(news)
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(self.secret, body, at=int(self.now().timestamp())),
        }
        try:
            async with self.http.post(
                self.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError(
                f"webhook.url does not answer ({type(error).__name__})."
            ) from error
        if not 200 <= status < 300:
            raise UnavailableError(f"webhook.url answers {status} instead of 2xx.")
