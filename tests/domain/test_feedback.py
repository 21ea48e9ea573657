"""One question, one answer, for a week."""

from datetime import timedelta
from hashlib import sha256

import pytest

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.feedback import (
    COMMENT_LIMIT,
    VALID_FOR,
    AttendanceRated,
    Feedback,
    FeedbackExpiredError,
    FeedbackUsedError,
)
from tests.support.builders import an_attendance
from tests.support.clock import NOON, after

ATTENDANCE = an_attendance().state
ASKED = Feedback.ask(ATTENDANCE.id, token="secret", at=NOON)


def test_the_token_is_kept_as_a_hash_only() -> None:
    assert ASKED.token_hash == sha256(b"secret").digest()
    assert "secret" not in repr(ASKED)


@pytest.mark.parametrize("score", range(1, 6))
def test_the_answer_is_taken_and_told(score: int) -> None:
    given = ASKED.give(score, "Obrigado", attendance=ATTENDANCE, at=after(hours=1))
    it = given.state
    assert (it.score, it.comment, it.given_at) == (score, "Obrigado", after(hours=1))
    rated = AttendanceRated(at=after(hours=1), attendance=ATTENDANCE, score=score)
    assert given.events == (rated,)


def test_it_is_given_once() -> None:
    given = ASKED.give(5, "", attendance=ATTENDANCE, at=NOON).state
    with pytest.raises(FeedbackUsedError):
        given.give(1, "", attendance=ATTENDANCE, at=NOON)


def test_a_used_link_says_so_even_after_it_expired() -> None:
    given = ASKED.give(5, "", attendance=ATTENDANCE, at=NOON).state
    with pytest.raises(FeedbackUsedError):
        given.must_be_open(at=NOON + VALID_FOR)


def test_the_link_is_valid_up_to_its_last_moment() -> None:
    ASKED.must_be_open(at=NOON + VALID_FOR - timedelta(microseconds=1))
    with pytest.raises(FeedbackExpiredError):
        ASKED.must_be_open(at=NOON + VALID_FOR)


@pytest.mark.parametrize(
    ("score", "comment", "field"),
    [
        (0, "", "score"),
        (6, "", "score"),
        (5, "a" * (COMMENT_LIMIT + 1), "comment"),
        (5, "\0", "comment"),
    ],
)
def test_an_answer_out_of_range_is_refused_by_name(score: int, comment: str, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        ASKED.give(score, comment, attendance=ATTENDANCE, at=NOON)
    assert refused.value.field == field
