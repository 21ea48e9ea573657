"""Push services: they reach a browser or a phone on which no dashboard is open."""

from typing import Protocol

from helpdesk.domain.push import Device, Notice


class Push(Protocol):
    @property
    def kind(self) -> str:
        """How a device registers: webpush, say."""
        ...

    @property
    def public_key(self) -> str:
        """What a browser needs to register; no secret."""
        ...

    def check(self, device: Device) -> None:
        """Refuse what cannot be reached this way.

        Raises:
            InvalidError: fields "target", "key", "auth".
        """
        ...

    async def send(self, device: Device, notice: Notice) -> None:
        """Hand over; a later notice of the same attendance replaces this one.

        Raises:
            DeviceGoneError: it will never be reached again.
            UnavailableError: try again later.
        """
        ...
