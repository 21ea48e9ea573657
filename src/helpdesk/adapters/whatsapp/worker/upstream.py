"""Handing on what a worker tells: in order per stream, streams at the same time."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from helpdesk.adapters.system.lanes import Lanes
from helpdesk.domain.bridge import Report, TypingReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.bridge import Sink

AT_ONCE: Final = 64  # reports with the sink
UNDER_WAY: Final = 5_000  # reports that wait; the worker itself holds back messages long before
FIRST_PAUSE: Final = 0.1  # seconds, doubled with each failure
LONGEST_PAUSE: Final = 5.0

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
            await self._lanes.run(report.key, lambda: self._insist(report))
        finally:
            self._count -= 1
        taken()

    async def _insist(self, report: Report) -> None:
        pause = FIRST_PAUSE
        while not await self._took(report):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _took(self, report: Report) -> bool:
        try:
            await self._sink(report)
        except UnavailableError as error:
            log.warning("report_not_taken", type=type(report).__name__, error=error.detail)
        except Exception:
            log.exception("report_not_taken", type=type(report).__name__)
        else:
            return True
        # That somebody typed is no news any more when the sink can take it again.
        return isinstance(report, TypingReported)
