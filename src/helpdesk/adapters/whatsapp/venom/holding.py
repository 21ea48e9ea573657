"""Keeping the sidecar of one session alive, and handing on what it tells."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import structlog

from helpdesk.adapters.whatsapp.venom.home import held
from helpdesk.adapters.whatsapp.venom.telling import Teller
from helpdesk.adapters.whatsapp.worker.channel import (
    Channel,
    Fields,
    Line,
    RefusedError,
    WorkerGoneError,
)
from helpdesk.adapters.whatsapp.worker.journal import Journal
from helpdesk.adapters.whatsapp.worker.upstream import Upstream
from helpdesk.domain.bridge import InboundMessage, QrReported, Report, StateReported
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.report import EchoReported
from helpdesk.domain.session import SessionState
from helpdesk.ports.bridge import Sink
from helpdesk.ports.system import Clock

STARTING_LIMIT: Final = 15.0  # seconds to take its orders
FIRST_PAUSE: Final = 1.0  # seconds before a worker is started again, doubled each time, with jitter
LONGEST_PAUSE: Final = 60.0
HEALTHY: Final = 300.0  # a worker that lived longer than this failed for another reason
NOTE_EVERY: Final = 30.0

log = structlog.get_logger(__name__)


class Worker(Line, Protocol):
    """A worker that runs; `pid` is its process group."""

    pid: int

    async def end(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the sidecar is told.  No secret: the credentials are in the profile."""

    executable: str
    sandbox: bool
    chromium_arguments: tuple[str, ...] = ()
    watch: float = 5.0  # seconds between two looks at the page
    sending: float = 30.0  # seconds for WhatsApp to take a message
    loading: float = 60.0  # seconds for WhatsApp to give a file


class Holder:
    """Has a worker most of the time: `channel` is None when there is none."""

    def __init__(
        self,
        session: SessionId,
        folder: Path,
        *,
        launch: Callable[[Path], Awaitable[Worker]],
        options: Options,
        now: Clock,
    ) -> None:
        self._session = session
        self._folder = folder
        self._launch = launch
        self.options = options
        self._now = now
        self._teller = Teller(session)
        self._journal: Journal | None = None
        self.channel: Channel | None = None
        self.state = SessionState.STOPPED
        self.pid: int | None = None  # of the worker's process group

    @property
    def spool(self) -> Path:
        """Where files are on their way, for as long as they are."""
        return self._folder / "spool"

    async def run(self, sink: Sink) -> None:
        async with held(self._folder), asyncio.TaskGroup() as tasks:
            self._journal = Journal(self._folder, self._now)
            upstream = Upstream(sink, tasks)
            pause = FIRST_PAUSE
            while True:
                began = asyncio.get_running_loop().time()
                try:
                    await self._hold(upstream)
                except* (WorkerGoneError, RefusedError, TimeoutError, OSError) as errors:
                    reason = "; ".join(str(it) for it in errors.exceptions)
                    log.warning("whatsapp_worker_gone", error=reason)
                self._lost(upstream)
                if asyncio.get_running_loop().time() - began > HEALTHY:
                    pause = FIRST_PAUSE
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _hold(self, upstream: Upstream) -> None:
        """Start a worker and stay with it until it is gone."""
        worker = await self._launch(self._folder)
        self.pid = worker.pid
        channel = Channel(worker)
        try:
            await channel.greet()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(channel.run(lambda told: self._hear(told, channel, upstream)))
                tasks.create_task(channel.watch())
                tasks.create_task(self._note())
                self.channel = channel
                await channel.ask("start", limit=STARTING_LIMIT, **self._orders())
        finally:
            self.channel, self.pid = None, None
            await worker.end()

    def _orders(self) -> Fields:
        assert self._journal
        it = self.options
        return {
            "profile": str(self._folder / "profile" / "chromium"),
            "spool": str(self.spool),
            "executable": it.executable,
            "sandbox": it.sandbox,
            "chromium_arguments": it.chromium_arguments,
            "watch_ms": it.watch * 1000,
            "send_ms": it.sending * 1000,
            "media_ms": it.loading * 1000,
            "since": self._journal.since,
            "unread_since": self._journal.unread_since,
        }

    async def _note(self) -> None:
        assert self._journal
        while True:
            if self.state is SessionState.CONNECTED:
                self._journal.alive()
            await asyncio.sleep(NOTE_EVERY)

    def _lost(self, upstream: Upstream) -> None:
        if self.state is SessionState.CONNECTED:
            self.state = SessionState.DISCONNECTED
            upstream.pass_on(
                StateReported(
                    at=self._now(),
                    session_id=self._session,
                    state=self.state,
                    reason="the program that holds WhatsApp Web ended; it is started again",
                )
            )

    def _hear(self, told: Fields, channel: Channel, upstream: Upstream) -> None:
        try:
            report = self._teller.report(told, at=self._now())
        except (InvalidError, KeyError, TypeError, ValueError) as error:
            log.warning("whatsapp_worker_nonsense", ev=told.get("ev"), error=str(error))
            report = None
        if told["ev"] == "message":
            self._hear_message(told, report, channel, upstream)
        elif report:
            self._follow(report)
            upstream.pass_on(report)

    def _follow(self, report: Report) -> None:
        if isinstance(report, StateReported):
            self.state = report.state
        elif isinstance(report, QrReported):
            self.state = SessionState.QR

    def _hear_message(
        self, told: Fields, report: Report | None, channel: Channel, upstream: Upstream
    ) -> None:
        """Acknowledge when the sink took it, or at once what was taken before."""
        assert self._journal
        journal, seq = self._journal, told["seq"]
        if not isinstance(report, InboundMessage) or journal.knows(report.provider_id):
            channel.tell("ack", seq=seq)
            if isinstance(report, EchoReported):
                upstream.pass_on(report)
            return

        def taken() -> None:
            journal.taken(report.provider_id)
            with suppress(WorkerGoneError):
                channel.tell("ack", seq=seq)

        journal.offered(report.provider_id, report.sent_at.timestamp())
        upstream.pass_on(report, taken)
