"""A push service that keeps what it is given."""

from dataclasses import dataclass, field

from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.push import Device, DeviceGoneError, Notice


@dataclass(slots=True)
class MemoryPush:
    kind: str = "memory"
    public_key: str = "a-public-key"
    sent: list[tuple[Device, Notice]] = field(default_factory=list)
    broken: bool = False
    gone: set[str] = field(default_factory=set)  # targets

    def check(self, device: Device) -> None:
        if not device.target.startswith("https://"):
            raise InvalidError("Give an address that begins with https://.", field="target")

    async def send(self, device: Device, notice: Notice) -> None:
        if self.broken:
            raise UnavailableError("The push service does not answer.")
        if device.target in self.gone:
            raise DeviceGoneError
        self.sent.append((device, notice))
