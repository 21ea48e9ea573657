"""WhatsApp's servers for one number, on loopback, for the real venom-bot in a real Chromium.

It runs in a thread of its own, so that it outlives the event loop of a test.
"""

import asyncio
import base64
import hashlib
import ssl
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from aiohttp import WSMsgType, web

from tests.support.whatsapp_web.network import DELIVERED, OUR_ID, READ, SENT, Fields, Network

FOLDER: Final = Path(__file__).parent
PATIENCE: Final = 60.0  # seconds; nothing is judged by its speed

Result = TypeVar("Result")


class WhatsAppWeb:
    """Drives the page; its methods belong to the loop of its thread."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.network = Network(now)
        self.loop = asyncio.get_running_loop()
        self.page: web.WebSocketResponse | None = None
        self.ready = asyncio.Event()  # a page is there, linked, with all chats
        self.cleared = asyncio.Event()
        self.loads = 0
        self.port = 0
        self.pin = ""
        self.agents: set[str] = set()  # what pages call themselves
        self.greeting: tuple[str, Fields] | None = None  # said as soon as a page is there
        self._early: list[tuple[Fields, Fields]] = []
        self._sends: list[Fields] = []  # that wait for the network

    async def tell(self, **it: Any) -> None:
        if self.page and not self.page.closed:
            with suppress(ConnectionError):
                await self.page.send_json(it)

    async def index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / "page.html")

    async def script(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / f"{request.match_info['name']}.js")

    async def file(self, request: web.Request) -> web.StreamResponse:
        if (data := self.network.files.get(request.match_info["name"])) is None:
            raise web.HTTPGone
        return web.Response(body=data)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        data = await request.read()
        name = hashlib.sha256(data).hexdigest()
        self.network.files[name] = data
        return web.json_response({"file": name})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        self.agents.add(request.headers["User-Agent"])
        page = web.WebSocketResponse(max_msg_size=0)
        await page.prepare(request)
        self.page, self.loads = page, self.loads + 1
        self.ready.clear()
        async for it in page:
            if it.type is WSMsgType.TEXT:
                told = it.json()
                await getattr(self, f"on_{told.pop('do')}")(told)
        if self.page is page:
            self.page = None
            self.ready.clear()
        return page

    # ------------------------------------------------------------------- what the page tells

    async def on_hello(self, it: Fields) -> None:
        if it.get("token") in self.network.tokens:
            await self.show_chats(it["token"])
        else:
            await self.show_code()

    async def on_ready(self, _it: Fields) -> None:
        if self.network.state != "CONNECTED":
            await self.tell(do="state", state=self.network.state)
        self.ready.set()
        if greeting := self.greeting:
            self.greeting = None
            await self.say(*greeting)

    async def on_cleared(self, _it: Fields) -> None:
        self.cleared.set()

    async def on_received(self, it: Fields) -> None:
        with suppress(LookupError):  # it was cleared meanwhile
            _, message = self.network.find(it["id"])
            message["ack"] = max(message["ack"], DELIVERED)

    async def on_seen(self, it: Fields) -> None:
        talk = self.network.talk(it["chat"])
        talk.unread = 0
        for message in talk.messages:
            if not message["from_me"]:
                message["ack"] = READ

    async def on_exists(self, it: Fields) -> None:
        await self.tell(do="answer", n=it["n"], exists=it["chat"] not in self.network.missing)

    async def on_send(self, it: Fields) -> None:
        if not self.network.online:
            self._sends.append(it)
            return
        await asyncio.sleep(self.network.latency)
        result = self.network.failures.pop(0) if self.network.failures else "OK"
        if result == "HANG":
            return
        if result == "OK":
            self.network.takes(it)
        await self.tell(do="answer", n=it["n"], result=result)
        if result == "OK":
            for ack in (SENT, DELIVERED):
                await self.tell(do="ack", id=it["id"], ack=ack)

    async def on_typing(self, it: Fields) -> None:
        self.network.talk(it["chat"]).sees_typing = True

    async def on_takeover(self, _it: Fields) -> None:
        await self.set_state("CONNECTED")

    async def on_react(self, it: Fields) -> None:
        _, message = self.network.find(it["id"])
        message["our_reaction"] = it["emoji"]
        await self.tell(do="answer", n=it["n"])

    async def on_revoke(self, it: Fields) -> None:
        _, message = self.network.find(it["id"])
        message.update(type="revoked", body="")
        await self.tell(do="answer", n=it["n"])

    async def on_logout(self, _it: Fields) -> None:
        await self.unlink()

    # -------------------------------------------------------------------- what is done to it

    async def show_chats(self, token: str) -> None:
        chats = [it.shown() for it in self.network.talks.values()]
        await self.tell(do="linked", token=token, our_id=OUR_ID, chats=chats)

    async def show_code(self) -> None:
        self.network.relabel()
        if self.network.passkey:
            await self.tell(do="passkey")
        else:
            await self.tell(do="code", text=self.network.code)

    async def unlink(self) -> None:
        self.network.tokens.clear()
        self.ready.clear()
        await self.tell(do="unlinked", text=self.network.relabel())

    async def scan(self) -> None:
        await self.show_chats(self.network.link())

    async def set_state(self, state: str) -> None:
        self.network.state = state
        await self.tell(do="state", state=state)

    async def drop(self) -> None:
        self.network.online = False
        await self.set_state("TIMEOUT")

    async def restore(self) -> None:
        self.network.online = True
        await self.set_state("CONNECTED")
        for talk in self.network.talks.values():
            for message in [it for it in talk.messages if it.pop("held", False)]:
                await self._push(talk.chat, message)
        waiting, self._sends = self._sends, []
        for it in waiting:
            await self.on_send(it)

    async def clear(self) -> None:
        """Bring a linked page back to where nothing was written."""
        self.network.clear()
        self._sends.clear()
        self.cleared.clear()
        await self.tell(do="clear")
        async with asyncio.timeout(PATIENCE):
            await self.cleared.wait()

    async def say(self, id: str, message: Fields, **who: Any) -> str:
        talk = self.network.talk(id, **who)
        message = self.network.says(talk, message)
        if self.network.early:
            self.network.early -= 1
            self._early.append((talk.chat, message))
        elif self.network.online:
            await self._push(talk.chat, message)
            waiting, self._early = self._early, []
            for chat, it in waiting:
                await self._push(chat, it)
        else:
            message["held"] = True
        return str(message["id"])

    async def _push(self, chat: Fields, message: Fields) -> None:
        await asyncio.sleep(self.network.latency)
        copies = self.network.copies.pop(0) if self.network.copies else 1
        await self.tell(do="message", message={**message, "chat": chat}, copies=copies)

    async def read(self, id: str) -> None:
        for message in self.network.talk(id).messages:
            if message["from_me"] and message["ack"] < READ:
                message["ack"] = READ
                await self.tell(do="ack", id=message["id"], ack=READ)

    @property
    def chromium_arguments(self) -> tuple[str, str]:
        """Lead WhatsApp's name here and nothing else anywhere; take our certificate only."""
        rules = f"MAP web.whatsapp.com:443 127.0.0.1:{self.port}, MAP * ~NOTFOUND"
        return (
            f"--host-resolver-rules={rules}, EXCLUDE 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={self.pin}",
        )

    def call(self, coroutine: Coroutine[Any, Any, Result]) -> "asyncio.Future[Result]":
        """Run in this thread's loop something that another loop awaits."""
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self.loop))


