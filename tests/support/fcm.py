"""Firebase Cloud Messaging on loopback, as firebase-admin talks to it."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from firebase_admin import _http_client, messaging

from helpdesk.neighbours import Firebase
from helpdesk.settings import Adapters, Settings
from tests.support.google import PROJECT, Account, service_account

WEB_APP: Final[dict[str, Any]] = {
    "api_key": "AIzaTest",
    "app_id": "1:123456789012:web:abc",
    "sender_id": "123456789012",
    "vapid_key": "BPublicKey",
}
PATH: Final = f"/v1/projects/{PROJECT}/messages:send"
_ERROR: Final = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_STATUS: Final = {"UNREGISTERED": 404, "SENDER_ID_MISMATCH": 403, "QUOTA_EXCEEDED": 429}


@dataclass
class Fcm:
    """Checks who sends, and keeps what would be passed on."""

    account: Account
    installations: set[str] = field(default_factory=set)
    refusals: dict[str, str] = field(default_factory=dict)  # by installation, FCM's error codes
    sent: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    open: int = 0
    most: int = 0  # how many requests were open at once

    def installation(self) -> str:
        """Somebody says yes to notifications."""
        name = secrets.token_urlsafe(16)
        assert len(name) == 22
        self.installations.add(name)
        return name

    async def take(self, request: web.Request) -> web.Response:
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            await self.answering.wait()
            return self._answer(request.headers["Authorization"], await request.json())
        finally:
            self.open -= 1

    def _answer(self, authorization: str, body: dict[str, Any]) -> web.Response:
        if authorization != f"Bearer {self.account.token}":
            return refused(401, "UNAUTHENTICATED")
        if self.status != 200:
            return refused(self.status, "UNAVAILABLE")
        message = body["message"]
        if not body.get("validate_only"):
            name = message["fid"]
            known = self.refusals.get(name, "" if name in self.installations else "UNREGISTERED")
            if known:
                return refused(_STATUS[known], "FAILED", known)
            self.sent.append(message)
        return web.json_response({"name": f"projects/{PROJECT}/messages/1"})


def refused(status: int, code: str, fcm: str = "") -> web.Response:
    """Answer as Google's services do."""
    details = [{"@type": _ERROR, "errorCode": fcm}] if fcm else []
    error = {"code": status, "status": code, "message": "No.", "details": details}
    return web.json_response({"error": error}, status=status)


@asynccontextmanager
async def cloud_messaging(folder: Path) -> AsyncIterator[tuple[Fcm, Settings]]:
    """Listen on this machine, where the library is made to look for Google."""
    async with service_account(folder) as account:
        fcm, app = Fcm(account), web.Application()
        fcm.answering.set()
        app.router.add_post(PATH, fcm.take)
        async with TestServer(app, host="127.0.0.1") as server:
            with pytest.MonkeyPatch.context() as patch:
                url = str(server.make_url("/v1/projects/{0}/messages:send"))
                at = url.replace("%7B", "{").replace("%7D", "}")
                patch.setattr(messaging._MessagingService, "FCM_URL", at)  # noqa: SLF001
                patch.setattr(_http_client.DEFAULT_HTTPX_RETRY_CONFIG, "backoff_factor", 0)
                firebase = Firebase(credentials=account.path, **WEB_APP)
                chosen = Adapters(store="memory", feed="memory", push="firebase")
                yield fcm, Settings(adapters=chosen, firebase=firebase)
