"""Several units of work at once: telling that one waits for another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

from helpdesk.ports.store import Store, UnitOfWork

Result = TypeVar("Result")

A_MOMENT: Final = 0.15  # seconds; what need not wait is done by then
LONG_ENOUGH: Final = 60.0


async def within(store: Store, do: Callable[[UnitOfWork], Awaitable[Result]]) -> Result:
    """Do something in a unit of work of its own."""
    async with store.transaction() as work:
        return await do(work)


class TroubleError(Exception):
    """What goes wrong in a use case."""


@asynccontextmanager
async def undone(store: Store) -> AsyncIterator[UnitOfWork]:
    """Open a unit of work that fails in the end."""
    with suppress(TroubleError):
        async with store.transaction() as work:
            yield work
            raise TroubleError


async def waiting(rival: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
    """Start something that has to wait for what the caller holds."""
    task = asyncio.create_task(rival)
    await asyncio.wait({task}, timeout=A_MOMENT)
    if task.done():
        raise AssertionError(f"it did not wait: {task}")
    return task


async def soon(awaited: Awaitable[Result]) -> Result:
    """Wait for what must not take for ever."""
    async with asyncio.timeout(LONG_ENOUGH):
        return await awaited


async def race(*rivals: Awaitable[Any]) -> list[Any]:
    """Let them run at once; return results and errors in their order."""
    return await soon(asyncio.gather(*rivals, return_exceptions=True))
