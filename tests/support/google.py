"""A service account in which only the stand-ins of Google's services believe."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROJECT: Final = "helpdesk"


@dataclass
class Account:
    """Its tokens are given out on loopback; `given` counts them."""

    path: str
    status: int = 200
    given: int = 0

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


@asynccontextmanager
async def service_account(folder: Path) -> AsyncIterator[Account]:
    """Write its file, and give out its tokens meanwhile."""
    account, app = Account(""), web.Application()
    app.router.add_post("/token", account.give)
    async with TestServer(app, host="127.0.0.1") as server:
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
