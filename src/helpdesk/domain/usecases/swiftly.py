"""What is done often is tried without holding rows; who is overtaken does it again, and holds."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from helpdesk.ports.store import StaleError, Store, UnitOfWork

Result = TypeVar("Result")


async def swiftly(
    store: Store, act: Callable[[UnitOfWork], Awaitable[Result]], *, hurry: bool = True
) -> Result:
    """Return what `act` returned in the unit of work that took effect; it may run twice."""
    try:
        async with store.transaction(hold=False, hurry=hurry) as work:
            result = await act(work)
    except StaleError:
        async with store.transaction() as work:
            result = await act(work)
    return result
