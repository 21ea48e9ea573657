"""Telling people whose dashboard is closed: those whom it concerns, once, and nobody else."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.adapters.memory.push import MemoryPush
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import AttendanceId, DeviceId
from helpdesk.domain.push import (
    Device,
    Notice,
    PushChoice,
    PushKind,
    PushTask,
)
from helpdesk.domain.usecases.send_pushes import FollowForPush
from helpdesk.domain.visibility import audience_of
from helpdesk.ports.feed import FeedItem
from helpdesk.ports.outbox import Destination
from tests.support.builders import fresh
from tests.support.team import Firm

TARGET = "https://push.example.com/"


class Desk:
    """A firm whose outbox is followed for pushes."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        push = firm.cases.push()
        assert isinstance(push, MemoryPush)
        self.push = push

    async def device(self, of: Attendant, name: str = "Chromium") -> Device:
        return await self.firm.cases.manage_push().register(
            by=of, target=f"{TARGET}{of.name}/{name}", key="k", auth="a", name=name, locale="es"
        )

    async def note(self) -> None:
        """Look at all that was told, and forget it."""
        follow: FollowForPush = self.firm.cases.follow_for_push()
        told = await self.firm.outbox.pending(Destination.FEED, limit=1000)
        items = [(it.position, it.envelope, audience_of(it.envelope.event)) for it in told]
        await follow.note([FeedItem(cursor=c, envelope=e, audience=a) for c, e, a in items])
        await self.firm.settle()

    async def tell(self) -> list[tuple[str, Notice]]:
        """Send what is due; return what each heard since the last time."""
        await self.note()
        await self.firm.cases.send_pushes().once()
        heard = [(it.name, notice) for it, notice in self.push.sent]
        self.push.sent.clear()
        return heard


@pytest.fixture
def desk(firm: Firm) -> Desk:
    return Desk(firm)


async def hear(desk: Desk, attendance: Attendance, text: str = "Olá") -> Attendance:
    return (await desk.firm.office.hear(attendance, text, at=desk.firm.later(seconds=1)))[0]


async def test_who_has_the_attendance_is_told_without_its_content(desk: Desk) -> None:
    office = desk.firm.office
    for it in office.team:
        await desk.device(it, it.name)
    held = await desk.firm.held(office.ana)
    await desk.tell()
    await hear(desk, held)
    [(name, notice)] = await desk.tell()
    assert name == "Ana"
    assert notice == Notice(attendance_id=held.id, kind=PushKind.MESSAGE, locale="es")
    assert await desk.tell() == []


async def test_what_waits_is_told_to_those_of_its_sector(desk: Desk) -> None:
    office = desk.firm.office
    for it in office.team:
        await desk.device(it, it.name)
    waiting = await desk.firm.waiting(office.sales)
    heard = await desk.tell()
    assert sorted(name for name, _ in heard) == ["Ana", "Carla"]  # Dora is in no sector
    assert {notice.attendance_id for _, notice in heard} == {waiting.id}


async def test_each_device_is_told_and_a_burst_once(desk: Desk) -> None:
    ana = desk.firm.office.ana
    for name in ("phone", "laptop"):
        await desk.device(ana, name)
    held = await desk.firm.held(ana)
    for text in ("a", "b", "c"):
        held = await hear(desk, held, text)
    heard = await desk.tell()
    assert sorted(name for name, _ in heard) == ["laptop", "phone"]


async def test_name_and_text_are_told_to_who_wants_them(desk: Desk) -> None:
    ana = desk.firm.office.ana
    await desk.device(ana)
    await desk.firm.cases.manage_push().choose(by=ana, content=True)
    await hear(desk, await desk.firm.held(ana), "x" * 500)
    [(_, notice)] = await desk.tell()
    assert notice.name
    assert notice.text == "x" * 120
    await desk.firm.cases.manage_push().choose(by=ana, on=False)
    choice, [device] = await desk.firm.cases.manage_push().read(by=ana)
    assert choice == PushChoice(on=False, content=True)
    assert device.name == "Chromium"


