"""Alerts that are kept instead of sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.outage import Alert


@dataclass(slots=True)
class MemoryAlerts:
    sent: list[tuple[Alert, list[str]]] = field(default_factory=list)  # and to whom
    broken: bool = False

    async def send(self, alert: Alert, to: Sequence[Attendant]) -> None:
        await self.check()
        self.sent.append((alert, [it.email for it in to]))

    async def check(self) -> None:
        if self.broken:
            raise UnavailableError("It is broken.")
