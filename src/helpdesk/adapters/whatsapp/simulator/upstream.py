"""Hands on what the network tells: in order per stream, streams at the same time.

News are acknowledged in batches, each only after the sink took it; until then they are told again
after a restart.  A sink that fails is tried again for ever, which holds up only that stream.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from helpdesk.adapters.system.insisting import insist
from helpdesk.adapters.system.lanes import Lanes
from helpdesk.adapters.whatsapp.simulator.link import SLOW_POLL, Link
from helpdesk.adapters.wire import correlation
from helpdesk.domain.bridge import Report
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.simulator import News
from helpdesk.domain.usecases.rhythm import Rhythm
from helpdesk.ports.bridge import Sink
from helpdesk.ports.simulator import NEWS, Simulator
from helpdesk.ports.system import Clock

AT_ONCE: Final = 64  # reports with the sink
UNDER_WAY: Final = 512  # news read and not acknowledged
BEAT: Final = 0.02  # seconds between two looks
TOGETHER: Final = 0.05  # seconds in which what was taken is acknowledged at once

log = structlog.get_logger(__name__)


class Upstream:
    """One run of the bridge; begin each with a new one."""

    def __init__(
        self, session: SessionId, simulator: Simulator, now: Clock, link: Link, sink: Sink
    ) -> None:
        self._session = session
        self._simulator = simulator
        self._now = now
        self._link = link
        self._sink = sink
        self._lanes = Lanes(at_once=AT_ONCE, waiting=UNDER_WAY)
        self._under_way: set[int] = set()
        self._taken: list[int] = []
        self._some_taken = asyncio.Event()
        self._room = asyncio.Event()

    async def run(self) -> None:
        """Read, hand on and acknowledge until cancelled."""
        self._room.set()
        rhythm = Rhythm()
        async with asyncio.TaskGroup() as tasks, self._simulator.bell(NEWS) as bell:
            tasks.create_task(self._acknowledge())
            while True:
                await self._room.wait()
                await rhythm(BEAT)
                wanted = UNDER_WAY - len(self._under_way)
                news = await self._read(wanted)
                for it in news:
                    self._under_way.add(it.position)
                    tasks.create_task(self._pass_on(it))
                if len(news) < wanted:
                    await bell(SLOW_POLL)
                else:
                    self._room.clear()

    async def _read(self, limit: int) -> list[News]:
        try:
            return await self._simulator.account.news(
                limit=limit, but=tuple(self._under_way), at=self._now()
            )
        except UnavailableError as error:
            log.warning("news_not_read", error=error.detail)
            return []

    async def _pass_on(self, news: News) -> None:
        report = news.report(self._session, at=self._now())
        if report is not None:
            await self._lanes.run(report.key, lambda: self._insist(news, report))
        self._taken.append(news.position)
        self._some_taken.set()

    async def _insist(self, news: News, report: Report) -> None:
        due_at = news.at + timedelta(seconds=self._link.latency)
        await asyncio.sleep((due_at - self._now()).total_seconds())
        with correlation.bound(news.correlation):
            for _ in range(news.copies):
                await insist(self._sink, report)

    async def _acknowledge(self) -> None:
        while True:
            await self._some_taken.wait()
            await asyncio.sleep(TOGETHER)
            self._some_taken.clear()
            taken, self._taken = self._taken, []
            try:
                await self._simulator.account.acknowledge(taken)
            except UnavailableError as error:
                log.warning("news_not_acknowledged", count=len(taken), error=error.detail)
                self._taken += taken
                await asyncio.sleep(SLOW_POLL)
                self._some_taken.set()
                continue
            self._under_way.difference_update(taken)
            if len(self._under_way) <= UNDER_WAY // 2:
                self._room.set()
