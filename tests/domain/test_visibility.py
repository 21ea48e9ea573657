"""Who sees an attendance, and who is told when that changes."""

from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.attendance import (
    Attendance,
    AttendanceEvent,
    AttendanceNeglected,
    AttendanceNotFoundError,
    ClosedBy,
)
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.change import Change
from helpdesk.domain.client import ClientChanged
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.visibility import Audience, audience_of, must_see, sees
from tests.support.builders import PHONE, a_client, an_attendance, an_attendant, fresh, received
from tests.support.clock import NOON

SALES, SUPPORT = SectorId(fresh()), SectorId(fresh())
SECTORS = [frozenset[SectorId](it) for n in range(3) for it in combinations([SALES, SUPPORT], n)]
VIEWERS = [
    an_attendant(role=role, sectors=sectors)
    for role, sectors, _ in product(Role, SECTORS, range(2))
]
WHO = st.sampled_from([it.id for it in VIEWERS])
WHERE = st.sampled_from([SALES, SUPPORT])


def waiting(sector: SectorId = SALES) -> Attendance:
    return an_attendance(sector=sector).state


def viewers_of(it: Attendance) -> set[AttendantId]:
    return {viewer.id for viewer in VIEWERS if sees(viewer, it)}


def told(audience: Audience) -> set[AttendantId]:
    return {viewer.id for viewer in VIEWERS if audience.includes(viewer)}


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda it: f"{it.role}-{len(it.sectors)}")
def test_each_role_sees_what_is_theirs(viewer: Attendant) -> None:
    in_sector = SALES in viewer.sectors
    own = waiting().take(viewer.id, at=NOON).state
    other = waiting().take(AttendantId(fresh()), at=NOON).state
    assert sees(viewer, own)
    assert sees(viewer, own.close(ClosedBy.ATTENDANT, by=viewer.id, at=NOON).state)
    assert sees(viewer, waiting()) == (in_sector or viewer.role is Role.ADMIN)
    manages = viewer.role is Role.MANAGER and in_sector
    assert sees(viewer, other) == (manages or viewer.role is Role.ADMIN)


def test_what_is_not_theirs_does_not_exist() -> None:
    must_see(an_attendant(sectors=[SALES]), waiting())
    with pytest.raises(AttendanceNotFoundError):
        must_see(an_attendant(sectors=[SUPPORT]), waiting())


@st.composite
def changes(draw: st.DrawFn) -> tuple[Attendance, Change[Attendance]]:
    """Draw an attendance somewhere in its life, and one step further."""
    before = waiting(draw(WHERE))
    for _ in range(draw(st.integers(0, 3))):
        before = draw_step(draw, before).state
    return before, draw_step(draw, before)


def draw_step(draw: st.DrawFn, it: Attendance) -> Change[Attendance]:
    who, to = draw(WHO), draw(WHO | st.none())
    steps = [
        lambda: it.take(who, force=True, at=NOON),
        lambda: it.transfer(sector=draw(WHERE), to=to, by=who, at=NOON),
        lambda: it.release(by=who, at=NOON),
        lambda: it.close(ClosedBy.SILENCE, by=None, at=NOON),
        lambda: it.answer(who, at=NOON),
        lambda: it.assign(who, by=None, at=NOON),
        lambda: received(it)[0],
        lambda: it.read(it.attendant_id or who, at=NOON),
    ]
    try:
        return draw(st.sampled_from(steps))()
    except ConflictError:
        return Change(it)


@given(changes())
def test_everybody_is_told_who_sees_it_afterwards_or_saw_it_before(
    step: tuple[Attendance, Change[Attendance]],
) -> None:
    before, change = step
    for event in change.events:
        assert isinstance(event, AttendanceEvent)
        assert told(audience_of(event)) >= viewers_of(event.attendance)
    if change.events:
        everybody = set(chain.from_iterable(told(audience_of(it)) for it in change.events))
        assert everybody == viewers_of(before) | viewers_of(change.state)


@given(changes())
def test_a_message_is_told_to_those_who_see_its_attendance(
    step: tuple[Attendance, Change[Attendance]],
) -> None:
    it = step[0]
    if it.is_open:
        heard, message = received(it)
        assert told(audience_of(message.events[0])) == viewers_of(heard.state)


def test_of_neglect_all_are_told_who_see_it() -> None:
    event = waiting().neglect(at=NOON).events[0]
    assert isinstance(event, AttendanceNeglected)
    audience = audience_of(event)
    assert audience.includes(an_attendant(sectors=[SALES]))
    assert audience.includes(an_attendant(role=Role.MANAGER, sectors=[SALES]))
    assert not audience.includes(an_attendant(role=Role.MANAGER, sectors=[SUPPORT]))


def test_what_is_about_no_attendance_is_for_everyone() -> None:
    event = a_client().events[0]
    assert isinstance(event, ClientChanged)
    assert audience_of(event).includes(an_attendant())


def test_nobody_but_admins_is_in_an_empty_audience() -> None:
    assert told(Audience()) == {it.id for it in VIEWERS if it.role is Role.ADMIN}


def test_a_state_says_nothing_of_who_wrote() -> None:
    it = waiting()
    assert viewers_of(it) == viewers_of(replace(it, unread=3).hear(PHONE, at=NOON))
