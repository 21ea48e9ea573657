"""One unit of work: all or nothing, and seen by nobody before its end."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.adapters.wire.correlation import bound
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError
from helpdesk.domain.bridge import ClientTyping
from helpdesk.domain.change import Change
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.domain.ids import AttendanceId, MessageId
from helpdesk.domain.message import Delivery, MessageReceived
from helpdesk.domain.report import EditReported
from helpdesk.ports.board import Board
from helpdesk.ports.outbox import Destination, Outbox
from helpdesk.ports.store import Store, UnitOfWork
from tests.support.builders import an_attendance, fresh, received
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.waiting import race, soon, undone, waiting, within


async def drain(outbox: Outbox) -> None:
    pending = await outbox.pending(Destination.FEED, limit=1000)
    await outbox.settle([it.position for it in pending])


async def drafted(office: Office) -> Change[Attendance]:
    client = await office.meet()
    return an_attendance(client, session=office.session.id, sector=office.sales.id)


async def test_a_unit_of_work_that_fails_leaves_neither_state_nor_event(
    office: Office, outbox: Outbox
) -> None:
    opened = await drafted(office)
    await drain(outbox)
    async with undone(office.store) as work:
        await work.save(opened)
        await work.emit(ClientTyping(at=NOON, attendance=opened.state, typing=True))
        await work.first_time("delivery")
    assert await outbox.pending(Destination.FEED, limit=10) == []
    async with office.store.transaction() as work:
        with pytest.raises(AttendanceNotFoundError):
            await work.attendances.load(opened.state.id)
        assert await work.first_time("delivery")


async def test_what_is_not_committed_is_seen_inside_only(office: Office, board: Board) -> None:
    opened = (await drafted(office)).state
    async with office.store.transaction() as work:
        await work.save(Change(opened))
        assert await work.attendances.find(opened.id) == opened
        assert await work.attendances.open_of(opened.client_id) == [opened]
        with pytest.raises(AttendanceNotFoundError):
            await within(office.store, lambda rival: rival.attendances.find(opened.id))
        with pytest.raises(AttendanceNotFoundError):
            await board.attendance(opened.id)
    assert (await board.attendance(opened.id)).attendance == opened


async def test_a_held_row_makes_the_second_wait_and_see_what_the_first_did(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        taken = (await work.attendances.load(it.id)).take(office.ana.id, at=NOON)
        second = await waiting(within(office.store, lambda rival: rival.attendances.load(it.id)))
        await work.save(taken)
    assert await soon(second) == taken.state


async def test_a_row_is_let_go_of_by_a_unit_of_work_that_fails_or_is_cancelled(
    office: Office,
) -> None:
    it = await office.attend()
    holds = asyncio.Event()

    async def hold_for_ever() -> None:
        async with office.store.transaction() as work:
            await work.save((await work.attendances.load(it.id)).neglect(at=NOON))
            holds.set()
            await asyncio.Event().wait()

    holder = asyncio.create_task(hold_for_ever())
    await soon(holds.wait())
    second = await waiting(within(office.store, lambda rival: rival.attendances.load(it.id)))
    holder.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holder
    assert await soon(second) == it


async def test_two_that_wait_for_each_other_do_not_wait_for_ever(office: Office) -> None:
    one, two = await office.attend(), await office.attend()
    both_hold = asyncio.Barrier(2)

    async def load(first: AttendanceId, second: AttendanceId) -> None:
        async with office.store.transaction() as work:
            await work.attendances.load(first)
            await both_hold.wait()
            await work.attendances.load(second)

    ended = await race(load(one.id, two.id), load(two.id, one.id))
    assert [type(it) for it in ended if it is not None] == [UnavailableError]


async def test_one_of_many_rivals_is_the_first(store: Store) -> None:
    claims = await race(
        *(within(store, lambda work: work.first_time("delivery")) for _ in range(8))
    )
    assert sorted(claims) == [False] * 7 + [True]


async def test_a_rival_who_fails_leaves_the_claim_to_the_one_who_waited(store: Store) -> None:
    async with undone(store) as work:
        assert await work.first_time("delivery")
        second = await waiting(within(store, lambda rival: rival.first_time("delivery")))
    assert await soon(second)


async def test_who_hears_that_it_was_done_is_waited_for_as_well(store: Store) -> None:
    assert await within(store, lambda work: work.first_time("delivery"))
    async with store.transaction() as work:
        assert not await work.first_time("delivery")
        assert not await work.first_time("delivery")
        second = await waiting(within(store, lambda rival: rival.first_time("delivery")))
    assert not await soon(second)


async def test_a_claim_taken_back_can_be_claimed_again(store: Store) -> None:
    for _ in range(2):
        assert await within(store, lambda work: work.first_time("delivery"))
        await within(store, lambda work: work.disclaim("delivery"))
    await within(store, lambda work: work.disclaim("never claimed"))


async def test_old_claims_and_what_was_parked_are_forgotten(office: Office) -> None:
    early = EditReported(
        at=NOON, session_id=office.session.id, provider_id="wamid.1", done_at=NOON, text="olá"
    )
    quoting = MessageId(fresh())

    async def remembered() -> tuple[bool, ...]:
        async with office.store.transaction() as work:
            parked = await work.messages.unpark_status(office.session.id, "wamid.1")
            taken = await work.early.take(office.session.id, "wamid.1")
            quotes = await work.early.take_quotes(office.session.id, "wamid.1")
            claimed = not await work.first_time("delivery")
            return claimed, parked is not None, taken == [early], quotes == [quoting]

    async def remember(work: UnitOfWork) -> None:
        await work.first_time("delivery")
        await work.messages.park_status(office.session.id, "wamid.1", Delivery.READ, None)
        assert await work.early.park(early)
        await work.early.park_quote(office.session.id, "wamid.1", quoting)

    hour = timedelta(hours=1)
    await within(office.store, remember)
    await office.store.prune(before=datetime.now(UTC) - hour)
    assert await remembered() == (True, True, True, True)
    await within(office.store, remember)
    await office.store.prune(before=datetime.now(UTC) + hour)
    assert await remembered() == (False, False, False, False)


async def test_events_of_one_attendance_are_told_in_the_order_of_commits(
    office: Office, outbox: Outbox
) -> None:
    it = await office.attend()
    await drain(outbox)

    async def hear(number: int) -> None:
        async with office.store.transaction() as work:
            heard, message = received(await work.attendances.load(it.id), f"{number}")
            await asyncio.sleep(0)
            await work.save(heard, message)

    await race(*(hear(number) for number in range(20)))
    events = [e.envelope.event for e in await outbox.pending(Destination.FEED, limit=100)]
    positions = [e.message.position for e in events if isinstance(e, MessageReceived)]
    assert positions == list(range(1, 21))


async def test_events_are_written_in_the_order_of_saving_with_their_cause(
    office: Office, outbox: Outbox
) -> None:
    opened = await drafted(office)
    heard, message = received(opened.state)
    taken = heard.state.take(office.ana.id, at=NOON)
    typing = ClientTyping(at=NOON, attendance=taken.state, typing=True)
    await drain(outbox)
    with bound("cause-1"):
        async with office.store.transaction() as work:
            await work.save(opened, heard, message)
            await work.save(taken)
            await work.emit(typing)
    envelopes = [it.envelope for it in await outbox.pending(Destination.FEED, limit=10)]
    expected = [*opened.events, *message.events, *taken.events, typing]
    assert [it.event for it in envelopes] == expected
    assert {it.correlation for it in envelopes} == {"cause-1"}
    assert len({it.id for it in envelopes}) == len(expected)


async def test_what_only_a_bug_would_write_is_refused_as_one(office: Office) -> None:
    of_nobody = an_attendance(session=office.session.id, sector=office.sales.id)
    it = await office.attend()
    await office.hear(it, "first")
    second = received(it, "at the place of the first")[1]
    for refused in await race(office.save(of_nobody), office.save(second)):
        assert isinstance(refused, Exception)
        assert not isinstance(refused, DomainError)


async def test_a_store_that_works_says_nothing(store: Store) -> None:
    await store.ping()
