"""People of the team: what they may be, and what is told when they change."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendant import (
    CAPACITY_LIMIT,
    NAME_LIMIT,
    PresenceChanged,
    Role,
    RoleRequiredError,
    engage,
)
from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.sector import TeamChanged
from tests.support.builders import an_attendant, fresh
from tests.support.clock import NOON


def test_a_new_attendant_is_told_to_the_team_with_a_tidy_name_and_address() -> None:
    hired = engage(an_attendant("  Ana\t Lima ", email=" Ana@Example.COM "), at=NOON)
    assert (hired.state.name, hired.state.email) == ("Ana Lima", "ana@example.com")
    assert hired.events == (TeamChanged(at=NOON),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \0 "),
        ("name", "a" * (NAME_LIMIT + 1)),
        ("email", "ana"),
        ("email", "ana@a@b"),
        ("email", "a na@example.com"),
        ("capacity", -1),
        ("capacity", CAPACITY_LIMIT + 1),
    ],
)
def test_a_property_out_of_its_range_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidError) as refused:
        engage(replace(an_attendant(), **{field: value}), at=NOON)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_revising_keeps_the_id_and_tells_the_team() -> None:
    ana = an_attendant("Ana")
    revised = ana.revise(replace(ana, id=AttendantId(fresh()), name="Ana Lima"), at=NOON)
    assert revised.state == replace(ana, name="Ana Lima")
    assert revised.events == (TeamChanged(at=NOON),)


def test_revising_nothing_tells_nobody() -> None:
    ana = an_attendant("Ana")
    assert ana.revise(ana, at=NOON) == Change(ana)


def test_stepping_away_is_told_once() -> None:
    ana = an_attendant()
    gone = ana.step_away(True, online=True, at=NOON)
    told = PresenceChanged(at=NOON, attendant_id=ana.id, online=True, away=True)
    assert gone.events == (told,)
    assert gone.state.step_away(True, online=True, at=NOON) == Change(gone.state)


def test_what_needs_another_role_is_refused_with_that_role() -> None:
    an_attendant(role=Role.MANAGER).must_be(Role.ADMIN, Role.MANAGER)
    with pytest.raises(RoleRequiredError, match="admin or manager"):
        an_attendant().must_be(Role.ADMIN, Role.MANAGER)
