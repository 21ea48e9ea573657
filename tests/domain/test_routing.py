"""Who gets the next attendance."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.ids import AttendantId
from helpdesk.domain.routing import Candidate, choose
from helpdesk.domain.sector import Policy
from tests.support.builders import fresh
from tests.support.clock import NOON, after


def a_candidate(
    *, online: bool = True, active: int = 0, capacity: int = 10, last: datetime = NOON
) -> Candidate:
    return Candidate(
        id=AttendantId(fresh()),
        online=online,
        active=active,
        capacity=capacity,
        last_assigned_at=last,
    )


CANDIDATES = st.lists(
    st.builds(
        a_candidate,
        online=st.booleans(),
        active=st.integers(0, 4),
        capacity=st.integers(0, 4),
        last=st.integers(0, 3).map(lambda minutes: after(minutes=minutes)),
    ),
    max_size=6,
)


@given(CANDIDATES)
def test_a_manual_sector_waits(candidates: list[Candidate]) -> None:
    assert choose(Policy.MANUAL, candidates) is None


@given(CANDIDATES)
def test_only_who_is_online_with_room_is_chosen_and_nobody_free_is_passed_over(
    candidates: list[Candidate],
) -> None:
    chosen = choose(Policy.LEAST_BUSY, candidates)
    free = {it.id: it for it in candidates if it.online and it.active < it.capacity}
    assert (chosen is None) == (not free)
    if chosen is not None:
        busy = free[chosen].active / free[chosen].capacity
        assert all(busy <= it.active / it.capacity for it in free.values())


@given(CANDIDATES)
def test_the_choice_does_not_depend_on_the_order(candidates: list[Candidate]) -> None:
    assert choose(Policy.LEAST_BUSY, candidates) == choose(Policy.LEAST_BUSY, candidates[::-1])


def test_of_two_equally_busy_the_longer_unassigned_is_chosen() -> None:
    early, late = a_candidate(last=NOON), a_candidate(last=after(minutes=1))
    assert choose(Policy.LEAST_BUSY, [late, early]) == early.id


def test_busy_is_measured_by_capacity() -> None:
    half, third = a_candidate(active=1, capacity=2), a_candidate(active=2, capacity=6)
    assert choose(Policy.LEAST_BUSY, [half, third]) == third.id
