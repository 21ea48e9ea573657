"""Handing a report on until it was taken."""

import asyncio
from typing import Final

import structlog

from helpdesk.domain.bridge import Report, TypingReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.bridge import Sink

FIRST_PAUSE: Final = 0.1  # seconds, doubled with each failure
LONGEST_PAUSE: Final = 5.0

log = structlog.get_logger(__name__)


async def insist(sink: Sink, report: Report) -> None:
    """Return when the sink took it; that somebody typed is no news any more when it fails."""
    pause = FIRST_PAUSE
    while not await _took(sink, report) and not isinstance(report, TypingReported):
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _took(sink: Sink, report: Report) -> bool:
    try:
        await sink(report)
    except UnavailableError as error:
        log.warning("report_not_taken", type=type(report).__name__, error=error.detail)
    except Exception:
        log.exception("report_not_taken", type=type(report).__name__)
    else:
        return True
    return False
