"""What a service that calls us by HTTP tells: verified, stored, and only then answered."""

from collections.abc import Mapping
from typing import Protocol

from helpdesk.domain.errors import ForbiddenError


class NotSignedError(ForbiddenError):
    """The signature is missing or wrong; nothing of the body was read."""

    code = "not_signed"


class Webhook(Protocol):
    @property
    def limit(self) -> int:
        """The largest body, in bytes."""
        ...

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer the question whether we are who was configured; None: we are not."""
        ...

    async def take(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Return when all that the body tells is safe; `headers` in whatever spelling.

        A body that is signed and cannot be read is kept for people to look at.

        Raises:
            NotSignedError.
            UnavailableError: not safe; it must be sent again.
        """
        ...
