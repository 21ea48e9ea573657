"""A number of ours that is down: since when, until when, and who heard of it.

Each outage is told once to each channel when it lasts, and its end to those who heard of it.  One
that ends within the grace time is recorded, and nobody's business.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.patience import Patience
from helpdesk.domain.session import Session, SessionState


class OutageNotFoundError(NotFoundError):
    """Nobody knows of such an outage."""

    code = "outage_not_found"


class News(StrEnum):
    DOWN = "down"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One piece of news, at one channel."""

    channel: str
    news: News


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What an admin is told; `id` is the same when it is said again."""

    id: str
    news: News
    session: Session  # as it is now
    since: datetime
    ended_at: datetime | None
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    session_id: SessionId
    since: datetime
    state: SessionState  # in which it began
    reason: str = ""
    ended_at: datetime | None = None
    due_at: datetime | None = None  # when somebody has to look whom to tell; None: all is told
    attempts: int = 0  # that failed since something was told
    told: frozenset[Told] = frozenset()

    @classmethod
    def begin(
        cls, session: Session, *, grace: timedelta, at: datetime, reason: str | None = None
    ) -> "Outage":
        return cls(
            session_id=session.id,
            since=at,
            state=session.state,
            reason=session.reason if reason is None else reason,
            due_at=at + grace,
        )

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def end(self, *, at: datetime) -> "Outage":
        """Tell those who heard of it."""
        return replace(self, ended_at=at, due_at=at if self.told else None, attempts=0)

    def dismiss(self, *, at: datetime) -> "Outage":
        """End it, and tell nobody: the number was removed."""
        return replace(self, ended_at=self.ended_at or at, due_at=None)

    def resume(self, *, at: datetime) -> "Outage":
        """Go on, down again before anybody heard that it was back."""
        return replace(self, ended_at=None, due_at=at, attempts=0)

    @property
    def can_resume(self) -> bool:
        untold = all(it.news is News.DOWN for it in self.told)
        return self.due_at is not None and untold

    def missing(self, channels: Collection[str]) -> list[Told]:
        """What these channels have not heard."""
        down = [Told(channel=it, news=News.DOWN) for it in channels]
        if self.is_open:
            return [it for it in down if it not in self.told]
        heard = [it.channel for it in down if it in self.told]
        back = [Told(channel=it, news=News.BACK) for it in heard]
        return [it for it in back if it not in self.told]

    def hear(self, *news: Told, channels: Collection[str], at: datetime) -> "Outage":
        """Note what was told; what is missing then is due at once."""
        told = replace(self, told=self.told | set(news), attempts=0 if news else self.attempts)
        return replace(told, due_at=at if told.missing(channels) else None)

    def fail(self, patience: Patience, *, at: datetime) -> "Outage":
        """Try again after a pause, until it is old news."""
        late = at >= patience.until(self.ended_at or self.since)
        due_at = None if late else at + patience.pause(self.attempts + 1)
        return replace(self, attempts=self.attempts + 1, due_at=due_at)


def follow(
    last: Outage | None, *, before: Session, after: Session, grace: timedelta, at: datetime
) -> Outage | None:
    """Say what becomes of the newest outage when a session changes; None: nothing is to be kept."""
    if after.retired:
        return last and last.dismiss(at=at)
    if after.state is SessionState.CONNECTED:
        return last.end(at=at) if last and last.is_open else None
    if before.state is not SessionState.CONNECTED or (last and last.is_open):
        return None
    if last and last.can_resume:
        return last.resume(at=at)
    return Outage.begin(after, grace=grace, at=at)
