"""Opens the embedded defaults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from helpdesk.adapters.local.broker import LocalBroker
from helpdesk.opening import Opening
from helpdesk.ports.broker import Broker

SHARED: Final = False


@asynccontextmanager
async def open_broker(opening: Opening) -> AsyncIterator[Broker]:
    """Nothing to connect, nothing to close: who serves drains."""
    yield LocalBroker()
