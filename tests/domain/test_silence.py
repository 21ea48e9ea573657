"""When silence ends an attendance, and when it is looked for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.attendance import Attendance, ClosedBy
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.sector import Sector, WhenClientWaits
from helpdesk.domain.silence import CLOSE_AFTER, Silence, Verdict
from tests.support.builders import PHONE, a_sector, an_attendance, fresh
from tests.support.clock import NOON

ANA = AttendantId(fresh())
WARNING = a_sector(when_client_waits=WhenClientWaits.WARN)
CLOSING = a_sector(when_client_waits=WhenClientWaits.CLOSE)
SPANS = st.integers(1, 7200).map(lambda seconds: timedelta(seconds=seconds))


def heard() -> Attendance:
    return an_attendance().state.hear(PHONE, at=NOON)


def answered() -> Attendance:
    return heard().answer(ANA, at=NOON).state


@given(SPANS, SPANS | st.none(), st.integers(0, 10**6))
def test_every_sector_is_looked_into_exactly_once_in_each_of_its_periods(
    default: timedelta, own: timedelta | None, period: int
) -> None:
    silence, sector = Silence(check_every=default), a_sector(check_every=own)
    tick = silence.tick.total_seconds()
    every = max((own or default).total_seconds(), tick)
    begin, end = period * every, (period + 1) * every
    ticks = (n * tick for n in range(int(begin // tick), int(end // tick) + 2))
    due = [
        it
        for it in ticks
        if begin <= it < end and silence.is_due(sector, tick_at=datetime.fromtimestamp(it, UTC))
    ]
    assert len(due) == 1


@given(SPANS)
def test_the_clock_ticks_at_least_once_a_minute_and_never_seldomer_than_it_looks(
    default: timedelta,
) -> None:
    assert Silence(check_every=default).tick == min(default, timedelta(minutes=1))


def test_a_sector_overrides_the_limit() -> None:
    assert Silence().limit(a_sector()) == CLOSE_AFTER
    assert Silence().limit(a_sector(close_after=timedelta(hours=1))) == timedelta(hours=1)


@pytest.mark.parametrize("sector", [WARNING, CLOSING])
def test_silence_closes_what_was_answered_at_the_limit_and_not_before(sector: Sector) -> None:
    silence, it = Silence(), answered()
    moment = timedelta(microseconds=1)
    assert silence.judge(it, sector, at=NOON + CLOSE_AFTER - moment) is Verdict.KEEP
    assert silence.judge(it, sector, at=NOON + CLOSE_AFTER) is Verdict.CLOSE


def test_a_client_who_waits_is_cut_off_or_managers_are_warned_once() -> None:
    silence, at = Silence(), NOON + CLOSE_AFTER
    assert silence.judge(heard(), CLOSING, at=at) is Verdict.CLOSE
    assert silence.judge(heard(), WARNING, at=at) is Verdict.WARN
    assert silence.judge(heard().neglect(at=at).state, WARNING, at=at) is Verdict.KEEP


def test_what_is_closed_stays_as_it_is() -> None:
    it = answered().close(ClosedBy.ATTENDANT, by=ANA, at=NOON).state
    assert Silence().judge(it, CLOSING, at=NOON + timedelta(days=9)) is Verdict.KEEP
