"""Devices and what is to be told on them: kept whole, one entry for each attendance."""

from dataclasses import replace
from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import DeviceId
from helpdesk.domain.push import Device, PushChoice, PushKind, PushTask
from helpdesk.ports.store import Store
from tests.support.builders import fresh
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import within


def a_device(of: Attendant, target: str = "https://push.example.com/1") -> Device:
    return Device(
        id=DeviceId(fresh()),
        attendant_id=of.id,
        target=target,
        key="key",
        auth="auth",
        name="Chromium on Linux",
        locale="pt-BR",
        at=NOON,
    )


def a_task(device: Device, attendance: Attendance, at: datetime = NOON) -> PushTask:
    return PushTask(
        device_id=device.id, attendance_id=attendance.id, kind=PushKind.MESSAGE, text="Oi", at=at
    )


async def register(store: Store, *devices: Device) -> None:
    async with store.transaction() as work:
        for it in devices:
            await work.pushes.register(it)


async def take(store: Store, at: datetime, limit: int = 9) -> list[PushTask]:
    until = after(minutes=5)
    return await within(store, lambda it: it.pushes.take(at=at, until=until, limit=limit))


async def test_devices_are_kept_whole_and_belong_to_one_person(office: Office) -> None:
    anas = a_device(office.ana)
    bias = a_device(office.bia, "https://push.example.com/2")
    await register(office.store, anas, bias)
    assert await within(office.store, lambda it: it.pushes.devices(office.ana.id)) == [anas]
    assert set(await within(office.store, lambda it: it.pushes.devices())) == {anas, bias}
    taken_over = a_device(office.bia)
    await register(office.store, taken_over)
    assert await within(office.store, lambda it: it.pushes.devices(office.ana.id)) == []


async def test_choices_are_kept_for_each(office: Office) -> None:
    assert await within(office.store, lambda it: it.pushes.choices([office.ana.id])) == {}
    for chosen in (PushChoice(on=False), PushChoice(content=True)):
        async with office.store.transaction() as work:
            await work.pushes.choose(office.ana.id, chosen)
        found = await within(
            office.store, lambda it: it.pushes.choices([office.ana.id, office.bia.id])
        )
        assert found == {office.ana.id: chosen}


async def test_the_cursor_is_kept(office: Office) -> None:
    assert await within(office.store, lambda it: it.pushes.cursor()) is None
    for cursor in (3, 7):
        await within(office.store, lambda it, at=cursor: it.pushes.advance(at))  # type: ignore[misc]
    assert await within(office.store, lambda it: it.pushes.cursor()) == 7


async def test_what_is_newer_replaces_what_was_to_be_told(office: Office) -> None:
    device, attendance = a_device(office.ana), await office.attend()
    await register(office.store, device)
    old, new = (a_task(device, attendance, at=after(seconds=it)) for it in (0, 1))
    for it in (old, new):
        async with office.store.transaction() as work:
            await work.pushes.schedule(it, due_at=it.at)
    assert await take(office.store, NOON) == []
    assert await take(office.store, after(seconds=1)) == [new]
    assert await take(office.store, after(seconds=2)) == []  # until it is due again
    await within(office.store, lambda it: it.pushes.end(old))
    await within(office.store, lambda it: it.pushes.put_off(old, due_at=NOON))
    tried = replace(new, attempts=1)
    await within(office.store, lambda it: it.pushes.put_off(tried, due_at=NOON))
    assert await take(office.store, NOON) == [tried]
    await within(office.store, lambda it: it.pushes.end(new))
    assert await take(office.store, after(hours=1)) == []


async def test_nothing_is_told_on_a_device_that_is_forgotten(office: Office) -> None:
    device, attendance = a_device(office.ana), await office.attend()
    await register(office.store, device)
    task = replace(a_task(device, attendance), attempts=2, kind=PushKind.ATTENDANCE, text="")
    async with office.store.transaction() as work:
        await work.pushes.schedule(task, due_at=NOON)
    await within(office.store, lambda it: it.pushes.forget(device.id))
    await within(office.store, lambda it: it.pushes.forget(device.id))
    async with office.store.transaction() as work:
        await work.pushes.schedule(task, due_at=NOON)  # whoever had taken it comes back
    assert await take(office.store, NOON) == []


async def test_no_more_is_taken_than_is_asked_for_and_nothing_that_another_holds(
    office: Office,
) -> None:
    device = a_device(office.ana)
    await register(office.store, device)
    async with office.store.transaction() as work:
        for _ in range(3):
            task = a_task(device, await office.attend())
            await work.pushes.schedule(task, due_at=NOON)
    async with office.store.transaction() as work:
        first = await work.pushes.take(at=NOON, until=NOON, limit=1)
        others = await take(office.store, NOON)
    assert (len(first), len(others)) == (1, 2)
