"""What comes closely together is done together; of a rush leaves what a number takes."""

import asyncio
from collections import Counter
from dataclasses import replace

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.client import ClientChanged
from helpdesk.domain.ids import ClientId
from helpdesk.domain.message import ReplyQueued
from helpdesk.domain.usecases.quota import Quota
from helpdesk.domain.usecases.rhythm import Rhythm
from helpdesk.ports.broker import Queue
from helpdesk.ports.outbox import Destination, Envelope, OutboxEntry
from tests.support.builders import a_session, fresh
from tests.support.clock import NOON
from tests.support.team import Firm


class Time:
    """A clock that goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def entries(*queues: str) -> list[OutboxEntry]:
    event = ClientChanged(at=NOON, client_id=ClientId(fresh()))
    return [
        OutboxEntry(
            position=place,
            envelope=Envelope(id=fresh(), event=event, correlation=""),
            queue=it,
            key="",
        )
        for place, it in enumerate(queues)
    ]


def places(granted: list[OutboxEntry]) -> list[int]:
    return [it.position for it in granted]


async def test_rounds_begin_a_beat_apart_and_the_first_after_a_rest_at_once() -> None:
    time = Time()
    rhythm = Rhythm(clock=time, sleep=time.sleep)
    await rhythm(2.0)
    assert time.slept == []
    time.now += 0.5
    await rhythm(2.0)
    assert time.slept == [1.5]
    await rhythm(3.0)
    assert time.slept == [1.5, 3.0]
    time.now += 2.0
    await rhythm(2.0)
    assert time.slept == [1.5, 3.0]


def test_of_each_queue_its_first_ones_may_leave() -> None:
    quota = Quota(4, clock=Time())
    assert places(quota.grant(entries("a", "b", "a", "a", "b", "a"))) == [0, 1, 2, 4]
    assert quota.grant(entries("a", "b")) == []


def test_more_may_leave_as_time_goes_by_and_no_more_than_was_saved() -> None:
    time = Time()
    quota = Quota(4, clock=time)
    quota.grant(entries("a", "a"))
    time.now += 0.25
    assert places(quota.grant(entries("a", "a", "c"))) == [0, 2]
    time.now += 3600
    assert places(quota.grant(entries(*"aaaa"))) == [0, 1]


def test_a_slow_number_sends_something_all_the_same() -> None:
    time = Time()
    quota = Quota(0.5, clock=time)
    assert places(quota.grant(entries("a", "a"))) == [0]
    time.now += 1
    assert quota.grant(entries("a")) == []
    time.now += 1
    assert places(quota.grant(entries("a"))) == [0]


class Phones:
    """A broker that counts what leaves until everything does."""

    def __init__(self) -> None:
        self.came: list[ReplyQueued] = []

    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        assert isinstance(envelope.event, ReplyQueued)
        self.came.append(envelope.event)


async def test_a_rush_leaves_as_quickly_as_the_number_can_send_and_in_order(firm: Firm) -> None:
    its = [await firm.held(firm.office.ana) for _ in range(3)]
    await _say(firm, its, 8)
    other = a_session("Second")
    await firm.office.keep(other)
    alone = await firm.office.attend(session=other, by=firm.office.ana)
    await _say(firm, [alone], 1)
    phones, waits = Phones(), Counter[int]()

    async def sleep(_seconds: float) -> None:
        waits[len(phones.came)] += 1
        await asyncio.sleep(0.005)

    relay = replace(
        firm.cases.relay_to_bots(),
        broker=phones,  # type: ignore[arg-type]
        per_second=20,
        sleep=sleep,
    )
    relaying = asyncio.create_task(relay())
    async with asyncio.timeout(60):
        while (await firm.outbox.depth())[Destination.BROKER][0]:
            await asyncio.sleep(0.005)
    relaying.cancel()
    await asyncio.wait([relaying])
    assert min(waits) <= 11  # half a second's share of the one, and the other's only answer
    assert {it.attendance_id for it in phones.came[:11]} >= {alone.id}
    for attendance in its:
        texts = [it.content.text for it in phones.came if it.attendance_id == attendance.id]
        assert texts == [str(n) for n in range(8)]


async def _say(firm: Firm, its: list[Attendance], count: int) -> None:
    for n in range(count):
        for it in its:
            await firm.cases.send_reply()(it.id, by=firm.office.ana, text=str(n))
