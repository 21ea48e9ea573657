"""What becomes of one delivery: tried until it is done, or put aside, or somebody else's.

It is held unacknowledged while it is tried, with growing pauses, so that nothing of the same key
overtakes it; it goes back to the broker only when its consumer does.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from helpdesk.adapters.amqp.options import AT_ONCE, AmqpOptions
from helpdesk.adapters.wire import correlation
from helpdesk.domain.dead_letter import DETAIL_LIMIT, DeathReason
from helpdesk.domain.errors import DomainError, ForbiddenError, UnavailableError
from helpdesk.ports.broker import Handler
from helpdesk.ports.outbox import Envelope

# While neighbours succeed, so many more tries are left to what finds something unavailable.
MERCY: Final = 4

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Put it aside, for this reason."""

    reason: DeathReason
    error: str
    detail: str
    attempts: int
    since: datetime  # of the first attempt in this process


@dataclass(slots=True)
class Trial:
    """The attempts at one delivery."""

    about: dict[str, str]
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    attempts: int = 0
    bugs: int = 0
    absences: int = 0
    successes_seen: int = -1


@dataclass(slots=True)
class Handling:
    """The handler of one queue in this process.

    With `tireless`, what is unavailable is tried for ever: a reply waits for WhatsApp.  Else it
    counts only when neighbours succeeded since, so that an outage puts nothing aside.
    """

    handle: Handler
    options: AmqpOptions
    tireless: bool
    successes: int = 0
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def attempt(self, trial: Trial, envelope: Envelope) -> Verdict | bool:
        """Try once: True when done, False to try again, else where it ends."""
        trial.attempts += 1
        try:
            with correlation.bound(envelope.correlation):
                await self.handle(envelope)
        except UnavailableError as error:
            return self._absent(trial, error)
        except DomainError as error:
            # Logged by its kind: a refusal of rights deserves an eye.
            tell = log.warning if isinstance(error, ForbiddenError) else log.info
            tell("delivery_refused", code=error.code, error=error.detail, **trial.about)
            return _verdict(DeathReason.REFUSED, trial, error.code, error.detail)
        except Exception as error:
            log.exception("delivery_broken", attempt=trial.attempts, **trial.about)
            trial.bugs += 1
            if trial.bugs < self.options.attempts:
                return False
            return _verdict(DeathReason.EXHAUSTED, trial, type(error).__name__, str(error))
        self.successes += 1
        return True

    def _absent(self, trial: Trial, error: UnavailableError) -> Verdict | bool:
        log.warning("delivery_failed", attempt=trial.attempts, error=error.detail, **trial.about)
        if trial.successes_seen not in (-1, self.successes):
            trial.absences += 1
        trial.successes_seen = self.successes
        if self.tireless or trial.absences < self.options.attempts * MERCY:
            return False
        return _verdict(DeathReason.EXHAUSTED, trial, error.code, error.detail)


def unreadable(error: DomainError) -> Verdict:
    """What this release cannot read."""
    return _verdict(DeathReason.UNREADABLE, Trial({}, attempts=1), error.code, error.detail)


def _verdict(reason: DeathReason, trial: Trial, error: str, detail: str) -> Verdict:
    return Verdict(
        reason=reason,
        error=error,
        detail=detail[:DETAIL_LIMIT],
        attempts=trial.attempts,
        since=trial.since,
    )
