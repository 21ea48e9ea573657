"""Somebody who listens for signed news over HTTP."""

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

from helpdesk.neighbours import Webhook

SECRET: Final = "a-secret-of-the-webhook"


class Hook:
    """Keeps what was signed rightly, and answers as told."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.checks = 0
        self.forged = 0
        self.moments: list[int] = []
        self._status = 204

    def answer_with(self, status: int) -> None:
        self._status = status

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        moment, _, mac = request.headers["Helpdesk-Signature"].partition(",v1=")
        signed = moment.removeprefix("t=").encode() + b"." + body
        if not hmac.compare_digest(mac, hmac.new(SECRET.encode(), signed, "sha256").hexdigest()):
            self.forged += 1
            return web.Response(status=401)
        if self._status == 204:
            self._note(json.loads(body), int(moment.removeprefix("t=")))
        return web.Response(status=self._status, headers={"Location": "/elsewhere"})

    def _note(self, news: dict[str, Any], moment: int) -> None:
        self.moments.append(moment)
        if news["event"] == "check":
            self.checks += 1
        else:
            self.heard.append(news)


@asynccontextmanager
async def hooked() -> AsyncIterator[tuple[Hook, Webhook]]:
    """Listen, and say what to configure."""
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        url = f"http://127.0.0.1:{port}/hook"
        yield hook, Webhook(url=url, secret=SECRET, timeout_seconds=5.0)
    finally:
        await runner.cleanup()
