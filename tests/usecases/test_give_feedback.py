"""The client's answer: once, in time, and never lost."""

import pytest

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.feedback import (
    AttendanceRated,
    FeedbackExpiredError,
    FeedbackUnknownError,
    FeedbackUsedError,
)
from helpdesk.domain.message import Delivery, NotRetryableError, ReplyQueued
from tests.support.team import LINK, Firm
from tests.support.waiting import race


async def asked(firm: Firm) -> str:
    """Close an attendance and return the token in the client's link."""
    it = await firm.held(firm.office.ana)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    return (await firm.told(ReplyQueued))[-1].content.text.partition(LINK)[2]


async def test_a_client_gives_a_score_and_a_comment(firm: Firm) -> None:
    token = await asked(firm)
    assert (await firm.cases.give_feedback().form(token)).score is None
    given = await firm.cases.give_feedback()(token, score=5, comment="Ótimo")
    assert (given.score, given.comment, given.given_at) == (5, "Ótimo", firm.now())
    [rated] = await firm.told(AttendanceRated)
    assert rated.score == 5
    shown = await firm.cases.read_board().attendance(rated.attendance.id, by=firm.office.ana)
    assert shown.rating
    assert shown.rating.comment == "Ótimo"


async def test_looking_at_the_form_changes_nothing(firm: Firm) -> None:
    token = await asked(firm)
    await firm.settle()
    forms = [await firm.cases.give_feedback().form(token) for _ in range(3)]
    assert forms[0] == forms[2]
    assert await firm.told(AttendanceRated) == []


async def test_feedback_is_given_once(firm: Firm) -> None:
    token = await asked(firm)
    give = firm.cases.give_feedback()
    outcomes = await race(*(give(token, score=n) for n in (1, 2, 3)))
    assert [isinstance(it, FeedbackUsedError) for it in outcomes] == [False, True, True]
    with pytest.raises(FeedbackUsedError):
        await give.form(token)
    assert [it.score for it in await firm.told(AttendanceRated)] == [1]


async def test_a_link_expires_after_a_week(firm: Firm) -> None:
    token, give = await asked(firm), firm.cases.give_feedback()
    firm.later(days=7, seconds=-1)
    await give.form(token)
    firm.later(seconds=1)
    with pytest.raises(FeedbackExpiredError):
        await give.form(token)
    with pytest.raises(FeedbackExpiredError):
        await give(token, score=5)


async def test_a_link_that_nobody_got_is_unknown(firm: Firm) -> None:
    with pytest.raises(FeedbackUnknownError):
        await firm.cases.give_feedback().form("guess")
    with pytest.raises(FeedbackUnknownError):
        await firm.cases.give_feedback()("guess", score=5)


@pytest.mark.parametrize(("score", "comment"), [(0, ""), (6, ""), (3, "x" * 1001)])
async def test_an_impossible_answer_leaves_the_form_open(
    firm: Firm, score: int, comment: str
) -> None:
    token, give = await asked(firm), firm.cases.give_feedback()
    with pytest.raises(InvalidError):
        await give(token, score=score, comment=comment)
    assert (await give(token, score=3)).score == 3


async def fail(firm: Firm) -> ReplyQueued:
    """Let the newest message to the client fail."""
    sent = (await firm.told(ReplyQueued))[-1]
    message = await firm.message(sent.message_id)
    it = await firm.attendance(sent.attendance_id)
    await firm.office.save(message.track(Delivery.UNKNOWN, attendance=it, at=firm.now()))
    return sent


async def test_asking_again_mints_another_link_and_the_former_ends(firm: Firm) -> None:
    former, give = await asked(firm), firm.cases.give_feedback()
    sent = await fail(firm)
    await firm.cases.retry_message()(sent.message_id, by=firm.office.ana)
    again = (await firm.told(ReplyQueued))[-1]
    token = again.content.text.partition(LINK)[2]
    assert (again.message_id, again.attempt) == (sent.message_id, 2)
    assert token not in {"", former}
    with pytest.raises(FeedbackUnknownError):
        await give.form(former)
    assert (await give(token, score=4)).score == 4


async def test_what_was_given_is_kept_and_not_asked_for_again(firm: Firm) -> None:
    token = await asked(firm)
    sent = await fail(firm)  # as far as we know; the client got it all the same
    given = await firm.cases.give_feedback()(token, score=5)
    with pytest.raises(NotRetryableError):
        await firm.cases.retry_message()(sent.message_id, by=firm.office.ana)
    async with firm.store.transaction() as work:
        assert await work.feedbacks.of(sent.attendance_id) == given
