"""Devices and what is to be told on them, within one unit of work."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk.adapters.memory.tables import PushRow
from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.ids import AttendantId, DeviceId
from helpdesk.domain.push import Device, PushChoice, PushTask

_CURSOR = "push"


class Pushes:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._tables = unit.tables

    async def register(self, device: Device) -> None:
        await self._unit.hold("device target", device.target)
        for it in [it for it in self._tables.devices.values() if it.target == device.target]:
            await self.forget(it.id)
        self._tables.devices[device.id] = device

    async def devices(self, of: AttendantId | None = None) -> list[Device]:
        known = self._tables.devices.values()
        mine = [it for it in known if of in (None, it.attendant_id)]
        return sorted(mine, key=lambda it: (it.at, it.id))

    async def forget(self, device: DeviceId) -> None:
        await self._unit.hold("device", device)
        self._tables.devices.pop(device, None)
        for key in [key for key in self._tables.pushes if key[0] == device]:
            del self._tables.pushes[key]

    async def choices(self, of: Sequence[AttendantId]) -> dict[AttendantId, PushChoice]:
        chosen = self._tables.push_choices
        return {it: chosen[it] for it in of if it in chosen}

    async def choose(self, by: AttendantId, choice: PushChoice) -> None:
        await self._unit.hold("push choice", by)
        self._tables.push_choices[by] = choice

    async def cursor(self) -> int | None:
        return self._tables.push_cursor.get(_CURSOR)

    async def advance(self, cursor: int) -> None:
        await self._unit.hold("push cursor")
        self._tables.push_cursor[_CURSOR] = cursor

    async def schedule(self, task: PushTask, *, due_at: datetime) -> None:
        key = task.device_id, task.attendance_id
        await self._unit.hold("push", key)
        if task.device_id in self._tables.devices:
            self._tables.pushes[key] = PushRow(task=task, due_at=due_at)

    async def take(self, *, at: datetime, until: datetime, limit: int) -> list[PushTask]:
        due = sorted((it.due_at, key) for key, it in self._tables.pushes.items())
        taken: list[PushTask] = []
        for due_at, key in due:
            if due_at > at or len(taken) == limit:
                break
            if self._unit.holds.try_hold(self._unit.holder, "push", key):
                task = self._tables.pushes[key].task
                self._tables.pushes[key] = PushRow(task=task, due_at=until)
                taken.append(task)
        return taken

    async def put_off(self, task: PushTask, *, due_at: datetime) -> None:
        key = task.device_id, task.attendance_id
        await self._unit.hold("push", key)
        if key in self._tables.pushes and self._tables.pushes[key].task.at == task.at:
            self._tables.pushes[key] = PushRow(task=task, due_at=due_at)

    async def end(self, task: PushTask) -> None:
        key = task.device_id, task.attendance_id
        await self._unit.hold("push", key)
        if key in self._tables.pushes and self._tables.pushes[key].task.at == task.at:
            del self._tables.pushes[key]
