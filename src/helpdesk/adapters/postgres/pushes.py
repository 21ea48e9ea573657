"""Devices and what is to be told on them, within a unit of work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.ids import AttendantId, DeviceId
from helpdesk.domain.push import Device, PushChoice, PushKind, PushTask

_DEVICE: Final = "id, attendant_id, target, key, auth, name, locale, at"
_REGISTER: Final = f"INSERT INTO device ({_DEVICE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
_DEVICES: Final = f"""
SELECT {_DEVICE} FROM device WHERE $1::uuid IS NULL OR attendant_id = $1 ORDER BY at, id
"""
_CHOOSE: Final = """
INSERT INTO push_choice (attendant_id, is_on, content) VALUES ($1, $2, $3)
ON CONFLICT (attendant_id) DO UPDATE SET is_on = $2, content = $3
"""
_CHOICES: Final = (
    "SELECT attendant_id, is_on, content FROM push_choice WHERE attendant_id = ANY ($1)"
)
_ADVANCE: Final = """
INSERT INTO push_cursor (one, cursor) VALUES (true, $1)
ON CONFLICT (one) DO UPDATE SET cursor = $1
"""
_SCHEDULE: Final = """
INSERT INTO push_task (device_id, attendance_id, kind, text, at, attempts, due_at)
SELECT id, $2, $3, $4, $5, $6, $7 FROM device WHERE id = $1
ON CONFLICT (device_id, attendance_id) DO UPDATE
SET kind = $3, text = $4, at = $5, attempts = $6, due_at = $7
"""
_TAKE: Final = """
UPDATE push_task SET due_at = $2
WHERE (device_id, attendance_id) IN (
    SELECT device_id, attendance_id FROM push_task WHERE due_at <= $1
    ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING device_id, attendance_id, kind, text, at, attempts
"""
_PUT_OFF: Final = """
UPDATE push_task SET attempts = $4, due_at = $5
WHERE device_id = $1 AND attendance_id = $2 AND at = $3
"""
_END: Final = "DELETE FROM push_task WHERE device_id = $1 AND attendance_id = $2 AND at = $3"


class Pushes:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def register(self, device: Device) -> None:
        it = device
        await self._unit.execute("DELETE FROM device WHERE target = $1", it.target)
        about = (it.key, it.auth, it.name, it.locale, it.at)
        await self._unit.execute(_REGISTER, it.id, it.attendant_id, it.target, *about)

    async def devices(self, of: AttendantId | None = None) -> list[Device]:
        return [
            Device(
                id=it[0],
                attendant_id=it[1],
                target=it[2],
                key=it[3],
                auth=it[4],
                name=it[5],
                locale=it[6],
                at=it[7],
            )
            for it in await self._unit.fetch(_DEVICES, of)
        ]

    async def forget(self, device: DeviceId) -> None:
        await self._unit.execute("DELETE FROM device WHERE id = $1", device)

    async def choices(self, of: Sequence[AttendantId]) -> dict[AttendantId, PushChoice]:
        found = await self._unit.fetch(_CHOICES, list(of))
        return {it[0]: PushChoice(on=it[1], content=it[2]) for it in found}

    async def choose(self, by: AttendantId, choice: PushChoice) -> None:
        await self._unit.execute(_CHOOSE, by, choice.on, choice.content)

    async def cursor(self) -> int | None:
        known: int | None = await self._unit.fetchval("SELECT cursor FROM push_cursor")
        return known

    async def advance(self, cursor: int) -> None:
        await self._unit.execute(_ADVANCE, cursor)

    async def schedule(self, task: PushTask, *, due_at: datetime) -> None:
        it = task
        about = (it.kind, it.text, it.at, it.attempts, due_at)
        await self._unit.execute(_SCHEDULE, it.device_id, it.attendance_id, *about)

    async def take(self, *, at: datetime, until: datetime, limit: int) -> list[PushTask]:
        return [
            PushTask(
                device_id=it[0],
                attendance_id=it[1],
                kind=PushKind(it[2]),
                text=it[3],
                at=it[4],
                attempts=it[5],
            )
            for it in await self._unit.fetch(_TAKE, at, until, limit)
        ]

    async def put_off(self, task: PushTask, *, due_at: datetime) -> None:
        it = task
        await self._unit.execute(
            _PUT_OFF, it.device_id, it.attendance_id, it.at, it.attempts, due_at
        )

    async def end(self, task: PushTask) -> None:
        await self._unit.execute(_END, task.device_id, task.attendance_id, task.at)
