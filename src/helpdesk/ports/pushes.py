"""Who is told on which devices, and what is still to be told, within a unit of work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import AttendantId, DeviceId
from helpdesk.domain.push import Device, PushChoice, PushTask


class Pushes(Protocol):
    async def register(self, device: Device) -> None:
        """Add a device; one with the same target, whoever's it was, is replaced."""
        ...

    async def devices(self, of: AttendantId | None = None) -> list[Device]:
        """List those of one person, or of everybody, oldest first."""
        ...

    async def forget(self, device: DeviceId) -> None:
        """Forget it, and what was to be told on it; an unknown one is no error."""
        ...

    async def choices(self, of: Sequence[AttendantId]) -> dict[AttendantId, PushChoice]:
        """Load what these people chose; who never chose is left out."""
        ...

    async def choose(self, by: AttendantId, choice: PushChoice) -> None:
        """Keep what a person wants."""
        ...

    async def cursor(self) -> int | None:
        """How far the feed was looked at; None at first."""
        ...

    async def advance(self, cursor: int) -> None:
        """Note how far the feed was looked at."""
        ...

    async def schedule(self, task: PushTask, *, due_at: datetime) -> None:
        """Have it told; it replaces what was to be told of the same attendance there."""
        ...

    async def take(self, *, at: datetime, until: datetime, limit: int) -> list[PushTask]:
        """Take what is due, skipping what another holds; it is due again `until` then."""
        ...

    async def put_off(self, task: PushTask, *, due_at: datetime) -> None:
        """Have it tried again, unless something newer replaced it meanwhile."""
        ...

    async def end(self, task: PushTask) -> None:
        """It was told, or need not be; what came meanwhile stays."""
        ...
