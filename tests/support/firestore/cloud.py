"""All stand-ins of Firebase at once, in a thread of their own: for browsers, and a real server."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import grpc
from aiohttp import web

from tests.support.firestore import sdk
from tests.support.firestore.identities import Identities
from tests.support.firestore.peer import Peer
from tests.support.firestore.rules import Rules
from tests.support.firestore.webchannel import WebChannel
from tests.support.google import written_account
from tests.support.server import free_port

Result = TypeVar("Result")


@dataclass
class Cloud:
    """`cut` takes it from everybody, `mend` brings it back with what it had."""

    loop: asyncio.AbstractEventLoop
    peer: Peer
    identities: Identities = field(default_factory=Identities)
    port: int = field(default_factory=free_port)
    channel: WebChannel = field(init=False)
    _runner: web.AppRunner | None = None

    def __post_init__(self) -> None:
        rules = Rules.of("firestore.rules")
        self.channel = WebChannel(self.peer.documents, rules, self.identities.who_asks)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, folder: Path) -> dict[str, str]:
        """Settings of a server whose dashboards listen here."""
        return {
            "FIRESTORE_EMULATOR_HOST": self.peer.host,
            "FIREBASE_AUTH_EMULATOR_HOST": self.url.removeprefix("http://"),
            "HELPDESK__ADAPTERS__FEED": "firebase",
            "HELPDESK__FIREBASE__API_KEY": "AIzaTest",
            "HELPDESK__FIREBASE__WEB_FIRESTORE_URL": self.url,
            "HELPDESK__FIREBASE__WEB_AUTH_URL": self.url,
            "HELPDESK__FIREBASE__CREDENTIALS": written_account(
                folder, token_uri=f"{self.url}/token"
            ),
        }

    def refuse(self, code: grpc.StatusCode | None) -> None:
        """Refuse the helpdesk only, until told otherwise; browsers notice nothing."""
        self.peer.refusal = code

    def mend(self) -> None:
        self._do(self._start())

    def cut(self) -> None:
        self._do(self._stop())

    async def _start(self) -> None:
        await self.peer.start()
        app = web.Application()
        self.channel.mount(app)
        self.identities.mount(app)
        sdk.mount(app)
        app.router.add_post("/token", give_token)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def _stop(self) -> None:
        self.channel.end()
        await self.peer.kill()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


async def give_token(_: web.Request) -> web.Response:
    """What the account's file is good for."""
    return web.json_response({"access_token": "a", "expires_in": 3600, "token_type": "Bearer"})


@contextmanager
def cloud() -> Iterator[Cloud]:
    """Serve inside the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def made() -> Cloud:
        return Cloud(loop, Peer())

    it = asyncio.run_coroutine_threadsafe(made(), loop).result(30)
    it.mend()
    try:
        yield it
    finally:
        it.cut()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
