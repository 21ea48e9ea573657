"""When a number, or one client, may be sent to again.

https://developers.facebook.com/docs/whatsapp/messaging-limits, read 2026-11: 80 messages a second
for each number, about one in six seconds to one person.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.identity import Identity
from helpdesk.ports.system import Clock

EACH: Final = 1 / 80  # seconds between two messages of a number
NUMBER_PAUSE: Final = 5.0  # seconds at first, doubled while it goes on
CLIENT_PAUSE: Final = 6.0
LONGEST: Final = 300.0
CLIENTS: Final = 10_000  # of whom a pause is remembered
SHUT: Final = timedelta(minutes=1)  # at first, doubled while it goes on
SHUT_LONGEST: Final = timedelta(hours=1)


class Pace:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next = 0.0
        self._until = 0.0
        self._pause = NUMBER_PAUSE
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()  # until, pause

    async def turn(self, to: Identity) -> None:
        """Wait for a turn.

        Raises:
            UnavailableError: the number, or the client, pauses; try again later.
        """
        self._must_not_pause(to)
        at = max(self._clock(), self._next)
        self._next = at + EACH
        await asyncio.sleep(max(at - self._clock(), 0))

    def slow_number(self, seconds: float | None) -> None:
        """Let the whole number pause, as long as Meta says or longer each time."""
        self._until = self._clock() + (seconds or self._pause)
        self._pause = min(self._pause * 2, LONGEST)

    def slow_client(self, to: Identity) -> None:
        """Let only this client's messages pause."""
        _, pause = self._clients.pop(to.key, (0.0, CLIENT_PAUSE))
        self._clients[to.key] = (self._clock() + pause, min(pause * 2, LONGEST))
        if len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)

    def went_well(self, to: Identity) -> None:
        """Forget former trouble."""
        self._pause = NUMBER_PAUSE
        self._clients.pop(to.key, None)

    def _must_not_pause(self, to: Identity) -> None:
        now = self._clock()
        if self._until > now:
            raise UnavailableError(f"WhatsApp asks for a pause of {self._until - now:.0f} s.")
        until, _ = self._clients.get(to.key, (0.0, 0.0))
        if until > now:
            raise UnavailableError(f"WhatsApp asks to wait {until - now:.0f} s for this client.")


class Shutter:
    """Shut when Meta refuses what a number sends, as it may while it answers questions about it."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._until = datetime.min.replace(tzinfo=UTC)
        self._pause = SHUT

    @property
    def is_shut(self) -> bool:
        return self._now() < self._until

    def shut(self) -> None:
        """Let nothing through for a while, longer each time."""
        self._until = self._now() + self._pause
        self._pause = min(self._pause * 2, SHUT_LONGEST)

    def went_well(self) -> None:
        """Forget former trouble."""
        self._pause = SHUT
