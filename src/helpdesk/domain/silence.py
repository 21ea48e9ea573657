"""When silence ends an attendance.

Two numbers, each configured for the installation and overridden by a sector: after how long a
silence to close, and how often to look.  Measured on the last message, never on another change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.sector import Sector, WhenClientWaits

CLOSE_AFTER: Final = timedelta(minutes=30)  # seed: "don't have message within 30 minutes"
CHECK_EVERY: Final = timedelta(minutes=5)  # seed: "schedule task that execute each 5 minutes"
_LONGEST_TICK: Final = timedelta(minutes=1)


class Verdict(StrEnum):
    KEEP = "keep"
    CLOSE = "close"
    WARN = "warn"  # the client is the one who waits: keep it, warn the managers


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The installation's defaults."""

    close_after: timedelta = CLOSE_AFTER
    check_every: timedelta = CHECK_EVERY

    @property
    def tick(self) -> timedelta:
        """How often the scheduler must ask `is_due`: a minute, less when the default is less."""
        return min(self.check_every, _LONGEST_TICK)

    def is_due(self, sector: Sector, *, tick_at: datetime) -> bool:
        """Whether the tick at `tick_at`, a multiple of `tick`, is one at which to look."""
        every = max(sector.check_every or self.check_every, self.tick)
        return tick_at.timestamp() % every.total_seconds() < self.tick.total_seconds()

    def limit(self, sector: Sector) -> timedelta:
        """The longest silence the sector allows."""
        return sector.close_after or self.close_after

    def judge(self, it: Attendance, sector: Sector, *, at: datetime) -> Verdict:
        """Decide on the state as it is under lock: a message that just came in wins."""
        if not it.is_open or at - it.last_message_at < self.limit(sector):
            return Verdict.KEEP
        client_waits = it.last_message_from is Party.CLIENT
        if client_waits and sector.when_client_waits is WhenClientWaits.WARN:
            return Verdict.KEEP if it.neglected else Verdict.WARN
        return Verdict.CLOSE
