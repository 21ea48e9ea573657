"""Devices on which people are told of what comes."""

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import DeviceId
from helpdesk.domain.push import Device
from helpdesk.ports.store import Store
from tests.support.builders import fresh
from tests.support.clock import NOON


async def a_device_of(person: Attendant, store: Store) -> DeviceId:
    """Register one."""
    device = Device(
        id=DeviceId(fresh()),
        attendant_id=person.id,
        target=f"https://push.example.com/{fresh()}",
        name="Chromium",
        locale="en",
        at=NOON,
    )
    async with store.transaction() as work:
        await work.pushes.register(device)
    return device.id
