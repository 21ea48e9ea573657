"""Holding sessions: each number of ours by one bot at a time, as many as there are.

A session that is new is found within `LOOK_AGAIN` seconds; one that another bot holds is stood by
for.  What goes wrong with one concerns no other.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Final, TypeAlias

import structlog

from helpdesk.configuration import SettingsError
from helpdesk.container import UseCases
from helpdesk.domain.bridge import StateReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import Session, SessionState
from helpdesk.domain.usecases.fetch_media import ForwardWithFile
from helpdesk.domain.usecases.forward_report import ForwardReport
from helpdesk.domain.usecases.send_carefully import Pacer, at_once
from helpdesk.domain.usecases.serve_bridge import ServeBridge
from helpdesk.holding import Holder, Tenure, Terms
from helpdesk.limits import SENDING, within
from helpdesk.opening import OpeningError
from helpdesk.ports.bridge import Bridge, Sink
from helpdesk.ports.broker import Broker, Keep, commands_of
from helpdesk.ports.leases import Lease, lease_of
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock
from helpdesk.supervisor import keep

LOOK_AGAIN: Final = 2.0  # seconds
TELL_AGAIN: Final = 60.0

OpenBridge: TypeAlias = Callable[[Session], Awaitable[Bridge]]
Holding: TypeAlias = dict[SessionId, "asyncio.Task[None]"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSessions:
    """`serve` runs until cancelled, or until its tenure is over."""

    store: Store
    holder: Holder
    terms: Terms
    mine: Callable[[Session], bool]
    serve: Callable[[Session, Tenure], Coroutine[Any, Any, None]]
    look_again: float = LOOK_AGAIN

    async def __call__(self) -> None:
        """Hold what can be held until cancelled; then let go of everything."""
        holding: Holding = {}
        try:
            while True:
                await self._look(holding)
                await asyncio.sleep(self.look_again)
        finally:
            for it in holding.values():
                it.cancel()
            await asyncio.gather(*holding.values(), return_exceptions=True)

    async def _look(self, holding: Holding) -> None:
        try:
            async with self.store.transaction() as work:
                found = {it.id: it for it in await work.sessions.all() if self.mine(it)}
        except UnavailableError as error:  # what is held goes on as long as its lease does
            log.warning("sessions_not_read", reason=error.detail)
            return
        for id in [id for id, task in holding.items() if task.done()]:
            del holding[id]
        for id in found.keys() - holding.keys():
            hold = partial(self._hold, found[id])
            holding[id] = asyncio.create_task(keep(f"session {id}", hold), name=f"session {id}")
        for id in holding.keys() - found.keys():
            if not holding[id].cancelling():  # what is being stopped is not begun again yet
                holding[id].cancel()

    async def _hold(self, session: Session) -> None:
        await self.holder.hold(lease_of(session.id), self.terms, partial(self.serve, session))


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherDead:
    """Keep the commands that were put aside, of each session there is; several processes may."""

    store: Store
    broker: Broker
    keep: Keep
    look_again: float = LOOK_AGAIN

    async def __call__(self) -> None:
        """Gather until cancelled, also for those that are removed meanwhile."""
        known: set[SessionId] = set()
        async with AsyncExitStack() as stack:
            while True:
                for id in await self._sessions() - known:
                    await stack.enter_async_context(self.broker.gather(commands_of(id), self.keep))
                    known.add(id)
                await asyncio.sleep(self.look_again)

    async def _sessions(self) -> set[SessionId]:
        try:
            async with self.store.transaction() as work:
                return {it.id for it in await work.sessions.all()}
        except UnavailableError as error:
            log.warning("sessions_not_read", reason=error.detail)
            return set()


def serving(cases: UseCases, bridge: Bridge, lease: Lease) -> ServeBridge:
    """Wire what a bot does for one session; a number that may be banned is used with care."""
    official = bridge.capabilities.official
    turn = at_once if official else Pacer(cases.care(), clock=monotonic, chance=random.random)
    return ServeBridge(
        bridge=bridge,
        deliver_reply=cases.deliver_reply(bridge=bridge, lease=lease, turn=turn),
        fetch_again=cases.fetch_again(fetch=cases.fetch_media(bridge=bridge)),
    )


def forwarding(cases: UseCases, bridge: Bridge) -> ForwardWithFile:
    """Wire what a bot does with what the bridge of one session reports."""
    forward: ForwardWithFile = cases.forward_with_file(fetch=cases.fetch_media(bridge=bridge))
    return forward


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSession:
    """Run the bridge of one session, and do what it is told to do."""

    broker: Broker
    open_bridge: OpenBridge
    forward: ForwardReport
    forwarding: Callable[[Bridge], ForwardWithFile]
    serving: Callable[[Bridge, Lease], ServeBridge]
    now: Clock
    tell_again: float = TELL_AGAIN

    async def __call__(self, session: Session, tenure: Tenure) -> None:
        """Serve until cancelled; a bridge that fails is run again.

        Raises:
            UnavailableError: the bridge cannot be opened here.
        """
        bridge = await self._opened(session)
        obey = within(SENDING, self.serving(bridge, tenure.lease))
        report = tenure.bound(self.forwarding(bridge))
        async with (
            self.broker.serve(commands_of(session.id), tenure.bound(obey)),
            asyncio.TaskGroup() as tasks,
        ):
            told = partial(self._tell_again, session, bridge, report)
            tasks.create_task(keep(f"state of {session.id}", told))
            tasks.create_task(keep(f"bridge {session.id}", partial(bridge.run, report)))

    async def _tell_again(self, session: Session, bridge: Bridge, report: Sink) -> None:
        """Say that it is connected now and then.

        That is when it was last seen; and it mends what a bot said late that had been succeeded.
        """
        while True:
            await asyncio.sleep(self.tell_again)
            state = (await bridge.health()).state
            if state is SessionState.CONNECTED:
                still = StateReported(at=self.now(), session_id=session.id, state=state, still=True)
                await report(still)

    async def _opened(self, session: Session) -> Bridge:
        try:
            return await self.open_bridge(session)
        except (SettingsError, OpeningError) as error:
            await self.forward(
                StateReported(
                    at=self.now(),
                    session_id=session.id,
                    state=SessionState.FAILED,
                    reason=str(error),
                )
            )
            raise UnavailableError(str(error)) from error
