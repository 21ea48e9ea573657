"""A service account in which only the stand-ins of Google's services believe."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROJECT: Final = "helpdesk"
_UPDATE: Final = f"/identitytoolkit.googleapis.com/v1/projects/{PROJECT}/accounts:update"


@dataclass
class Account:
    """Its tokens are given out on loopback; `given` counts them.

    `host` is for FIREBASE_AUTH_EMULATOR_HOST: what is revoked there is in `valid_since`, by person,
    unless it has a `refusal`, an error of Firebase.
    """

    path: str
    status: int = 200
    given: int = 0
    host: str = ""
    refusal: dict[str, Any] | None = None
    valid_since: dict[str, int] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """The last one."""
        return f"token-{self.given}"

    async def give(self, _: web.Request) -> web.Response:
        if self.status != 200:
            error = {"error": "invalid_grant", "error_description": "Invalid JWT signature."}
            return web.json_response(error, status=self.status)
        self.given += 1
        body = {"access_token": self.token, "expires_in": 3600, "token_type": "Bearer"}
        return web.json_response(body)

    async def update(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.refusal:
            return web.json_response({"error": self.refusal}, status=self.refusal["code"])
        self.valid_since[body["localId"]] = int(body["validSince"])
        return web.json_response({"localId": body["localId"]})


@asynccontextmanager
async def service_account(folder: Path) -> AsyncIterator[Account]:
    """Write its file, and give out its tokens meanwhile."""
    account, app = Account(""), web.Application()
    app.router.add_post("/token", account.give)
    app.router.add_post(_UPDATE, account.update)
    async with TestServer(app, host="127.0.0.1") as server:
        account.host = f"{server.host}:{server.port}"
        account.path = written_account(folder, token_uri=str(server.make_url("/token")))
        yield account


def written_account(folder: Path, *, token_uri: str) -> str:
    """Write the file and return its path."""
    path = folder / "account.json"
    path.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": PROJECT,
                "private_key_id": "1",
                "private_key": private_key(),
                "client_email": "helpdesk@example.com",
                "client_id": "1",
                "token_uri": token_uri,
            }
        )
    )
    return str(path)


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
