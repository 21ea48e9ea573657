"""A message that could not be handled and was put aside, so that its neighbours flow.

It is known by the queue and the id of what died, so that a letter that is told twice is one, and
what dies again after a replay is the same letter.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from helpdesk.domain.errors import ConflictError, NotFoundError
from helpdesk.domain.ids import DeadLetterId
from helpdesk.domain.journey import Trail

DETAIL_LIMIT: Final = 500  # characters of an error's text
_NAMESPACE: Final = UUID("6f1c9f5e-2f0b-5d43-9b7e-0d6b3a4f7c11")
_DIGITS: Final = re.compile(r"\d{3,}(?=\d{4})")  # a phone number, but for its last four


class DeadLetterNotFoundError(NotFoundError):
    """There is no such dead letter."""

    code = "dead_letter_not_found"


class UnreadableLetterError(ConflictError):
    """This release cannot read it: keep it for one that can, or discard it."""

    code = "dead_letter_unreadable"


class DeathReason(StrEnum):
    """Why a message was put aside."""

    REFUSED = "refused"  # trying again would not help
    EXHAUSTED = "exhausted"  # it broke its handler too often
    UNREADABLE = "unreadable"  # not written by us, or by a newer release
    LOST = "lost"  # its consumer died with it too often


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """`body` is kept byte for byte, whoever wrote it; `message_id` is empty when it has none."""

    queue: str
    key: str  # what it is in order with
    message_id: str
    type: str
    correlation: str
    body: bytes
    reason: DeathReason
    error: str  # a code, or the name of a bug's class
    detail: str
    attempts: int
    first_at: datetime  # of the first attempt
    last_at: datetime
    trail: Trail = ()
    deaths: int = 1
    replayed_at: datetime | None = None

    @property
    def id(self) -> DeadLetterId:
        name = self.message_id or hashlib.sha256(self.body).hexdigest()
        return DeadLetterId(uuid5(_NAMESPACE, f"{self.queue}\n{name}"))

    @property
    def envelope_id(self) -> UUID | None:
        """The id by which handlers know it; None when it has none that is ours."""
        try:
            return UUID(self.message_id)
        except ValueError:
            return None

    def after(self, before: "DeadLetter | None") -> "DeadLetter":
        """Bring what is kept up to date by this death; hearing of one twice changes nothing."""
        if before is None:
            return self
        if before.last_at >= self.last_at:
            return before
        return replace(
            self,
            attempts=before.attempts + self.attempts,
            deaths=before.deaths + 1,
            first_at=before.first_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSearch:
    """Which letters; empty means any.  `replayed`: those that were, instead of those that wait."""

    queue: str = ""
    type: str = ""
    reason: DeathReason | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many go out again, and how many still wait, such as those nobody can read."""

    replayed: int
    left: int


def masked(text: str) -> str:
    """Hide phone numbers but for their last digits, for lists."""
    return _DIGITS.sub("…", text)
