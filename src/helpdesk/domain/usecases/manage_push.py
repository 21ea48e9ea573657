"""A person's own devices, and what is told on them."""

from dataclasses import dataclass, replace

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import DeviceId
from helpdesk.domain.push import (
    DEVICES,
    Device,
    DeviceNotFoundError,
    PushChoice,
    TooManyDevicesError,
    checked,
)
from helpdesk.ports.push import Push
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePush:
    store: Store
    push: Push
    now: Clock
    new_id: NewId

    async def read(self, *, by: Attendant) -> tuple[PushChoice, list[Device]]:
        """Show what the person chose, and their devices."""
        async with self.store.transaction() as work:
            choices = await work.pushes.choices([by.id])
            devices = await work.pushes.devices(by.id)
        return choices.get(by.id, PushChoice()), devices

    async def choose(
        self, *, by: Attendant, on: bool | None = None, content: bool | None = None
    ) -> None:
        """Change what is given."""
        async with self.store.transaction() as work:
            chosen = (await work.pushes.choices([by.id])).get(by.id, PushChoice())
            chosen = replace(
                chosen,
                on=chosen.on if on is None else on,
                content=chosen.content if content is None else content,
            )
            await work.pushes.choose(by.id, chosen)

    async def register(
        self, *, by: Attendant, target: str, key: str, auth: str, name: str, locale: str
    ) -> Device:
        """Have the person told on this device, and nobody else.

        Raises:
            InvalidError: fields "name", "target", "key", "auth".
            TooManyDevicesError.
        """
        device = checked(
            Device(
                id=DeviceId(self.new_id()),
                attendant_id=by.id,
                target=target,
                key=key,
                auth=auth,
                name=name,
                locale=locale,
                at=self.now(),
            )
        )
        self.push.check(device)
        async with self.store.transaction() as work:
            known = await work.pushes.devices(by.id)
            if len(known) >= DEVICES and target not in [it.target for it in known]:
                raise TooManyDevicesError
            await work.pushes.register(device)
        return device

    async def forget(self, device: DeviceId, *, by: Attendant) -> None:
        """Tell the person nothing more on it.

        Raises:
            DeviceNotFoundError: it is not theirs.
        """
        async with self.store.transaction() as work:
            if device not in [it.id for it in await work.pushes.devices(by.id)]:
                raise DeviceNotFoundError
            await work.pushes.forget(device)
