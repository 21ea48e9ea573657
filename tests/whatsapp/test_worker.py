"""The contract between a bot and the worker that holds WhatsApp for it."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.adapters.whatsapp.venom.bridge import VenomBridge
from helpdesk.adapters.whatsapp.venom.holding import Holder, Options
from helpdesk.adapters.whatsapp.worker import channel as contract
from helpdesk.adapters.whatsapp.worker import process as processes
from helpdesk.adapters.whatsapp.worker.channel import (
    Channel,
    Fields,
    NotThereError,
    RefusedError,
    WorkerGoneError,
)
from helpdesk.adapters.whatsapp.worker.process import Process, members
from helpdesk.domain.session import SessionState
from tests.support.clock import StoppedClock
from tests.support.phone_peer import PATIENCE, SESSION, Sink, eventually, running, states

WORKER: Final = Path(__file__).with_name("worker.py")
PATH: Final = {"PATH": os.environ["PATH"]}


@dataclass(slots=True)
class Line:
    """One end of a line; fits `channel.Line`."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def heard(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(await self.reader.readline())
        return heard

    def say(self, **line: object) -> None:
        self.writer.write(json.dumps(line).encode() + b"\n")


@pytest.fixture
async def ends() -> AsyncIterator[tuple[Line, Line]]:
    """The bot's end of a line, and the worker's."""
    pair = [await asyncio.open_connection(sock=it, limit=1000) for it in socket.socketpair()]
    ours, theirs = (Line(*it) for it in pair)
    yield ours, theirs
    for it in (ours, theirs):
        it.writer.close()
        await asyncio.wait({asyncio.ensure_future(it.writer.wait_closed())})


@pytest.fixture
def worker(ends: tuple[Line, Line]) -> Line:
    return ends[1]


@pytest.fixture
async def channel(ends: tuple[Line, Line]) -> Channel:
    return Channel(ends[0])


@pytest.fixture
async def told(channel: Channel) -> AsyncIterator[list[Fields]]:
    """What comes unasked, while the channel runs."""
    heard: list[Fields] = []
    reading = asyncio.create_task(channel.run(heard.append))
    yield heard
    reading.cancel()
    await asyncio.wait({reading})


async def test_a_worker_that_speaks_another_contract_or_ends_is_none(
    channel: Channel, worker: Line
) -> None:
    worker.say(hello={"contract": 2})
    with pytest.raises(WorkerGoneError, match="another contract"):
        await channel.greet()
    worker.writer.close()
    with pytest.raises(WorkerGoneError, match="it ended"):
        await channel.greet()


async def test_a_worker_that_does_not_say_hello_is_none(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract, "HELLO_LIMIT", 0.01)
    with pytest.raises(WorkerGoneError, match="did not say hello"):
        await channel.greet()


async def test_what_is_asked_is_answered_or_refused_with_a_code(
    channel: Channel, worker: Line, told: list[Fields]
) -> None:
    async def answer() -> None:
        first, second = await worker.heard(), await worker.heard()
        worker.say(id=second["id"], error={"code": "missing", "detail": "no such number"})
        worker.say(id=first["id"], ok={"id": "true_1"})

    answering = asyncio.create_task(answer())
    sent, refused = await asyncio.gather(
        channel.ask("send", limit=PATIENCE, text="olá"),
        channel.ask("send", limit=PATIENCE, text="oi"),
        return_exceptions=True,
    )
    await answering
    assert sent == {"id": "true_1"}
    assert isinstance(refused, RefusedError)
    assert (refused.code, refused.detail) == ("missing", "no such number")
    assert told == []


async def test_lines_that_nobody_can_read_are_passed_over(
    channel: Channel, worker: Line, told: list[Fields]
) -> None:
    with capture_logs() as logs:
        for it in (b"no json", b"[]", b'{"ev": "' + b"x" * 3000 + b'"}', b'{"id": 77, "ok": {}}'):
            worker.writer.write(it + b"\n")
        worker.say(ev="typing", seq=1)
        await eventually(lambda: _there(told))
    assert [it["ev"] for it in told] == ["typing"]
    assert {it["event"] for it in logs} == {
        "whatsapp_worker_line_unreadable",
        "whatsapp_worker_line_too_long",
    }


async def _there(heard: list[Fields]) -> bool:
    return bool(heard)


async def test_who_asks_a_worker_that_ends_learns_whether_it_was_asked(
    channel: Channel, worker: Line
) -> None:
    reading = asyncio.create_task(channel.run(lambda _: None))
    asking = asyncio.create_task(channel.ask("send", limit=PATIENCE))
    await worker.heard()
    worker.writer.close()
    with pytest.raises(WorkerGoneError) as meanwhile:
        await asking
    assert not isinstance(meanwhile.value, NotThereError)
    with pytest.raises(NotThereError):
        await channel.ask("send", limit=PATIENCE)
    channel.tell("ack", seq=1)  # nobody is there to hear it
    with pytest.raises(WorkerGoneError):
        await reading


async def test_a_frozen_worker_is_ended_with_all_that_it_started_and_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract, "PING_EVERY", 0.2)
    monkeypatch.setattr(contract, "PONG_LIMIT", 2.0)
    monkeypatch.setattr(processes, "GOODBYE", 0.1)
    groups: list[int] = []

    async def launch(folder: Path) -> Process:
        it = await Process.start([sys.executable, str(WORKER)], environment=PATH, folder=folder)
        groups.append(it.pid)
        return it

    options = Options(executable="", sandbox=True)
    holder = Holder(
        SESSION, tmp_path / "session", launch=launch, options=options, now=StoppedClock()
    )
    sink = Sink()
    with capture_logs():
        async with running(VenomBridge(holder, MemoryMedia()), sink):
            await sink.until(lambda: states(sink)[:1] == [SessionState.CONNECTED])
            assert len(members(groups[0])) == 2
            await sink.until(lambda: len(states(sink)) >= 3)
            assert members(groups[0]) == []
    up, down = SessionState.CONNECTED, SessionState.DISCONNECTED
    assert states(sink)[:3] == [up, down, up]
    assert members(groups[-1]) == []
