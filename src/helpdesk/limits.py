"""Handling what a queue delivers within a time: one that hangs is delivered again, as it may be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from helpdesk.domain.change import Event
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.broker import Handler
from helpdesk.ports.outbox import Envelope

STORING: Final = 30.0  # seconds to store one report; each statement has its own limit
SENDING: Final = 90.0  # seconds for a bridge to send


def within(seconds: float, do: Callable[[Event], Awaitable[None]]) -> Handler:
    """Make a handler that raises UnavailableError when `do` takes longer."""

    async def handle(envelope: Envelope) -> None:
        try:
            async with asyncio.timeout(seconds):
                await do(envelope.event)
        except TimeoutError:
            raise UnavailableError(f"It was not handled within {seconds:.0f} s.") from None

    return handle
