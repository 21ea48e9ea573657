"""A push service that keeps what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.push import Device, DeviceGoneError, Notice


@dataclass(slots=True)
class MemoryPush:
    kind: str = "memory"
    public_key: str = "a-public-key"
    app: Mapping[str, str] = field(default_factory=dict)
    sent: list[tuple[Device, Notice]] = field(default_factory=list)
    broken: bool = False
    gone: set[str] = field(default_factory=set)  # targets

    async def ping(self) -> None:
        self._must_answer()

    def check(self, device: Device) -> None:
        if not device.target.startswith("https://"):
            raise InvalidError("Give an address that begins with https://.", field="target")

    async def send(self, device: Device, notice: Notice) -> None:
        self._must_answer()
        if device.target in self.gone:
            raise DeviceGoneError
        self.sent.append((device, notice))

    def _must_answer(self) -> None:
        if self.broken:
            raise UnavailableError("The push service does not answer.")
