"""How far dashboards elsewhere were told, and what they may read: kept with everything else."""

from dataclasses import replace

from helpdesk.domain.attendant import Role
from helpdesk.domain.live import Grant, Rights
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import within


async def test_the_cursor_is_unknown_at_first_and_then_the_last_one(office: Office) -> None:
    assert await within(office.store, lambda it: it.projection.cursor()) is None
    for cursor in (7, 2**40, 9):
        async with office.store.transaction() as work:
            await work.projection.advance(cursor)
        assert await within(office.store, lambda it: it.projection.cursor()) == cursor


async def test_of_each_person_the_newest_grant_is_kept_whole(office: Office) -> None:
    store, ana, carla = office.store, Rights.of(office.ana), Rights.of(office.carla)
    await within(store, lambda it: it.projection.grant(ana, at=NOON))
    await within(store, lambda it: it.projection.grant(carla, at=after(minutes=1)))
    promoted = replace(ana, role=Role.MANAGER, sectors=())
    await within(store, lambda it: it.projection.grant(promoted, at=after(minutes=2)))
    grants = [Grant(rights=promoted, at=after(minutes=2)), Grant(rights=carla, at=after(minutes=1))]
    found = await within(store, lambda it: it.projection.grants())
    assert sorted(found, key=str) == sorted(grants, key=str)
    assert await within(store, lambda it: it.projection.grants(office.ana.id)) == grants[:1]
    assert await within(store, lambda it: it.projection.grants(office.bia.id)) == []


async def test_a_grant_is_withdrawn_unless_there_is_a_newer_one(office: Office) -> None:
    store, rights = office.store, Rights.of(office.ana)
    await within(store, lambda it: it.projection.grant(rights, at=NOON))
    older = (await within(store, lambda it: it.projection.grants()))[0]
    await within(store, lambda it: it.projection.grant(rights, at=after(seconds=1)))
    await within(store, lambda it: it.projection.withdraw(older))
    [newer] = await within(store, lambda it: it.projection.grants())
    assert newer == Grant(rights=rights, at=after(seconds=1))
    await within(store, lambda it: it.projection.withdraw(newer))
    assert await within(store, lambda it: it.projection.grants()) == []
