"""kill -9 of the sidecar, of Chromium and of the bot: nothing is left, lost or sent twice."""

import asyncio
import os
import shlex
import signal
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.adapters.whatsapp.venom.bridge import VenomBridge
from helpdesk.adapters.whatsapp.venom.holding import Holder
from helpdesk.adapters.whatsapp.venom.home import inhabitants
from helpdesk.domain.bridge import Outcome, QrReported
from helpdesk.domain.session import SessionState
from tests.support.phone_peer import SESSION, Sink, eventually, running, states, texts
from tests.support.phones import ANA, reply
from tests.support.server import Server
from tests.support.whatsapp_web.peer import chat_of
from tests.support.whatsapp_web.server import WhatsAppWeb, whatsapp_web
from tests.support.whatsapp_web.stage import PROGRAMS, Stage
from tests.venom.conftest import now

ANA_CHAT = chat_of(ANA)


@pytest.fixture
async def web(whatsapp_programs: None, tmp_path: Path) -> AsyncIterator[WhatsAppWeb]:
    with whatsapp_web(tmp_path, now) as it:
        yield it


def bridge_of(web: WhatsAppWeb, folder: Path) -> VenomBridge:
    """A bridge that starts its sidecar itself."""
    options = replace(Stage(web, folder).options, watch=0.5)
    holder = Holder(SESSION, folder, launch=PROGRAMS.launch, options=options, now=now)
    return VenomBridge(holder, MemoryMedia())


async def connected(web: WhatsAppWeb, bridge: VenomBridge, sink: Sink) -> None:
    """Scan the code if there is one, and wait."""

    async def look() -> bool:
        if bridge.state is SessionState.QR and not web.ready.is_set():
            await web.call(web.scan())
        return states(sink)[-1:] == [SessionState.CONNECTED]

    async with asyncio.timeout(60):
        while not await look():
            await asyncio.sleep(0.05)


def kill(folder: Path, which: Callable[[str], bool]) -> None:
    """Kill those of a session's processes whose command line is meant."""
    for pid in inhabitants(folder):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended by itself just now
            if which(Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")):
                os.kill(pid, signal.SIGKILL)


def is_sidecar(command: str) -> bool:
    return "main.js" in command


def is_chromium(command: str) -> bool:
    return "chromium" in command.partition("\0")[0] and "--type=" not in command


async def test_the_sidecar_and_chromium_may_be_killed_at_work(
    web: WhatsAppWeb, tmp_path: Path
) -> None:
    folder, sink = tmp_path / "session", Sink()
    bridge = bridge_of(web, folder)
    async with running(bridge, sink):
        await connected(web, bridge, sink)
        codes = len(sink.of(QrReported))
        for n, victim in enumerate([is_sidecar, is_chromium]):
            told = len(states(sink))
            web.network.failures.append("HANG")
            sending = asyncio.create_task(bridge.send(reply(f"r{n}")))
            await asyncio.sleep(0.2)
            await web.call(web.say(ANA_CHAT, {"type": "chat", "body": f"{n} before"}))
            kill(folder, victim)
            await web.call(web.say(ANA_CHAT, {"type": "chat", "body": f"{n} while"}))
            assert (await sending).outcome is Outcome.UNKNOWN
            await sink.until(partial(lambda it: len(states(sink)) > it, told))
            await connected(web, bridge, sink)
            await web.call(web.say(ANA_CHAT, {"type": "chat", "body": f"{n} after"}))
            await sink.until(partial(lambda it: it in texts(sink), f"{n} after"))
    assert texts(sink) == [f"{n} {it}" for n in (0, 1) for it in ("before", "while", "after")]
    assert len(sink.of(QrReported)) == codes
    assert [it["from_me"] for it in web.network.talk(ANA_CHAT).messages] == [False] * 6
    await eventually(nobody_in(folder))


@pytest.fixture
async def server(web: WhatsAppWeb, tmp_path: Path) -> AsyncIterator[Server]:
    """The helpdesk as a process, its number linked."""
    it = Server(
        tmp_path / "data",
        {
            "HELPDESK__ADAPTERS__BRIDGE": "whatsapp.venom",
            "HELPDESK__VENOM__PACKAGES": str(PROGRAMS.packages),
            "HELPDESK__VENOM__CHROMIUM_ARGUMENTS": shlex.join(web.chromium_arguments),
        },
    )
    try:
        await asyncio.to_thread(it.start)
        await until(lambda: session_of(it)["state"] == "qr")
        await web.call(web.scan())
        await until(lambda: session_of(it)["state"] == "connected")
        yield it
        await asyncio.to_thread(it.stop)
        await until(lambda: inhabitants(folder_of(it)) == [])
    finally:
        it.kill()


async def test_the_bot_may_be_killed_at_work(web: WhatsAppWeb, server: Server) -> None:
    await web.call(web.say(ANA_CHAT, {"type": "chat", "body": "1"}, name="Ana"))
    await until(lambda: heard(server) == ["1"])

    web.network.failures.append("HANG")
    await asyncio.to_thread(answer, server, "perhaps")
    await until(lambda: web.network.failures == [])
    await web.call(web.say(ANA_CHAT, {"type": "chat", "body": "2"}))
    await asyncio.to_thread(server.kill)
    await web.call(web.say(ANA_CHAT, {"type": "chat", "body": "3"}))
    await until(lambda: inhabitants(folder_of(server)) == [])

    await asyncio.to_thread(server.start)
    await until(lambda: heard(server) == ["1", "2", "3"])
    assert session_of(server)["state"] == "connected"
    await asyncio.to_thread(answer, server, "certainly")
    await until(lambda: delivered(server) == ["unknown", "delivered"])
    ours = [it["body"] for it in web.network.talk(ANA_CHAT).messages if it["from_me"]]
    assert ours == ["certainly"]
    [line] = [it for it in await asyncio.to_thread(metrics, server) if '"processes"' in it]
    assert float(line.split()[-1]) >= 4


def nobody_in(folder: Path) -> Callable[[], "asyncio.Future[bool]"]:
    async def look() -> bool:
        return inhabitants(folder) == []

    return lambda: asyncio.ensure_future(look())


async def until(fits: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(fits):
            await asyncio.sleep(0.1)


def folder_of(server: Server) -> Path:
    [it] = (server.data / "whatsapp").iterdir()
    return it


def session_of(server: Server) -> dict[str, str]:
    [it] = server.ask("GET", "/v1/sessions", token=server.token())["items"]
    return dict(it)


def messages(server: Server) -> list[dict[str, str]]:
    found = server.ask("GET", "/v1/attendances", token=server.token())["items"]
    if not found:
        return []
    path = f"/v1/attendances/{found[0]['id']}/messages"
    return list(server.ask("GET", path, token=server.token())["items"])


def heard(server: Server) -> list[str]:
    return [it["text"] for it in messages(server) if it["direction"] == "inbound"]


def delivered(server: Server) -> list[str]:
    return [it["delivery"] for it in messages(server) if it["direction"] == "reply"]


def metrics(server: Server) -> list[str]:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as told:
        lines: list[str] = told.read().decode().splitlines()
    return [it for it in lines if it.startswith("helpdesk_bridge_figure{")]


def answer(server: Server, text: str) -> None:
    [it] = server.ask("GET", "/v1/attendances", token=server.token())["items"]
    path = f"/v1/attendances/{it['id']}/replies"
    server.ask("POST", path, {"text": text}, token=server.token())
