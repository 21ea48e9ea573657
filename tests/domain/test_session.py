"""A number of ours follows its bridge."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.session import (
    LogoutRequested,
    Qr,
    QrIssued,
    Session,
    SessionChanged,
    SessionState,
)
from tests.support.builders import a_session
from tests.support.clock import NOON, after

QR = Qr(text="2@abc", attempt=1, expires_at=after(seconds=20))
STATES = st.sampled_from(SessionState)


def connected() -> Session:
    return a_session().become(SessionState.CONNECTED, phone="+5511900000000", at=NOON).state


def test_a_new_state_is_told_with_its_reason() -> None:
    change = connected().become(SessionState.DISCONNECTED, reason="no network", at=after(minutes=1))
    it = change.state
    told = SessionChanged(
        at=after(minutes=1),
        session_id=it.id,
        state=SessionState.DISCONNECTED,
        reason="no network",
        since=after(minutes=1),
    )
    assert change.events == (told,)
    assert (it.since, it.last_seen_at) == (after(minutes=1), after(minutes=1))


def test_the_same_state_again_is_no_news_but_was_seen() -> None:
    change = connected().become(SessionState.CONNECTED, at=after(minutes=1))
    assert change.events == ()
    assert (change.state.since, change.state.last_seen_at) == (NOON, after(minutes=1))


def test_a_new_reason_or_phone_is_news_of_the_same_state() -> None:
    changes: list[dict[str, Any]] = [
        {"reason": "slow"},
        {"phone": "+5511900000001"},
        {"until": after(hours=1)},
    ]
    for news in changes:
        change = connected().become(SessionState.CONNECTED, at=after(minutes=1), **news)
        assert len(change.events) == 1
        assert change.state.since == NOON


def test_the_phone_is_kept_until_it_is_unlinked() -> None:
    lost = connected().become(SessionState.DISCONNECTED, at=NOON).state
    assert lost.phone == "+5511900000000"
    assert lost.become(SessionState.LOGGED_OUT, at=NOON).state.phone is None


def test_a_code_to_scan_is_told_without_its_text() -> None:
    change = a_session().issue(QR, at=NOON)
    assert change.state.state is SessionState.QR
    assert change.state.qr == QR
    assert [type(it) for it in change.events] == [SessionChanged, QrIssued]
    assert QR.text not in repr(change.events)


def test_a_new_code_replaces_the_former() -> None:
    second = replace(QR, text="2@def", attempt=2)
    change = a_session().issue(QR, at=NOON).state.issue(second, at=after(seconds=20))
    assert change.state.qr == second
    assert [type(it) for it in change.events] == [QrIssued]


@given(st.lists(st.tuples(STATES, st.booleans()), max_size=8))
def test_a_code_exists_only_while_it_may_be_scanned(steps: list[tuple[SessionState, bool]]) -> None:
    it = a_session()
    for state, issues in steps:
        it = (it.issue(QR, at=NOON) if issues else it.become(state, at=NOON)).state
        assert it.qr is None or it.state is SessionState.QR


def test_logging_out_is_asked_of_the_bot_and_changes_nothing_yet() -> None:
    it = connected()
    change = it.log_out(at=NOON)
    assert change.state == it
    assert change.events == (LogoutRequested(at=NOON, session_id=it.id),)
