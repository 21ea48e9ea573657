"""How long, and how often, what fails is tried again: fetching a file, telling somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.domain.media import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Pauses double from `first` to `longest`; after `hold_out` it is given up."""

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=10)
    hold_out: timedelta = timedelta(hours=72)

    def until(self, at: datetime) -> datetime:
        """When to give up what is wanted from now on."""
        return at + self.hold_out

    def pause(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        doublings: int = min(max(attempts - 1, 0), 30)
        return min(self.first * (1 << doublings), self.longest)

    def next_try(self, media: Media, *, at: datetime) -> datetime:
        """When to fetch again after so many attempts; files that failed together spread out."""
        spread = 0.75 + (media.id.int + media.attempts * 7) % 64 / 128
        return at + self.pause(media.attempts) * spread
