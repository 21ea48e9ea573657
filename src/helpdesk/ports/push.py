"""Push services: they reach a browser or a phone on which no dashboard is open."""

from collections.abc import Mapping
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

    @property
    def app(self) -> Mapping[str, str]:
        """What else the library of this push service asks for in a browser; no secrets."""
        ...

    async def ping(self) -> None:
        """Return when we may send, as far as that can be known without sending.

        Raises:
            UnavailableError: says what is wrong.
        """
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
