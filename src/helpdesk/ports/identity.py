"""Who a browser is, to a place outside of the helpdesk in which it listens."""

from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import AttendantId
from helpdesk.domain.live import Place, Rights


class Identity(Protocol):
    @property
    def place(self) -> Place:
        """Where browsers listen; no secret."""
        ...

    async def token(self, rights: Rights, *, at: datetime) -> str:
        """Sign what a person may read.

        Raises:
            TooManySectorsError: it does not fit into a token.
            UnavailableError: nothing can be signed now.
        """
        ...

    async def revoke(self, attendant: AttendantId) -> None:
        """End what was granted before; who never used a token is no error.

        Raises:
            UnavailableError: do it again.
        """
        ...

    async def check(self) -> None:
        """Try both on nobody; UnavailableError says what is wrong, and a remedy."""
        ...
