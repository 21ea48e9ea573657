"""What a client thinks of a closed attendance: asked once, answered once.

The link's token is a secret of 128 bits; only its hash is stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from helpdesk.domain.attendance import Attendance, AttendanceEvent
from helpdesk.domain.change import Change
from helpdesk.domain.errors import ConflictError, InvalidError, NotFoundError
from helpdesk.domain.ids import AttendanceId

VALID_FOR: Final = timedelta(days=7)
COMMENT_LIMIT: Final = 1000
SCORES: Final = range(1, 6)
LINK: Final = "{link}"


class FeedbackUnknownError(NotFoundError):
    """This link belongs to no attendance."""

    code = "feedback_unknown"


class FeedbackExpiredError(NotFoundError):
    """This link has expired."""

    code = "feedback_expired"


class FeedbackUsedError(ConflictError):
    """Feedback was given already. Thank you."""

    code = "feedback_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRated(AttendanceEvent):
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One per attendance; a new link replaces the former."""

    attendance_id: AttendanceId
    token_hash: bytes  # SHA-256 of the token
    expires_at: datetime
    score: int | None = None
    comment: str = ""
    given_at: datetime | None = None

    @classmethod
    def ask(cls, attendance: AttendanceId, *, token: str, at: datetime) -> "Feedback":
        """Open a form that `token` leads to."""
        return cls(attendance_id=attendance, token_hash=digest(token), expires_at=at + VALID_FOR)

    def must_be_open(self, *, at: datetime) -> None:
        """Refuse a form that was used or is too old.

        Raises:
            FeedbackUsedError, FeedbackExpiredError.
        """
        if self.given_at is not None:
            raise FeedbackUsedError
        if at >= self.expires_at:
            raise FeedbackExpiredError

    def give(
        self, score: int, comment: str, *, attendance: Attendance, at: datetime
    ) -> "Change[Feedback]":
        """Take the client's answer.

        Raises:
            FeedbackUsedError, FeedbackExpiredError.
            InvalidError: a score outside 1 to 5, or a comment over 1000 characters.
        """
        self.must_be_open(at=at)
        if score not in SCORES:
            raise InvalidError("Give a score from 1 to 5.", field="score")
        if len(comment) > COMMENT_LIMIT or "\0" in comment:
            raise InvalidError(
                f"A comment has at most {COMMENT_LIMIT} characters, no NUL.", field="comment"
            )
        state = replace(self, score=score, comment=comment, given_at=at)
        return Change(state, (AttendanceRated(at=at, attendance=attendance, score=score),))


def digest(token: str) -> bytes:
    """Hash a token for storage and look-up."""
    return sha256(token.encode()).digest()
