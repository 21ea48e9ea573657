"""Numbers that are down: what is told, to whom, and how often."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.outage import News, Outage, Told, follow
from helpdesk.domain.patience import Patience
from helpdesk.domain.session import Session, SessionState
from tests.support.builders import a_session
from tests.support.clock import NOON, after

GRACE = timedelta(minutes=2)
CHANNELS = ("webhook", "smtp")
UP = a_session(state=SessionState.CONNECTED)
DOWN = replace(UP, state=SessionState.DISCONNECTED, reason="network")
HOOK_DOWN = Told(channel="webhook", news=News.DOWN)
HOOK_BACK = Told(channel="webhook", news=News.BACK)
MAIL_DOWN = Told(channel="smtp", news=News.DOWN)


def turn(
    last: Outage | None, before: Session, now: Session, *, seconds: float = 0
) -> Outage | None:
    return follow(last, before=before, after=now, grace=GRACE, at=after(seconds=seconds))


def begun() -> Outage:
    outage = turn(None, UP, DOWN)
    assert outage
    return outage


def test_a_number_that_was_connected_and_is_not_is_down() -> None:
    outage = begun()
    assert (outage.since, outage.state, outage.reason) == (NOON, "disconnected", "network")
    assert outage.due_at == NOON + GRACE


def test_a_number_that_was_not_connected_cannot_go_down() -> None:
    assert turn(None, a_session(), DOWN) is None
    assert turn(begun(), DOWN, replace(DOWN, state=SessionState.QR)) is None
    assert turn(begun(), UP, DOWN) is None  # it is known to be down


def test_what_ends_within_the_grace_time_is_recorded_and_told_to_nobody() -> None:
    outage = turn(begun(), DOWN, UP, seconds=60)
    assert outage
    assert (outage.ended_at, outage.due_at) == (after(seconds=60), None)
    assert outage.missing(CHANNELS) == []
    assert turn(outage, DOWN, UP) is None


def test_each_channel_hears_once_that_it_is_down_and_once_that_it_is_back() -> None:
    outage = begun()
    assert outage.missing(CHANNELS) == [HOOK_DOWN, MAIL_DOWN]
    heard = outage.hear(HOOK_DOWN, channels=CHANNELS, at=NOON)
    assert heard.missing(CHANNELS) == [MAIL_DOWN]
    assert heard.due_at == NOON
    all_heard = heard.hear(MAIL_DOWN, channels=CHANNELS, at=NOON)
    assert (all_heard.missing(CHANNELS), all_heard.due_at) == ([], None)
    back = turn(heard, DOWN, UP, seconds=300)
    assert back
    assert back.due_at == after(seconds=300)
    assert back.missing(CHANNELS) == [HOOK_BACK]  # the other one never heard that it was down
    done = back.hear(HOOK_BACK, channels=CHANNELS, at=NOON)
    assert (done.missing(CHANNELS), done.due_at) == ([], None)


def test_a_number_that_is_down_again_before_anybody_heard_otherwise_is_the_same_outage() -> None:
    outage = begun().hear(HOOK_DOWN, channels=["webhook"], at=NOON)
    again = turn(outage.end(at=NOON), UP, DOWN, seconds=9)
    assert again
    assert (again.since, again.is_open, again.missing(["webhook"])) == (NOON, True, [])
    told = outage.end(at=NOON).hear(HOOK_BACK, channels=["webhook"], at=NOON)
    another = turn(told, UP, DOWN, seconds=9)
    assert another
    assert another.missing(["webhook"]) == [HOOK_DOWN]
    assert another.since == after(seconds=9)


def test_nobody_hears_of_a_number_that_was_removed() -> None:
    gone = replace(UP, retired=True, state=SessionState.STOPPED)
    assert turn(None, UP, gone) is None
    told = begun().hear(HOOK_DOWN, channels=["webhook"], at=NOON)
    dismissed = turn(told, DOWN, gone, seconds=5)
    assert dismissed
    assert (dismissed.due_at, dismissed.ended_at) == (None, after(seconds=5))


def test_a_channel_that_fails_is_tried_again_ever_more_rarely_until_it_is_old_news() -> None:
    patience = Patience(first=timedelta(seconds=10), longest=timedelta(seconds=30))
    outage, pauses = begun(), []
    for _ in range(4):
        outage = outage.fail(patience, at=NOON)
        assert outage.due_at
        pauses.append((outage.due_at - NOON).total_seconds())
    assert pauses == [10, 20, 30, 30]
    assert outage.fail(patience, at=after(hours=72)).due_at is None
    assert outage.hear(channels=CHANNELS, at=NOON).attempts == 4
    assert outage.hear(HOOK_DOWN, channels=CHANNELS, at=NOON).attempts == 0
