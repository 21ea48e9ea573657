"""Being the only one who does something, among processes that may die or freeze at any moment.

A lease ends by itself, by the clock of whoever keeps it.  Its holder cannot know how late it is
there, and may be frozen at any point: it stops early by its own clock, and has the lease checked
where its effect is decided (`store.UnitOfWork.must_hold`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId


def lease_of(session: SessionId) -> str:
    """The name of the lease without which nobody touches the session."""
    return f"session:{session}"


class LeaseLostError(UnavailableError):
    """Another process may hold the lease by now."""

    code = "lease_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Held from one `acquire` until it ends; `token` is greater than that of every former one."""

    name: str
    owner: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who holds a lease now, and since when; for people to look at."""

    name: str
    owner: str
    since: datetime


class Leases(Protocol):
    """Every method may raise UnavailableError: whether it had an effect is then unknown."""

    async def acquire(self, name: str, *, owner: str, seconds: float) -> Lease | None:
        """Hold it for so long; None while somebody else does.

        Who asks again for what it holds itself gets it anew, with another token.
        """
        ...

    async def renew(self, lease: Lease, *, seconds: float) -> bool:
        """Hold it for so long from now; False when it ended meanwhile."""
        ...

    async def release(self, lease: Lease) -> None:
        """End it; one that has ended is no error."""
        ...

    async def held(self) -> list[Holding]:
        """List the leases that somebody holds, by name."""
        ...
