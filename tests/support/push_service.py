"""A push service, and a browser that registered with it and decrypts what comes."""

import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02


def text_of(it: bytes) -> str:
    return base64.urlsafe_b64encode(it).decode().rstrip("=")


@dataclass
class Browser:
    """Its keys are made as a browser makes them."""

    url: str
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        point = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        return text_of(self.key.public_key().public_bytes(*point))

    @property
    def body(self) -> dict[str, str]:
        """What it registers with."""
        return {"target": self.url, "key": self.p256dh, "auth": text_of(self.auth)}

    def read(self, sealed: bytes) -> None:
        opened = http_ece.decrypt(
            sealed, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        self.shown.append(json.loads(opened))


class PushService:
    """Checks who sends, and hands over to the browser of the address."""

    def __init__(self) -> None:
        self.origin = ""
        self.browsers: dict[str, Browser] = {}
        self.gone: set[str] = set()
        self.status = 201
        self.headers: list[dict[str, str]] = []
        self.keys: set[str] = set()  # by which senders signed

    def browser(self) -> Browser:
        """Somebody says yes to notifications."""
        name = secrets.token_hex(8)
        self.browsers[name] = Browser(f"{self.origin}/push/{name}")
        return self.browsers[name]

    async def take(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if self.status != 201:
            return web.Response(status=self.status)
        if name in self.gone or name not in self.browsers:
            return web.Response(status=410)
        scheme, _, rest = request.headers["Authorization"].partition(" ")
        parts = dict(it.split("=", 1) for it in rest.split(","))
        if scheme != "vapid" or not Vapid02.verify(request.headers["Authorization"]):
            return web.Response(status=403)
        self.keys.add(parts["k"])
        claims = json.loads(base64.urlsafe_b64decode(parts["t"].split(".")[1] + "=="))
        if claims["aud"] != self.origin:
            return web.Response(status=403)
        self.headers.append(dict(request.headers))
        self.browsers[name].read(await request.read())
        return web.Response(status=201)


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """Listen on this machine."""
    service, app = PushService(), web.Application()
    app.router.add_post("/push/{name}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield service
    finally:
        await runner.cleanup()
