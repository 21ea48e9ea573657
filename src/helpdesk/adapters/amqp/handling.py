"""What becomes of one delivery: tried until it is done, or put aside, or somebody else's.

It is held unacknowledged while it is tried, with growing pauses, so that nothing of the same key
overtakes it; it goes back to the broker only when its consumer does.
"""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import structlog

from helpdesk.adapters.amqp.options import AT_ONCE, AmqpOptions
from helpdesk.adapters.wire import correlation
from helpdesk.domain.errors import DomainError, ForbiddenError, UnavailableError
from helpdesk.ports.broker import Handler
from helpdesk.ports.outbox import Envelope

# While neighbours succeed, so many more tries are left to what finds something unavailable.
MERCY: Final = 4
DETAIL_LIMIT: Final = 500  # characters

log = structlog.get_logger(__name__)


class Reason(StrEnum):
    """Why a message was put aside."""

    REFUSED = "refused"  # a DomainError: trying again would not help
    EXHAUSTED = "exhausted"  # it broke its handler too often
    UNREADABLE = "unreadable"  # not by this release
    DELIVERY_LIMIT = "delivery_limit"  # the broker's own: lost with its consumer too often


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Put it aside, for this reason."""

    reason: Reason
    error: str
    detail: str
    attempts: int


@dataclass(slots=True)
class Trial:
    """The attempts at one delivery."""

    about: dict[str, str]
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
            return _verdict(Reason.REFUSED, trial, error.code, error.detail)
        except Exception as error:
            log.exception("delivery_broken", attempt=trial.attempts, **trial.about)
            trial.bugs += 1
            if trial.bugs < self.options.attempts:
                return False
            return _verdict(Reason.EXHAUSTED, trial, type(error).__name__, str(error))
        self.successes += 1
        return True

    def _absent(self, trial: Trial, error: UnavailableError) -> Verdict | bool:
        log.warning("delivery_failed", attempt=trial.attempts, error=error.detail, **trial.about)
        if trial.successes_seen not in (-1, self.successes):
            trial.absences += 1
        trial.successes_seen = self.successes
        if self.tireless or trial.absences < self.options.attempts * MERCY:
            return False
        return _verdict(Reason.EXHAUSTED, trial, error.code, error.detail)


def unreadable(error: DomainError) -> Verdict:
    """What this release cannot read."""
    return Verdict(reason=Reason.UNREADABLE, error=error.code, detail=error.detail, attempts=1)


def headers_of(verdict: Verdict, queue: str, at: str) -> dict[str, Any]:
    """What is written on a dead letter."""
    return {
        "dead-queue": queue,
        "dead-reason": str(verdict.reason),
        "dead-error": verdict.error,
        "dead-detail": verdict.detail,
        "dead-attempts": verdict.attempts,
        "dead-at": at,
    }


def _verdict(reason: Reason, trial: Trial, error: str, detail: str) -> Verdict:
    return Verdict(
        reason=reason, error=error, detail=detail[:DETAIL_LIMIT], attempts=trial.attempts
    )
