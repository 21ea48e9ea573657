"""The script that has Google's emulators judge the rules, upon stand-ins for all of them."""

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from scripts.try_rules import main
from tests.support.firestore.rules import Rules

METHODS = {"GET": "get", "PATCH": "update", "DELETE": "delete"}


class Emulators:
    """An ID token is the custom one's content; documents and files are never there."""

    def __init__(self) -> None:
        self.rules = Rules.of("firestore.rules")
        self.of_files = Rules.of("storage.rules")
        self.broken = False

    async def sign_in(self, request: web.Request) -> web.Response:
        token = (await request.json())["token"]
        return web.json_response({"idToken": token.split(".")[1]})

    async def judge(self, request: web.Request) -> web.Response:
        path = request.path[request.path.index("/databases/") :]
        method = "list" if path.endswith("/events") else METHODS[request.method]
        asked = f"{path}/any" if method == "list" else path
        may = self.rules.allow(method, asked, self._auth(request)) or self.broken
        return web.Response(status=404 if may else 403)

    async def judge_file(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/v0")
        method = "list" if path.endswith("/o") else METHODS[request.method]
        asked = f"{path}/any" if method == "list" else path
        may = self.of_files.allow(method, asked, self._auth(request, "Firebase")) or self.broken
        return web.Response(status=404 if may else 403)

    def _auth(self, request: web.Request, scheme: str = "Bearer") -> Any:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != scheme:
            return None
        said = json.loads(urlsafe_b64decode(token + "=="))
        return {"uid": said["uid"], "token": {**said["claims"], "auth_time": int(time.time())}}


@pytest.fixture
async def emulators() -> AsyncIterator[tuple[Emulators, str]]:
    it, app = Emulators(), web.Application()
    accounts = "/identitytoolkit.googleapis.com/v1/accounts:signInWithCustomToken"
    app.router.add_post(accounts, it.sign_in)
    app.router.add_route("*", "/v1/{path:.*}", it.judge)
    app.router.add_route("*", "/v0/{path:.*}", it.judge_file)
    async with TestServer(app, host="127.0.0.1") as server:
        yield it, f"{server.host}:{server.port}"


async def test_it_finds_nothing_wrong_in_ours_and_everything_in_open_ones(
    emulators: tuple[Emulators, str],
) -> None:
    stand_in, host = emulators
    assert await asyncio.to_thread(main, host, host, host, "demo-desk") == []
    stand_in.broken = True
    wrong = await asyncio.to_thread(main, host, host, host, "demo-desk")
    assert "attendant: get admins: may" in wrong
    assert "admin: write everyone: may" in wrong
    assert {f"admin: {it} a file: may" for it in ("get", "list", "write", "delete")} <= {*wrong}
