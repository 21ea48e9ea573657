"""Handing on what a worker tells: in order per stream, streams at the same time."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from helpdesk.adapters.system.insisting import insist
from helpdesk.adapters.system.lanes import Lanes
from helpdesk.domain.bridge import Report
from helpdesk.ports.bridge import Sink

AT_ONCE: Final = 64  # reports with the sink
UNDER_WAY: Final = 5_000  # reports that wait; the worker itself holds back messages long before

log = structlog.get_logger(__name__)


class Upstream:
    """Insists until the sink took a report; `taken` is called then."""

    def __init__(self, sink: Sink, tasks: asyncio.TaskGroup) -> None:
        self._sink = sink
        self._tasks = tasks
        self._lanes = Lanes(at_once=AT_ONCE, waiting=UNDER_WAY)
        self._count = 0

    def pass_on(self, report: Report, taken: Callable[[], None] = lambda: None) -> None:
        """Take it into its lane.  Beyond the bound reports are dropped: they are not messages."""
        if self._count >= UNDER_WAY:
            log.warning("report_dropped", type=type(report).__name__)
            return
        self._count += 1
        self._tasks.create_task(self._pass_on(report, taken))

    async def _pass_on(self, report: Report, taken: Callable[[], None]) -> None:
        try:
            await self._lanes.run(report.key, lambda: insist(self._sink, report))
        finally:
            self._count -= 1
        taken()