@contextmanager
def whatsapp_web(folder: Path, now: Callable[[], datetime]) -> Iterator[WhatsAppWeb]:
    """Serve while inside; `folder` gets a certificate."""
    began: Future[WhatsAppWeb] = Future()
    stop = asyncio.Event()
    context, pin = _certificate(folder)

    async def serve() -> None:
        it = WhatsAppWeb(now)
        it.pin = pin
        runner = web.AppRunner(_app(it), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        it.port = runner.addresses[0][1]
        began.set_result(it)
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="whatsapp web")
    thread.start()
    it = began.result(30)
    try:
        yield it
    finally:
        it.loop.call_soon_threadsafe(stop.set)
        thread.join(30)


def _app(it: WhatsAppWeb) -> web.Application:
    app = web.Application(client_max_size=128 * 1024 * 1024)
    app.router.add_get("/", it.index)
    app.router.add_get("/socket", it.socket)
    app.router.add_get("/{name}.js", it.script)
    app.router.add_get("/media/{name}", it.file)
    app.router.add_post("/upload", it.upload)
    return app


def _certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A certificate of our own, and what Chromium has to be told to take it and no other."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-keyout", str(key), "-out", str(certificate), "-days", "2"),
        *("-subj", "/CN=web.whatsapp.com"),
    )
    public = _openssl("pkey", "-in", str(key), "-pubout", "-outform", "der")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, base64.b64encode(hashlib.sha256(public).digest()).decode()


def _openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout
