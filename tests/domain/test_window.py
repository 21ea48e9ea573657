"""The 24 hours in which a client may be answered freely, where the bridge has them."""

import pytest

from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.window import (
    WindowClosedError,
    must_be_open,
    surely_open,
    window_closes_at,
)
from tests.support.builders import PHONE, an_attendance, fresh
from tests.support.clock import NOON, after

OFFICIAL, FREE = Capabilities(window_24h=True), Capabilities()


def test_it_closes_a_day_after_the_client_wrote_not_after_we_stored_it() -> None:
    it = an_attendance().state.hear(PHONE, sent_at=after(hours=-2), at=NOON)
    assert window_closes_at(it, OFFICIAL) == after(hours=22)
    answered = it.answer(AttendantId(fresh()), at=after(hours=5)).state
    assert window_closes_at(answered, OFFICIAL) == after(hours=22)


def test_what_comes_late_or_from_a_clock_that_is_ahead_moves_it_no_further() -> None:
    it = an_attendance().state.hear(PHONE, sent_at=after(hours=9), at=NOON)
    it = it.hear(PHONE, sent_at=after(hours=-9), at=after(hours=1))
    assert window_closes_at(it, OFFICIAL) == after(hours=24)


def test_to_who_never_wrote_it_was_never_open() -> None:
    it = an_attendance(by=AttendantId(fresh())).state
    assert window_closes_at(it, OFFICIAL) == NOON
    assert not surely_open(it, at=NOON)
    with pytest.raises(WindowClosedError):
        must_be_open(it, OFFICIAL, at=NOON)


def test_other_bridges_have_none() -> None:
    it = an_attendance(by=AttendantId(fresh())).state
    assert window_closes_at(it, FREE) is None
    must_be_open(it, FREE, at=after(days=9))


def test_it_is_closed_from_the_very_moment() -> None:
    it = an_attendance().state.hear(PHONE, at=NOON)
    before, then = after(hours=24, microseconds=-1), after(hours=24)
    assert (surely_open(it, at=before), surely_open(it, at=then)) == (True, False)
    must_be_open(it, OFFICIAL, at=before)
    with pytest.raises(WindowClosedError):
        must_be_open(it, OFFICIAL, at=then)
