"""Time that passes only when a test says so."""

from datetime import UTC, datetime, timedelta
from typing import Final

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


class StoppedClock:
    """Fits `ports.system.Clock`."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> datetime:
        """Let time pass: `advance(minutes=5)`."""
        self.at += timedelta(**by)
        return self.at


def after(**by: float) -> datetime:
    """Name a moment after noon."""
    return NOON + timedelta(**by)