@pytest.mark.parametrize("why", ["online", "away", "left", "unwanted", "transferred"])
async def test_who_need_not_or_may_not_know_is_not_told(desk: Desk, why: str) -> None:
    firm, office = desk.firm, desk.firm.office
    await desk.device(office.ana)
    held = await firm.held(office.ana)
    await desk.tell()
    await hear(desk, held)
    await desk.note()  # what is found out after that still counts
    match why:
        case "online":
            await firm.come(office.ana)
        case "away":
            await office.keep(replace(office.ana, away=True))
        case "left":
            await office.keep(replace(office.ana, active=False))
        case "unwanted":
            await firm.cases.manage_push().choose(by=office.ana, on=False)
        case _:
            await office.keep(replace(held, attendant_id=office.bia.id))
    assert await desk.tell() == []
    firm.later(hours=2)
    assert await desk.tell() == []


async def test_what_fails_is_tried_again_and_given_up_in_the_end(desk: Desk) -> None:
    firm, ana = desk.firm, desk.firm.office.ana
    await desk.device(ana)
    await hear(desk, await firm.held(ana))
    desk.push.broken = True
    assert await desk.tell() == []
    desk.push.broken = False
    firm.later(seconds=4)
    assert await desk.tell() == []
    firm.later(seconds=1)
    assert len(await desk.tell()) == 1
    await hear(desk, await firm.held(ana))
    desk.push.broken = True
    for _ in range(3):
        await desk.tell()
        firm.later(hours=1)
    desk.push.broken = False
    assert await desk.tell() == []


async def test_what_fails_as_nobody_foresaw_ends_as_well(desk: Desk) -> None:
    office = desk.firm.office
    await desk.device(office.ana)
    await hear(desk, await desk.firm.held(office.ana))
    await desk.note()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryPush, "send", odd)
        for _ in range(61):
            with suppress(RuntimeError):
                await desk.firm.cases.send_pushes().once()
            desk.firm.later(minutes=1)
    assert await desk.tell() == []


async def odd(*_: object) -> None:
    raise RuntimeError("bug")


async def test_what_is_old_is_no_news(desk: Desk) -> None:
    office = desk.firm.office
    await desk.device(office.ana)
    await hear(desk, await desk.firm.held(office.ana))
    desk.firm.later(hours=2)  # nobody followed the feed meanwhile
    assert await desk.tell() == []


async def test_nothing_is_told_of_what_was_closed_meanwhile(desk: Desk) -> None:
    office = desk.firm.office
    await desk.device(office.ana)
    it = await hear(desk, await desk.firm.held(office.ana))
    await desk.note()
    await office.close(it, office.ana.id, at=desk.firm.now())
    assert await desk.tell() == []


async def test_a_device_that_is_gone_is_forgotten(desk: Desk) -> None:
    ana = desk.firm.office.ana
    for name in ("lost", "kept"):
        await desk.device(ana, name)
    desk.push.gone.add(f"{TARGET}Ana/lost")
    await desk.firm.held(ana)
    assert [name for name, _ in await desk.tell()] == ["kept"]
    _, devices = await desk.firm.cases.manage_push().read(by=ana)
    assert [it.name for it in devices] == ["kept"]


async def test_what_was_to_be_told_of_what_is_gone_is_dropped(desk: Desk) -> None:
    firm, ana = desk.firm, desk.firm.office.ana
    device, held = await desk.device(ana), await firm.held(ana)
    await desk.tell()

    def task(**properties: Any) -> PushTask:
        given = {"device_id": device.id, "attendance_id": held.id, **properties}
        return PushTask(kind=PushKind.MESSAGE, text="", at=firm.now(), **given)

    async with firm.store.transaction() as work:
        await work.pushes.schedule(task(attendance_id=AttendanceId(fresh())), due_at=firm.now())
    assert await desk.tell() == []
    # Forgotten between taking and looking.
    await firm.cases.send_pushes()._send(task(device_id=DeviceId(fresh())))  # noqa: SLF001
    assert await desk.tell() == []


async def test_it_rests_when_there_is_nothing_to_send(desk: Desk) -> None:
    class EnoughError(Exception):
        pass

    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        raise EnoughError

    ana = desk.firm.office.ana
    await desk.device(ana)
    await desk.firm.held(ana)
    await desk.note()
    with pytest.raises(EnoughError):
        await replace(desk.firm.cases.send_pushes(), sleep=rest)()
    assert len(desk.push.sent) == 1
    assert rests == [1.0]
