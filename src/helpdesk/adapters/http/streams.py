"""What stays open for long, so that a shutdown can end it at once instead of waiting for it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from aiohttp import WSCloseCode, web

Result = TypeVar("Result")

CLOSING_TAKES: Final = 2.0  # seconds, for clients that do not answer the closing handshake


class Streams:
    def __init__(self) -> None:
        self._sockets: set[web.WebSocketResponse] = set()
        self._ending = asyncio.Event()

    def __len__(self) -> int:
        return len(self._sockets)

    @property
    def are_ending(self) -> bool:
        return self._ending.is_set()

    @contextmanager
    def open(self, socket: web.WebSocketResponse) -> Iterator[None]:
        """Count a WebSocket in while inside."""
        self._sockets.add(socket)
        try:
            yield
        finally:
            self._sockets.discard(socket)

    async def unless_ending(self, wait: Coroutine[Any, Any, Result]) -> Result | None:
        """Wait for a result, or None when we are shut down before it is there."""
        waiting, ending = asyncio.ensure_future(wait), asyncio.ensure_future(self._ending.wait())
        try:
            await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
            return waiting.result() if waiting.done() else None
        finally:
            waiting.cancel()
            ending.cancel()

    async def end(self) -> None:
        """Tell every client that we restart, and let go of those who do not answer."""
        self._ending.set()
        sockets = [it.close(code=WSCloseCode.SERVICE_RESTART) for it in self._sockets]
        try:
            async with asyncio.timeout(CLOSING_TAKES):
                await asyncio.gather(*sockets, return_exceptions=True)
        except TimeoutError:
            return
