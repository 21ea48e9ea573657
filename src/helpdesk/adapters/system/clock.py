"""The clock, aware and in UTC; and how much time passes, whatever is done to the clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final


def now() -> datetime:
    return datetime.now(UTC)


# Seconds, from any beginning.  `monotonic` stands still on Linux while the machine sleeps.
_BOOT: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)
elapsed: Final[Callable[[], float]] = (
    time.monotonic if _BOOT is None else partial(time.clock_gettime, _BOOT)
)
