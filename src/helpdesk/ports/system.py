"""Time, identity, chance and passwords, injected so that tests can hold them still."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from helpdesk.domain.journey import Trail

Clock = Callable[[], datetime]  # aware, UTC
NewId = Callable[[], UUID]  # version 7
NewToken = Callable[[], str]  # 128 bits of chance, URL-safe
Correlation = Callable[[], str]  # names the cause of what is being done; empty: nobody said
Draw = Callable[[str], bytes]  # a QR code, as a small PNG
WayHere = Callable[[], Trail]  # of what is being done

# Waits until something may have changed, or so many seconds; False when only time passed.  It
# remembers a change between two waits: read, wait, read misses nothing.
Bell = Callable[[float], Awaitable[bool]]


class Passwords(Protocol):
    """One-way, slow on purpose; both methods take some 50 ms without blocking the loop."""

    async def hash(self, password: str) -> str:
        """Return a salted hash that carries its own parameters."""
        ...

    async def verify(self, hashed: str, password: str) -> bool:
        """Compare in constant time; a malformed hash is False."""
        ...
