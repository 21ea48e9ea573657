"""Doing something as long as no other process may: under a lease.

The holder takes its lease to be over a good while before the database does, by its own clock, and
uses that while to stop.  A process that was frozen, and wakes when its lease is over, finds that
out from its clock before it does anything else under the lease.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias, TypeVar

import structlog

from helpdesk.adapters.system.clock import elapsed
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.leases import Lease, LeaseLostError, Leases

Answer = TypeVar("Answer")
Argument = TypeVar("Argument")
Limited: TypeAlias = Coroutine[Any, Any, None]
Work: TypeAlias = Callable[["Tenure"], Limited]

_RELEASE_SECONDS: Final = 2.0  # else it ends by itself

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """In seconds.  What dies is succeeded after `lasts` and `ask` at the latest."""

    lasts: float  # for the database, without a renewal
    renew: float  # between renewals
    stop: float  # so long before its end we take it to be over, and stop
    ask: float  # between attempts to get it, or to renew it after a failure

    @classmethod
    def of(cls, lasts: float) -> Self:
        return cls(lasts=lasts, renew=lasts * 0.3, stop=lasts * 0.3, ask=lasts * 0.1)


class Tenure:
    """A lease as its holder sees it, and what goes on under it."""

    def __init__(self, lease: Lease, *, until: float, clock: Callable[[], float] = elapsed) -> None:
        self.lease = lease
        self._until = until
        self._clock = clock
        self._limits: set[asyncio.Timeout] = set()

    @property
    def remaining(self) -> float:
        """Seconds; not over 0 when it is over."""
        return self._until - self._clock()

    def extend(self, until: float) -> None:
        self._until = until

    def end(self) -> None:
        """Be over, and end what is bound to it."""
        self._until = self._clock()
        for limit in self._limits:
            limit.reschedule(asyncio.get_running_loop().time())

    def bound(self, do: Callable[[Argument], Awaitable[None]]) -> Callable[[Argument], Limited]:
        """Make `do` begin only while the tenure lasts, and end with it.

        What is returned raises, when it is called:
            LeaseLostError: it was not begun, or was cut off.
        """

        async def bounded(it: Argument) -> None:
            if self.remaining <= 0:
                raise LeaseLostError
            limit = asyncio.timeout(None)
            try:
                async with limit:
                    self._limits.add(limit)
                    try:
                        await do(it)
                    finally:
                        self._limits.discard(limit)
            except TimeoutError:
                if limit.expired():
                    raise LeaseLostError from None
                raise

        return bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """`owner` names this process, and no other before or after it."""

    leases: Leases
    owner: str
    clock: Callable[[], float] = elapsed

    async def hold(self, name: str, terms: Terms, work: Work) -> None:
        """Work under a lease until the work ends; whenever it is lost, stand by for it again.

        That is no failure of the work, and so no reason to wait longer each time.

        Raises:
            Exception: what the work raised.
        """
        while await self.hold_once(name, terms, work):
            pass

    async def hold_once(self, name: str, terms: Terms, work: Work) -> bool:
        """Stand by for a lease, then work until it is lost or the work ends; True when lost.

        The lease is kept while the work is being stopped, and released afterwards.

        Raises:
            Exception: what the work raised.
        """
        tenure = await self._begun(name, terms)
        log.info("lease_begins", lease=name, token=tenure.lease.token)
        working = asyncio.create_task(work(tenure), name=name)
        renewing = asyncio.create_task(self._renew(tenure, terms), name=f"renew {name}")
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            working.cancel()
            await asyncio.wait({working})
            renewing.cancel()
            await asyncio.wait({renewing})
            await self._over(tenure, lost=not renewing.cancelled())
        for it in (renewing, working):
            if not it.cancelled():
                it.result()
        return not renewing.cancelled()

    async def _begun(self, name: str, terms: Terms) -> Tenure:
        while True:
            asked_at = self.clock()
            with suppress(UnavailableError):
                lease = await self.leases.acquire(name, owner=self.owner, seconds=terms.lasts)
                until = asked_at + terms.lasts - terms.stop
                if lease is not None and self.clock() < until:
                    return Tenure(lease, until=until, clock=self.clock)
            await asyncio.sleep(terms.ask)

    async def _renew(self, tenure: Tenure, terms: Terms) -> None:
        """Renew until the tenure is over."""
        pause = terms.renew
        try:
            while True:
                await asyncio.sleep(min(pause, max(0.0, tenure.remaining)))
                if tenure.remaining <= 0 or (held := await self._renewed(tenure, terms)) is False:
                    return
                pause = terms.ask if held is None else terms.renew
        finally:
            tenure.end()

    async def _renewed(self, tenure: Tenure, terms: Terms) -> bool | None:
        """Renew once; None when nobody knows whether it is ours."""
        asked_at = self.clock()
        asked = self.leases.renew(tenure.lease, seconds=terms.lasts)
        try:
            held = await _answer(asked, seconds=tenure.remaining)
        except UnavailableError as error:
            log.warning("lease_not_renewed", lease=tenure.lease.name, reason=error.detail)
            return None
        if held:
            tenure.extend(asked_at + terms.lasts - terms.stop)
        return held

    async def _over(self, tenure: Tenure, *, lost: bool) -> None:
        tenure.end()
        about = {"lease": tenure.lease.name, "token": tenure.lease.token}
        if lost:
            log.warning("lease_lost", **about)
            return
        with suppress(UnavailableError):
            await _answer(self.leases.release(tenure.lease), seconds=_RELEASE_SECONDS)
        log.info("lease_released", **about)


async def _answer(asked: Coroutine[Any, Any, Answer], *, seconds: float) -> Answer:
    """Wait for it no longer than that; a database that hangs may hold up even a cancelling."""
    task = asyncio.create_task(asked)
    await asyncio.wait({task}, timeout=max(0.0, seconds))
    if not task.done():
        task.cancel()
        task.add_done_callback(lambda it: it.cancelled() or it.exception())  # nobody else will ask
        raise UnavailableError("There was no answer in time.")
    return task.result()
