"""The real venom-bot on the stand-in for WhatsApp Web, kept from one test to the next.

Chromium and venom-bot take seconds to start.  So one sidecar serves many tests: each has a bridge
of its own, which finds the sidecar running as after a restart of the bot alone.  What a restart of
the sidecar does is tested in tests/venom.
"""

import asyncio
import itertools
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.adapters.whatsapp.venom.bridge import VenomBridge
from helpdesk.adapters.whatsapp.venom.holding import Holder, Options, Worker
from helpdesk.adapters.whatsapp.venom.programs import SIDECAR, Programs
from helpdesk.domain.ids import SessionId
from tests.support.whatsapp_web.server import WhatsAppWeb, whatsapp_web

ROOT: Final = Path(__file__).parents[3]
PROGRAMS: Final = Programs(node="", chromium="", packages=ROOT / ".venom")
PATIENCE: Final = 60.0  # seconds
NOBODY: Final = UUID(int=0)


class Attached:
    """A worker as one test's event loop sees it; fits `holding.Worker`."""

    def __init__(self, process: "subprocess.Popen[bytes]", hello: bytes) -> None:
        self._process = process
        self._hello = hello
        self.pid = process.pid
        self.reader = asyncio.StreamReader(limit=2**20)

    async def attach(self, mark: str) -> "Attached":
        """Begin behind what the sidecar told those before."""
        loop = asyncio.get_running_loop()
        assert self._process.stdin
        assert self._process.stdout
        down = os.fdopen(os.dup(self._process.stdin.fileno()), "wb", buffering=0)
        up = os.fdopen(os.dup(self._process.stdout.fileno()), "rb", buffering=0)
        protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())
        transport, _ = await loop.connect_write_pipe(lambda: protocol, down)
        self.writer = asyncio.StreamWriter(transport, protocol, None, loop)
        raw = asyncio.StreamReader(limit=2**20)
        self._up, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(raw), up)
        self.writer.write(json.dumps({"id": mark, "method": "ping"}).encode() + b"\n")
        while json.dumps(mark).encode() not in await raw.readline():
            pass
        self.reader.feed_data(self._hello)
        self._pump = asyncio.create_task(self._pass_on(raw))
        return self

    async def _pass_on(self, raw: asyncio.StreamReader) -> None:
        """Leave out what is told before we asked for anything: a fresh sidecar tells nothing."""
        asked = False
        while line := await raw.readline():
            ev = json.loads(line).get("ev")
            asked = asked or ev in ("state", "qr")
            if asked or ev is None:
                self.reader.feed_data(line)
        self.reader.feed_eof()

    async def end(self) -> None:
        """Leave; the sidecar stays."""
        self.writer.close()
        self._pump.cancel()
        self._up.close()
        await asyncio.sleep(0)  # they close in the loop's next turn


class Stage:
    """One number: its server, its page, its sidecar."""

    def __init__(self, web: WhatsAppWeb, folder: Path) -> None:
        self.web = web
        self.folder = folder
        self.options = Options(
            executable=PROGRAMS.find_chromium(),
            sandbox=os.geteuid() != 0,
            chromium_arguments=web.chromium_arguments,
            watch=0.2,
            sending=2.0,
            loading=5.0,
        )
        self.media = MemoryMedia()
        self._process: subprocess.Popen[bytes] | None = None
        self._hello = b""
        self._marks = itertools.count()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    async def launch(self, _folder: Path) -> Worker:
        """Join the sidecar; start it if nobody did."""
        if self._process is None or self._process.poll() is not None:
            with (self.folder / "stderr").open("ab") as log:
                self._process = subprocess.Popen(
                    [PROGRAMS.find_node(), SIDECAR / "main.js"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    bufsize=0,
                    env={
                        "PATH": os.environ["PATH"],
                        "HOME": str(self.folder),
                        "NODE_PATH": str(PROGRAMS.packages / "node_modules"),
                    },
                    start_new_session=True,
                )
            assert self._process.stdout
            self._hello = await asyncio.to_thread(self._process.stdout.readline)
        return await Attached(self._process, self._hello).attach(f"mark {next(self._marks)}")

    def bridge(self, session: SessionId, now: Callable[[], datetime]) -> VenomBridge:
        holder = Holder(session, self.folder, launch=self.launch, options=self.options, now=now)
        return VenomBridge(holder, self.media)

    async def set(self, now: Callable[[], datetime]) -> None:
        """Bring it to where our number is linked and nothing was written."""
        self.web.network.now = now
        for it in ("taken", "since"):
            (self.folder / it).unlink(missing_ok=True)
        await self.web.call(self.web.restore())
        await self._until_linked()
        await self.web.call(self.web.clear())

    async def _until_linked(self) -> None:
        async def take(_report: object) -> None: ...

        it = self.bridge(SessionId(NOBODY), lambda: datetime.now(UTC))
        running = asyncio.create_task(it.run(take))
        try:
            async with asyncio.timeout(PATIENCE):
                while it.state != "connected":
                    if it.state == "qr" and not self.web.ready.is_set():
                        await self.web.call(self.web.scan())
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.wait({running})

    def end(self) -> None:
        if self._process:
            assert self._process.stdin
            self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            assert self._process.stdout
            self._process.stdout.close()
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


@contextmanager
def open_stage(folder: Path, **options: object) -> Iterator[Stage]:
    """Serve, and start the sidecar when it is first needed."""
    with whatsapp_web(folder, lambda: datetime.now(UTC)) as web:
        place = folder / "session"
        place.mkdir(mode=0o700)
        it = Stage(web, place)
        it.options = replace(it.options, **options)  # type: ignore[arg-type]
        try:
            yield it
        finally:
            it.end()
