"""What a browser may read elsewhere: what its person may see, and no longer than that."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendant import Role
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.live import RIGHTS_LAST, Rights, TooManySectorsError
from helpdesk.domain.usecases.grant_live import GrantLive
from tests.support.builders import a_sector
from tests.support.elsewhere import MemoryIdentity
from tests.support.team import Firm
from tests.support.waiting import within


@pytest.fixture
def identity() -> MemoryIdentity:
    return MemoryIdentity()


@pytest.fixture
def grant(firm: Firm, identity: MemoryIdentity) -> GrantLive:
    cases = firm.cases
    return GrantLive(store=firm.store, feed=cases.feed(), now=cases.now(), identity=identity)


async def test_a_token_says_what_its_person_may_read(
    firm: Firm, grant: GrantLive, identity: MemoryIdentity
) -> None:
    carla, sales = firm.office.carla, firm.office.sales.id
    it = await grant(by=carla)
    assert it.token == f"token of {carla.id}"
    assert it.feeds == ["everyone", f"attendant:{carla.id}", f"sector:{sales}", f"managers:{sales}"]
    assert it.cursor == await firm.cases.feed().head()
    [(rights, at)] = identity.signed
    assert rights == Rights.of(carla)
    assert it.expires_at == at + RIGHTS_LAST
    await grant.revoke()
    assert identity.revoked == []


async def test_rights_shrink_with_role_and_sectors_and_the_former_are_revoked_once(
    firm: Firm, grant: GrantLive, identity: MemoryIdentity
) -> None:
    office = firm.office
    for it in office.team:
        await grant(by=it)
    await office.keep(replace(office.carla, role=Role.ATTENDANT), replace(office.ana, name="Anna"))
    await office.keep(replace(office.bia, active=False))
    await grant.revoke()
    await grant.revoke()
    assert set(identity.revoked) == {office.carla.id, office.bia.id}
    assert len(identity.revoked) == 2
    again = await grant(by=office.carla)
    assert again.feeds == ["everyone", f"attendant:{office.carla.id}", f"sector:{office.sales.id}"]


async def test_other_rights_are_granted_when_the_former_are_revoked(
    firm: Firm, grant: GrantLive, identity: MemoryIdentity
) -> None:
    office = firm.office
    await grant(by=office.ana)
    moved = replace(office.ana, sectors=frozenset({office.support.id}))
    await office.keep(moved)
    identity.broken = True
    with pytest.raises(UnavailableError):
        await grant(by=office.ana)
    with pytest.raises(UnavailableError):
        await grant.revoke()
    identity.broken = False
    it = await grant(by=office.ana)  # who asks may have been read a moment ago
    assert identity.revoked == [office.ana.id]
    assert f"sector:{office.support.id}" in it.feeds
    assert f"sector:{office.sales.id}" not in it.feeds


async def test_one_that_cannot_be_revoked_keeps_nobody_elses_rights(
    firm: Firm, grant: GrantLive, identity: MemoryIdentity
) -> None:
    office = firm.office
    for it in (office.ana, office.bia):
        await grant(by=it)
        await office.keep(replace(it, active=False))
    identity.stuck.add(office.ana.id)
    with pytest.raises(UnavailableError):
        await grant.revoke()
    assert identity.revoked == [office.bia.id]
    [left] = await within(firm.store, lambda it: it.projection.grants())
    assert left.rights.attendant_id == office.ana.id


async def test_what_ran_out_long_ago_is_forgotten(
    firm: Firm, grant: GrantLive, identity: MemoryIdentity
) -> None:
    await grant(by=firm.office.ana)
    firm.now.advance(seconds=2 * RIGHTS_LAST.total_seconds())
    for left in (1, 0):
        await grant.revoke()
        assert len(await within(firm.store, lambda it: it.projection.grants())) == left
        firm.now.advance(seconds=1)
    assert identity.revoked == []


async def test_who_is_in_too_many_sectors_gets_none(firm: Firm, grant: GrantLive) -> None:
    sectors = [a_sector(f"Sector {n}") for n in range(30)]
    await firm.office.keep(*sectors)
    broad = replace(firm.office.ana, sectors=frozenset(it.id for it in sectors))
    await firm.office.keep(broad)
    with pytest.raises(TooManySectorsError):
        await grant(by=broad)
