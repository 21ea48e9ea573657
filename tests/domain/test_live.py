"""Where events are written, and who reads there."""

from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.attendant import Role
from helpdesk.domain.ids import SectorId
from helpdesk.domain.live import EVERYONE, SECTORS, Rights, TooManySectorsError, feeds_of
from helpdesk.domain.visibility import Audience
from tests.support.builders import an_attendant, fresh
from tests.support.clock import NOON

PLACES = [SectorId(fresh()) for _ in range(3)]
SOME = [frozenset(it) for n in range(3) for it in combinations(PLACES, n)]
PEOPLE = [an_attendant(role=role, sectors=sectors) for role, sectors in product(Role, SOME)]
AUDIENCES = st.builds(
    Audience,
    everyone=st.booleans(),
    attendants=st.frozensets(st.sampled_from([it.id for it in PEOPLE]), max_size=3),
    managers_of=st.frozensets(st.sampled_from(PLACES), max_size=2),
    members_of=st.frozensets(st.sampled_from(PLACES), max_size=2),
)


@given(AUDIENCES)
def test_an_event_is_in_a_feed_of_exactly_those_who_may_see_it(audience: Audience) -> None:
    written = set(feeds_of(audience))
    for person in PEOPLE:
        reads = not written.isdisjoint(Rights.of(person).feeds)
        assert reads == audience.includes(person)


def test_what_concerns_everybody_is_written_once() -> None:
    person = PEOPLE[0].id
    assert feeds_of(Audience(everyone=True, attendants=frozenset({person}))) == [EVERYONE]


def test_rights_are_the_same_until_role_or_sectors_change() -> None:
    person = an_attendant(role=Role.MANAGER, sectors=PLACES)
    renamed = replace(person, name="Somebody", capacity=1, away=True)
    assert Rights.of(renamed) == Rights.of(person)
    for changed in (replace(person, role=Role.ATTENDANT), replace(person, sectors=SOME[1])):
        assert Rights.of(changed) != Rights.of(person)
        assert set(Rights.of(changed).feeds) < set(Rights.of(person).feeds)


def test_claims_hold_no_more_than_a_token_can() -> None:
    many = [SectorId(fresh()) for _ in range(SECTORS + 1)]
    fitting = Rights.of(an_attendant(role=Role.MANAGER, sectors=many[1:])).claims(at=NOON)
    assert len(str(fitting)) < 1050
    assert fitting["minted"] == int(NOON.timestamp())
    with pytest.raises(TooManySectorsError):
        Rights.of(an_attendant(sectors=many)).claims(at=NOON)
    assert Rights.of(an_attendant(role=Role.ADMIN, sectors=many)).claims(at=NOON)["sectors"] == []
