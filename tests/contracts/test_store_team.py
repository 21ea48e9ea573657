"""Sectors, attendants, routing, presence and sessions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.domain.attendant import Attendant, AttendantNotFoundError, EmailTakenError, Role
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.file import Blob, StoredBlob
from helpdesk.domain.ids import AttendantId, SectorId, SessionId
from helpdesk.domain.routing import Candidate
from helpdesk.domain.sector import Policy, SectorNotFoundError, WhenClientWaits
from helpdesk.domain.session import Qr, SessionNotFoundError, SessionState
from helpdesk.domain.usecases.routing import RouteWaiting
from tests.support.builders import a_sector, a_session, an_attendant, fresh
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import race, soon, waiting, within

EPOCH = datetime.fromtimestamp(0, UTC)


async def candidates(office: Office) -> dict[AttendantId, Candidate]:
    async with office.store.transaction() as work:
        found = await work.team.candidates(office.sales.id, online_since=NOON)
    return {it.id: it for it in found}


async def beat(office: Office, who: Attendant, connection: str = "1", at: datetime = NOON) -> bool:
    async with office.store.transaction() as work:
        return await work.presence.beat(who.id, connection, at=at)


async def test_every_property_is_kept(office: Office) -> None:
    attendant = replace(
        office.ana,
        name="Ana 'Lima'",
        role=Role.MANAGER,
        sectors=frozenset({office.sales.id, office.support.id}),
        capacity=0,
        active=False,
        away=True,
    )
    sector = replace(
        office.support,
        name="Ação",
        policy=Policy.LEAST_BUSY,
        close_after=timedelta(seconds=90),
        check_every=timedelta(days=30),
        when_client_waits=WhenClientWaits.WARN,
        ask_feedback=False,
    )
    await office.keep(attendant, sector)
    async with office.store.transaction() as work:
        assert await work.team.attendant(attendant.id) == attendant
        assert await work.team.sector(sector.id) == sector


async def test_strangers_are_not_found(office: Office) -> None:
    async with office.store.transaction() as work:
        with pytest.raises(AttendantNotFoundError):
            await work.team.attendant(AttendantId(fresh()))
        with pytest.raises(SectorNotFoundError):
            await work.team.sector(SectorId(fresh()))
        with pytest.raises(SessionNotFoundError):
            await work.sessions.load(SessionId(fresh()))


async def test_who_and_what_is_loaded_is_held(office: Office) -> None:
    async with office.store.transaction() as work:
        await work.team.attendant(office.ana.id)
        await work.team.sector(office.sales.id)
        rivals = [
            await waiting(within(office.store, lambda w: w.team.attendant(office.ana.id))),
            await waiting(within(office.store, lambda w: w.team.sector(office.sales.id))),
            await waiting(within(office.store, lambda w: w.team.attendants())),
        ]
    for it in rivals:
        await soon(it)


async def test_lists_come_in_their_order(office: Office) -> None:
    await office.keep(a_sector("Änderung"), a_sector("Zoll"))
    async with office.store.transaction() as work:
        assert await work.team.attendants() == office.team
        names = [it.name for it in await work.team.sectors()]
    assert names[0] == office.sales.name
    assert sorted(names) == ["Help", "Sales", "Zoll", "Änderung"]


async def test_colleagues_are_found_without_being_held(office: Office) -> None:
    wanted = [office.bia.id, AttendantId(fresh()), office.ana.id]
    async with office.store.transaction() as work:
        await work.team.attendants()
        found = await soon(within(office.store, lambda w: w.team.colleagues(wanted)))
    assert sorted(it.id for it in found) == [office.ana.id, office.bia.id]


async def test_an_address_is_one_attendant_s_whatever_races(office: Office) -> None:
    rivals = [an_attendant(f"{n}", email="new@example.com") for n in range(4)]
    ended = await race(*(office.keep(it) for it in rivals))
    assert [type(it) for it in ended if it is not None] == [EmailTakenError] * 3
    with pytest.raises(EmailTakenError):
        await office.keep(replace(office.bia, email=office.ana.email))
    await office.keep(replace(office.ana, name="Ana again"))


async def test_one_sector_is_the_default(office: Office) -> None:
    with pytest.raises(ConflictError):
        await office.keep(replace(office.support, is_default=True))
    former, new = replace(office.sales, is_default=False), replace(office.support, is_default=True)
    await office.keep(former)
    await office.keep(new)
    async with office.store.transaction() as work:
        assert await work.team.sectors() == [new, former]


async def test_candidates_are_the_active_members_of_the_sector(office: Office) -> None:
    gone = an_attendant("Eva", sectors=[office.sales.id], active=False)
    await office.keep(gone)
    found = await candidates(office)
    assert set(found) == {office.ana.id, office.carla.id}
    never = Candidate(id=office.ana.id, online=False, active=0, capacity=10, last_assigned_at=EPOCH)
    assert found[office.ana.id] == never


async def test_a_candidate_is_online_when_seen_lately_and_not_away(office: Office) -> None:
    async def online() -> bool:
        return (await candidates(office))[office.ana.id].online

    await beat(office, office.ana, at=NOON)
    assert not await online()  # seen at, not after
    await beat(office, office.ana, at=after(seconds=1))
    assert await online()
    await office.keep(replace(office.ana, away=True))
    assert not await online()


async def test_a_candidate_s_work_is_counted_where_it_is_done(office: Office) -> None:
    taken = (await office.attend()).assign(office.ana.id, by=None, at=after(minutes=1))
    await office.save(taken)
    await office.save(
        (await office.attend(sector=office.support)).take(office.ana.id, at=after(minutes=5))
    )
    await office.attend()
    found = (await candidates(office))[office.ana.id]
    assert (found.active, found.last_assigned_at) == (2, after(minutes=5))
    await office.close(taken.state)
    found = (await candidates(office))[office.ana.id]
    assert (found.active, found.last_assigned_at) == (1, after(minutes=5))


async def test_what_a_unit_of_work_assigned_counts_within_it(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        await work.save(it.assign(office.ana.id, by=None, at=after(minutes=1)))
        found = await work.team.candidates(office.sales.id, online_since=NOON)
    (ana,) = [it for it in found if it.id == office.ana.id]
    assert (ana.active, ana.last_assigned_at) == (1, after(minutes=1))


async def test_routing_of_a_sector_is_done_by_one_at_a_time(office: Office) -> None:
    async with office.store.transaction() as work:
        await work.team.candidates(office.sales.id, online_since=NOON)
        second = await waiting(candidates(office))
        other = within(
            office.store, lambda w: w.team.candidates(office.support.id, online_since=NOON)
        )
        assert [it.id for it in await soon(other)] == [office.bia.id]
    await soon(second)


async def test_who_is_in_two_sectors_is_routed_to_by_one_at_a_time(office: Office) -> None:
    await office.keep(replace(office.ana, sectors=frozenset({office.sales.id, office.support.id})))
    async with office.store.transaction() as work:
        await work.team.candidates(office.sales.id, online_since=NOON)
        other = await waiting(
            within(office.store, lambda w: w.team.candidates(office.support.id, online_since=NOON))
        )
    assert {it.id for it in await soon(other)} == {office.ana.id, office.bia.id}


async def test_sectors_that_route_at_once_fill_nobody_beyond_their_room(office: Office) -> None:
    sectors = [replace(it, policy=Policy.LEAST_BUSY) for it in (office.sales, office.support)]
    both = frozenset(it.id for it in sectors)
    ana = replace(office.ana, sectors=both, capacity=3)
    await office.keep(*sectors, ana)
    await beat(office, ana, at=after(seconds=1))
    for _ in range(3):
        for sector in sectors:
            await office.attend(sector=sector)
    routing = RouteWaiting(store=office.store, now=lambda: after(seconds=2), batch=1)
    assert sum(await race(*(routing(it.id) for it in sectors))) == ana.capacity
    assert (await candidates(office))[ana.id].active == ana.capacity


async def test_the_first_dashboard_brings_online_and_the_last_one_takes_it_back(
    office: Office,
) -> None:
    assert await beat(office, office.ana, "1")
    assert not await beat(office, office.ana, "1", after(seconds=1))
    assert not await beat(office, office.ana, "2")
    assert await beat(office, office.bia, "3")
    async with office.store.transaction() as work:
        assert not await work.presence.leave(office.ana.id, "1")
        assert not await work.presence.leave(office.ana.id, "unknown")
        assert await work.presence.leave(office.ana.id, "2")
        assert not await work.presence.leave(office.ana.id, "2")
    assert await beat(office, office.ana, "1")


async def test_of_dashboards_that_come_at_once_one_is_the_first(office: Office) -> None:
    first = await race(*(beat(office, office.ana, f"{n}") for n in range(8)))
    assert sorted(first) == [False] * 7 + [True]


async def test_dashboards_that_fell_silent_are_forgotten(office: Office) -> None:
    await beat(office, office.ana, "old", NOON)
    await beat(office, office.ana, "new", after(minutes=2))
    await beat(office, office.bia, "old", NOON)
    async with office.store.transaction() as work:
        assert await work.presence.expire(before=after(minutes=1)) == [office.bia.id]
        assert await work.presence.expire(before=after(minutes=1)) == []
    assert await beat(office, office.bia, "again")
    async with office.store.transaction() as work:
        assert await work.presence.leave(office.ana.id, "new")


async def test_who_was_seen_lately_is_online(office: Office) -> None:
    await beat(office, office.ana, at=after(seconds=1))
    async with office.store.transaction() as work:
        assert await work.presence.is_online(office.ana.id, since=NOON)
        assert not await work.presence.is_online(office.ana.id, since=after(seconds=1))
        assert not await work.presence.is_online(office.bia.id, since=NOON)


async def test_sessions_are_kept_with_every_property_and_held(office: Office) -> None:
    second = a_session(
        "Second",
        state=SessionState.QR,
        since=after(seconds=1),
        reason="'why'",
        phone="+5511900000000",
        last_seen_at=after(seconds=2),
        qr=Qr(
            text="",
            attempt=3,
            expires_at=after(seconds=3),
            image=StoredBlob(blob=Blob(sha256="ab" * 32, size=500), put_at=after(seconds=2)),
        ),
    )
    await office.keep(second)
    async with office.store.transaction() as work:
        assert await work.chores.in_use(["ab" * 32, "cd" * 32]) == {"ab" * 32}
        assert await work.sessions.load(second.id) == second
        assert await soon(within(office.store, lambda w: w.sessions.all())) == [
            office.session,
            second,
        ]
        rival = await waiting(within(office.store, lambda w: w.sessions.load(second.id)))
    await soon(rival)
