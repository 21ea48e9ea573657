"""The outbox: what was committed is passed on, as soon as may be."""

import asyncio
from statistics import median
from time import monotonic

from helpdesk.adapters.wire import trail
from helpdesk.domain.change import Event
from helpdesk.domain.client import ClientChanged
from helpdesk.domain.ids import ClientId, SessionId
from helpdesk.domain.journey import Hop, StepName
from helpdesk.domain.session import LogoutRequested
from helpdesk.ports.broker import commands_of
from helpdesk.ports.outbox import Destination, Outbox
from helpdesk.ports.store import Store
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.waiting import soon, undone

FEED, BROKER = Destination.FEED, Destination.BROKER
AT_ONCE = 0.25  # seconds; under half of what a slow poll would take
IN_TIME = 5.0  # seconds; well under the waits below


def an_event() -> Event:
    return ClientChanged(at=NOON, client_id=ClientId(fresh()))


def a_command() -> Event:
    return LogoutRequested(at=NOON, session_id=SessionId(fresh()))


async def emit(store: Store, *events: Event) -> None:
    async with store.transaction() as work:
        await work.emit(*events)


async def pending(outbox: Outbox, destination: Destination = FEED) -> list[Event]:
    entries = await outbox.pending(destination, limit=100)
    return [it.envelope.event for it in entries]


async def test_commands_go_to_bots_and_everything_else_to_the_feed(
    store: Store, outbox: Outbox
) -> None:
    event, command = an_event(), a_command()
    await emit(store, event, command)
    assert await pending(outbox, FEED) == [event]
    assert await pending(outbox, BROKER) == [command]


async def test_what_is_told_of_a_message_says_which_way_it_came(
    office: Office, outbox: Outbox
) -> None:
    opened = await office.attend()
    for it in (FEED, BROKER):
        await outbox.settle([e.position for e in await outbox.pending(it, limit=100)])
    came = Hop(StepName.RECEIVED, NOON, "bot@one:7")
    with trail.bound((came,)):
        answered, _ = await office.hear(opened)
    await office.answer(answered, office.ana)
    stored = [it.envelope.trail for it in await outbox.pending(FEED, limit=100)]
    [command] = await outbox.pending(BROKER, limit=100)
    assert [[hop.name for hop in it] for it in stored if it] == [
        ["received", "stored"],
        ["accepted"],
    ]
    assert stored[0][0] == came
    assert [it.name for it in command.envelope.trail] == ["accepted"]


async def test_what_is_pending_comes_by_position_until_it_is_settled(
    store: Store, outbox: Outbox
) -> None:
    events = [an_event() for _ in range(5)]
    await emit(store, *events[:3])
    await emit(store, *events[3:])
    entries = await outbox.pending(FEED, limit=100)
    assert [it.envelope.event for it in entries] == events
    positions = [it.position for it in entries]
    assert positions == sorted(set(positions))
    assert await outbox.pending(FEED, limit=2) == entries[:2]
    but_first = await outbox.pending(FEED, limit=2, but=positions[:1])
    assert but_first == entries[1:2]
    await outbox.settle([positions[0], positions[3]])
    assert await pending(outbox) == [events[1], events[2], events[4]]
    await outbox.settle(positions)
    await outbox.settle([])
    assert await pending(outbox) == []


async def test_of_each_queue_the_beginning_is_read(store: Store, outbox: Outbox) -> None:
    busy, quiet = SessionId(fresh()), SessionId(fresh())
    many = [LogoutRequested(at=NOON, session_id=busy) for _ in range(5)]
    await emit(store, *many, LogoutRequested(at=NOON, session_id=quiet))
    entries = await outbox.pending(BROKER, limit=3)
    queues = [commands_of(busy)] * 3 + [commands_of(quiet)]
    assert [(it.queue, it.key) for it in entries] == list(
        zip(queues, [str(busy)] * 3 + [str(quiet)], strict=True)
    )
    positions = [it.position for it in entries]
    assert positions == sorted(positions)
    assert await outbox.pending(BROKER, limit=3, but=positions[:2]) == entries[2:]
    await outbox.settle(positions[:2])
    later = await outbox.pending(BROKER, limit=3, but=positions[2:])
    assert [it.queue for it in later] == [commands_of(busy)] * 2


async def test_an_entry_is_the_same_however_often_it_is_read(store: Store, outbox: Outbox) -> None:
    await emit(store, an_event())
    assert await outbox.pending(FEED, limit=9) == await outbox.pending(FEED, limit=9)


async def test_a_slow_writer_is_not_overlooked(store: Store, outbox: Outbox) -> None:
    slow, fast = an_event(), an_event()
    async with store.transaction() as work:
        await work.emit(slow)
        await emit(store, fast)
        entries = await outbox.pending(FEED, limit=9)
        assert [it.envelope.event for it in entries] == [fast]
        await outbox.settle([it.position for it in entries])
    assert await pending(outbox) == [slow]


async def test_a_relay_is_woken_by_what_is_written(store: Store, outbox: Outbox) -> None:
    took = []
    async with outbox.listen(FEED) as bell:
        await bell(0.01)
        for _ in range(5):
            woken = asyncio.ensure_future(bell(30))
            await asyncio.sleep(0.05)
            await emit(store, an_event())
            begun = monotonic()
            await soon(woken)
            took.append(monotonic() - begun)
    assert median(took) < AT_ONCE


async def test_what_was_written_before_the_wait_is_not_slept_through(
    store: Store, outbox: Outbox
) -> None:
    async with outbox.listen(FEED) as bell:
        assert await pending(outbox) == []
        await emit(store, an_event())
        async with asyncio.timeout(IN_TIME):
            assert await bell(30)


async def test_a_wait_ends_when_its_time_is_over(outbox: Outbox) -> None:
    async with outbox.listen(FEED) as bell, asyncio.timeout(IN_TIME):
        while await bell(0.2):  # the first may have had a reason: whoever connects is woken
            pass


async def test_what_was_undone_wakes_nobody_and_is_not_pending(
    store: Store, outbox: Outbox
) -> None:
    async with undone(store) as work:
        await work.emit(an_event(), a_command())
    assert await pending(outbox) == []
    assert await pending(outbox, BROKER) == []


async def test_the_depth_is_what_is_pending_and_for_how_long(
    office: Office, outbox: Outbox
) -> None:
    assert await outbox.depth() == {FEED: (0, 0.0), BROKER: (0, 0.0)}
    await emit(office.store, an_event(), an_event())
    await asyncio.sleep(0.1)
    depth = await outbox.depth()
    count, age = depth[FEED]
    assert count == 2
    assert 0.1 <= age < 60
    assert depth[BROKER] == (0, 0.0)
