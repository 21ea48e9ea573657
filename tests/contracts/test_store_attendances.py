"""Attendances: held one by one, at most one open for a client and a session."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.attendance import (
    Attendance,
    AttendanceNotFoundError,
    AttendanceOpenError,
    ClosedBy,
    Party,
    Status,
)
from helpdesk.domain.ids import AttendanceId
from helpdesk.ports.store import UnitOfWork
from tests.support.builders import a_session, an_attendance, fresh, lid, phone
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import race, soon, waiting, within

Query = Callable[[UnitOfWork], Awaitable[list[Attendance]]]


def waiting_in_sales(office: Office, limit: int = 10) -> Query:
    return lambda work: work.attendances.waiting_in(office.sales.id, limit)


def silent_in_sales(office: Office, *, limit: int = 10, skip_neglected: bool = True) -> Query:
    return lambda work: work.attendances.silent_in(
        office.sales.id, since=after(hours=1), skip_neglected=skip_neglected, limit=limit
    )


async def test_every_property_is_kept(office: Office) -> None:
    full = Attendance(
        id=AttendanceId(fresh()),
        client_id=(await office.meet()).id,
        session_id=office.session.id,
        sector_id=office.support.id,
        address=lid(1),
        status=Status.CLOSED,
        opened_by=Party.ATTENDANT,
        opened_at=after(microseconds=1),
        last_message_at=after(seconds=2),
        last_message_from=Party.CLIENT,
        heard_at=after(seconds=-9),
        last_position=7,
        unread=3,
        waiting_since=after(seconds=3),
        neglected=True,
        attendant_id=office.bia.id,
        closed_at=after(seconds=4),
        closed_by=ClosedBy.MERGE,
    )
    await office.keep(full)
    async with office.store.transaction() as work:
        assert await work.attendances.load(full.id) == full
        assert await work.attendances.find(full.id) == full


async def test_an_unknown_attendance_is_not_found(office: Office) -> None:
    unknown = AttendanceId(fresh())
    async with office.store.transaction() as work:
        with pytest.raises(AttendanceNotFoundError):
            await work.attendances.load(unknown)
        with pytest.raises(AttendanceNotFoundError):
            await work.attendances.find(unknown)


async def test_a_look_does_not_wait_for_who_holds_it(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        await work.save((await work.attendances.load(it.id)).take(office.ana.id, at=NOON))
        found = within(office.store, lambda rival: rival.attendances.find(it.id))
        assert await soon(found) == it


async def test_a_client_has_one_open_attendance_whatever_races(office: Office) -> None:
    client = await office.meet()
    rivals = [
        an_attendance(client, session=office.session.id, sector=office.sales.id) for _ in range(8)
    ]
    ended = await race(*(office.save(it) for it in rivals))
    assert [type(it) for it in ended if it is not None] == [AttendanceOpenError] * 7
    async with office.store.transaction() as work:
        (it,) = await work.attendances.open_of(client.id)
    assert it == rivals[ended.index(None)].state


async def test_another_session_and_a_closed_one_are_no_obstacle(office: Office) -> None:
    client, other = await office.meet(), a_session("Other")
    await office.keep(other)
    await office.close(await office.attend(client))
    here = await office.attend(client)
    there = await office.attend(client, session=other)
    async with office.store.transaction() as work:
        both = await work.attendances.open_of(client.id)
        assert {it.id for it in both} == {here.id, there.id}
        assert await work.attendances.open_of(client.id, other.id) == [there]


async def test_moving_to_who_has_an_open_attendance_is_refused(office: Office) -> None:
    one, two = await office.attend(), await office.attend()
    with pytest.raises(AttendanceOpenError):
        await within(office.store, lambda work: work.clients.move(one.client_id, two.client_id))


async def test_open_attendances_are_held(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        await work.attendances.open_of(it.client_id)
        second = await waiting(within(office.store, lambda w: w.attendances.load(it.id)))
    assert await soon(second) == it


async def test_what_was_closed_while_one_waited_is_not_open(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        held = await work.attendances.load(it.id)
        second = await waiting(
            within(office.store, lambda rival: rival.attendances.open_of(it.client_id))
        )
        await work.save(held.close(ClosedBy.SILENCE, by=None, at=NOON))
    assert await soon(second) == []


async def test_the_longest_waiting_come_first(office: Office) -> None:
    late, early, middle = [
        (await office.hear(await office.attend(), at=after(minutes=minute)))[0]
        for minute in (3, 1, 2)
    ]
    await office.attend(by=office.ana)  # nobody waits here, nor in the other sector
    await office.attend(sector=office.support)
    assert await within(office.store, waiting_in_sales(office)) == [early, middle, late]
    assert await within(office.store, waiting_in_sales(office, limit=2)) == [early, middle]


async def test_who_answers_at_once_skips_what_a_colleague_holds(office: Office) -> None:
    early, late = [
        (await office.hear(await office.attend(), at=after(minutes=minute)))[0] for minute in (1, 2)
    ]
    async with office.store.transaction() as work:
        assert await waiting_in_sales(office, limit=1)(work) == [early]
        assert await soon(within(office.store, waiting_in_sales(office, limit=1))) == [late]
        second = await waiting(within(office.store, lambda w: w.attendances.load(early.id)))
    await soon(second)


async def test_the_quietest_come_first_up_to_the_moment_that_was_asked_for(
    office: Office,
) -> None:
    begun = {hours: await office.attend(at=after(hours=hours)) for hours in (1, -1, 0, 2)}
    await office.close(await office.attend(at=after(hours=-2)))
    await office.attend(sector=office.support, at=after(hours=-2))
    silent = await within(office.store, silent_in_sales(office))
    assert silent == [begun[-1], begun[0], begun[1]]
    assert await within(office.store, silent_in_sales(office, limit=1)) == [begun[-1]]


async def test_silence_skips_what_is_held_and_on_demand_what_was_warned_of(
    office: Office,
) -> None:
    warned, held, free = [await office.attend(at=NOON + timedelta(minutes=m)) for m in range(3)]
    neglected = warned.neglect(at=NOON)
    await office.save(neglected)
    async with office.store.transaction() as work:
        await work.attendances.load(held.id)
        assert await soon(within(office.store, silent_in_sales(office))) == [free]
        seen = await soon(within(office.store, silent_in_sales(office, skip_neglected=False)))
        assert seen == [neglected.state, free]


async def test_what_is_silent_is_held(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        assert await silent_in_sales(office)(work) == [it]
        second = await waiting(within(office.store, lambda w: w.attendances.load(it.id)))
    await soon(second)


async def test_the_address_that_was_written_from_last_is_kept(office: Office) -> None:
    it = await office.attend(await office.meet("João", phone(1), lid(1)))
    await office.keep(it.hear(lid(1), at=NOON))
    loaded = await within(office.store, lambda work: work.attendances.load(it.id))
    assert loaded.address == lid(1)


async def test_what_people_have_who_left_is_found_and_held_skipping_what_is_held(
    office: Office,
) -> None:
    had = [await office.attend(at=after(minutes=n)) for n in range(3)]
    for it in had:
        await office.save(it.take(office.bia.id, at=after(minutes=5)))
    await office.save((await office.attend()).take(office.ana.id, at=NOON))
    await office.close(await within(office.store, lambda w: w.attendances.load(had[2].id)))
    await office.attend()
    assert await within(office.store, lambda w: w.attendances.abandoned(10)) == []
    await office.keep(replace(office.bia, active=False))
    async with office.store.transaction() as work:
        assert [it.id for it in await work.attendances.abandoned(1)] == [had[0].id]
        rest = await soon(within(office.store, lambda w: w.attendances.abandoned(10)))
        assert [it.id for it in rest] == [had[1].id]


async def test_when_a_client_last_wrote_to_a_number_is_known_beyond_one_attendance(
    office: Office,
) -> None:
    other = a_session("Other")
    await office.keep(other)
    client, stranger = await office.meet(), await office.meet()
    for minute in (5, 3):
        it, _ = await office.hear(await office.attend(client), at=after(minutes=minute))
        await office.close(it, at=after(minutes=minute))
    await office.attend(client, by=office.ana, at=after(minutes=9))
    elsewhere = await office.attend(client, session=other)
    await office.hear(elsewhere, at=after(minutes=7))
    async with office.store.transaction() as work:
        last = work.attendances.last_heard
        assert await last(client.id, office.session.id) == after(minutes=5)
        assert await last(client.id, other.id) == after(minutes=7)
        assert await last(stranger.id, office.session.id) is None
