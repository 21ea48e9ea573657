"""The commands of Dockerfile and compose.yaml, each as it stands, in a clean environment."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from tests.support.container import Image, filled, roles, stages
from tests.support.desk import Desk, Phone, eventually, visiting
from tests.support.postgres import postgres_database
from tests.support.rabbitmq import shared_url
from tests.support.server import PASSWORD, Server, free_port

PATIENCE: Final = 90.0  # seconds to start; the machine may be busy with other tests
# What an image has not of its own: how packages are fetched.
KEPT: Final = ("HOME", "LANG", "TMPDIR", "PIP_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
BARE: Final = {k: v for k, v in os.environ.items() if k.upper().startswith(KEPT)}
SECRETS: Final = {
    "POSTGRES_PASSWORD": "not-asked-for",
    "RABBITMQ_PASSWORD": "not-asked-for",
    "HELPDESK_ADMIN_PASSWORD": PASSWORD,
    "HELPDESK_URL": "https://desk.example.com",
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """What the build stage comes to; `python` is the one of the tests."""
    it = Image(tmp_path_factory.mktemp("image"))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    try:
        it.build(stages()[0], BARE | {"PATH": path})
    except subprocess.CalledProcessError:
        if os.environ.get("CI") or index_answers():
            raise
        pytest.skip("no package index can be reached")
    return it


def index_answers() -> bool:
    """Whether packages can be fetched at all."""
    ask = [sys.executable, "-m", "pip", "index", "versions", "segno"]
    return subprocess.run(ask, capture_output=True, check=False).returncode == 0


@dataclass(slots=True)
class Container:
    """One service, as a process."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self, log: Path) -> None:
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=output, stderr=output, cwd=log.parent
            )

    def probe(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def get(self, path: str) -> str:
        url = f"http://127.0.0.1:{self.environment['HELPDESK__HEALTH__PORT']}{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            told: bytes = answer.read()
            return told.decode()


def containers(image: Image, dsn: str, broker: str) -> Iterator[Container]:
    """The roles of compose.yaml; the neighbours' addresses are those of the tests."""
    final = stages()[-1]
    prefix = f"image-{urlsplit(dsn).path.strip('/')}"
    for name, service in roles().items():
        given = {k: filled(v, SECRETS) for k, v in service["environment"].items()}
        environment = BARE | {k: image.here(v) for k, v in final.environment.items()} | given
        environment |= {
            "PATH": f"{image.places['/opt/helpdesk']}/bin:{os.environ['PATH']}",
            "HELPDESK__POSTGRES__DSN": dsn,
            "HELPDESK__AMQP__URL": broker,
            "HELPDESK__AMQP__PREFIX": prefix,
            "HELPDESK__HTTP__HOST": "127.0.0.1",
            "HELPDESK__HTTP__PORT": str(free_port()),
            "HELPDESK__HEALTH__HOST": "127.0.0.1",
            "HELPDESK__HEALTH__PORT": str(free_port()),
        }
        yield Container(name, [*final.command("ENTRYPOINT"), *service["command"]], environment)


@contextmanager
def running(all_of: list[Container], folder: Path) -> Iterator[None]:
    """Start them as Compose would and wait until each is healthy; stop them in the end."""
    health = stages()[-1].command("HEALTHCHECK")
    try:
        for it in all_of:
            it.start(folder / f"{it.name}.log")
        until = time.monotonic() + PATIENCE
        for it in all_of:
            while (asked := it.probe(health)).returncode:
                log = (folder / f"{it.name}.log").read_text()
                assert time.monotonic() < until, f"{it.name}: {asked.stderr}\n{log[-3000:]}"
                time.sleep(0.2)
        yield
        for it in all_of:
            assert it.process
            it.process.terminate()
        assert {it.name: it.process.wait(60) for it in all_of if it.process} == {
            it.name: 0 for it in all_of
        }
    finally:
        for it in all_of:
            if it.process and it.process.poll() is None:
                it.process.kill()
                it.process.wait()


@pytest.mark.slow
async def test_the_image_is_built_and_its_roles_talk_to_each_other(
    image: Image, tmp_path: Path
) -> None:
    async with postgres_database() as dsn:
        all_of = [*containers(image, dsn, shared_url())]
        with running(all_of, tmp_path):
            await converse(next(it for it in all_of if it.name == "api"))
            for it in all_of:
                told = it.get("/metrics")
                assert f',role="{it.name}",' in told
                assert json.loads(it.get("/readyz"))["status"] == "ok"


async def converse(api: Container) -> None:
    """Let a client write and be answered; each role took its steps."""
    server = Server(Path("unused"), port=int(api.environment["HELPDESK__HTTP__PORT"]))
    async with visiting(server) as visitor:
        desk = await visitor.desk()
        phone = Phone(desk.http, desk.url, desk.token, number="+551140041234")
        await phone.writes("Olá")
        attendance = await desk.attendance_of(phone.number)
        replied = await desk.reply(attendance["id"], "Bom dia")
        await phone.receives("Bom dia")
        [asked, _] = await desk.messages(attendance["id"])
        assert await roles_of(desk, asked, "shown") == {
            "received": "bot",
            "queued": "bot",
            "stored": "consumer",
            "shown": "consumer",
        }
        assert await roles_of(desk, replied, "delivered") == {
            "accepted": "api",
            "queued": "consumer",
            "sending": "bot",
            "sent": "bot",
            "delivered": "bot",
        }


async def roles_of(desk: Desk, message: dict[str, Any], last: str) -> dict[str, str]:
    """Which role took which step of a message."""

    async def look() -> dict[str, str]:
        steps = await desk.items(f"/v1/messages/{message['id']}/journey")
        return {it["name"]: it["process"].partition("@")[0] for it in steps}

    return await eventually(look, lambda it: last in it)
