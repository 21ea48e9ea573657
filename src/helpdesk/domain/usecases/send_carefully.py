"""Keeping a number from being banned: one message after another, and few chats that we begin."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from helpdesk.domain.care import Care, TooManyChatsError
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.session import Session
from helpdesk.ports.store import UnitOfWork

LONGEST_WAIT: Final = 30.0  # seconds; who would wait longer is told to come again


class Pacer:
    """Lets the messages of one number leave with pauses between them."""

    def __init__(
        self,
        care: Care,
        *,
        clock: Callable[[], float],
        chance: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._care = care
        self._clock = clock
        self._chance = chance
        self._sleep = sleep
        self._next = float("-inf")

    async def __call__(self) -> None:
        """Wait for a turn.

        Raises:
            UnavailableError: too many wait already; nothing was sent.
        """
        now = self._clock()
        at = max(now, self._next)
        if at - now > LONGEST_WAIT:
            raise UnavailableError("Replies leave slowly by this bridge, to keep the number safe.")
        self._next = at + self._care.pause(self._chance())
        await self._sleep(at - now)


async def at_once() -> None:
    """Wait for nothing: official bridges pace themselves."""


async def must_be_few(work: UnitOfWork, session: Session, care: Care, *, at: datetime) -> None:
    """Count a chat that we begin, by the day (UTC).

    Raises:
        TooManyChatsError: there were enough today.
    """
    for n in range(care.chats_a_day):
        if await work.first_time(f"chat:{session.id}:{at:%Y-%m-%d}:{n}"):
            return
    raise TooManyChatsError
