"""A broker without a queue: `publish` returns when the handler has, so nothing is ever kept here.

That is the promise of a durable queue without its disk: who published acknowledges upstream only
what was handled, and what was under way when the process died comes again from there.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from helpdesk.adapters.system.lanes import Lanes
from helpdesk.adapters.wire import correlation
from helpdesk.adapters.wire import events as wire
from helpdesk.domain.dead_letter import DETAIL_LIMIT, DeadLetter, DeathReason
from helpdesk.domain.errors import DomainError, ForbiddenError, UnavailableError
from helpdesk.ports.broker import Handler, Keep, Queue
from helpdesk.ports.outbox import Envelope

AT_ONCE: Final = 64  # handlers of one queue; most of them wait for the store's pool
WAITING: Final = 1024
PAUSES: Final = (0.1, 0.5)  # seconds before each redelivery
PATIENCE: Final = 2.0  # seconds for somebody to serve the queue, as at start and on reload

log = structlog.get_logger(__name__)


class _Server:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle
        # As with a queue on a server: nothing of the publisher's context reaches who handles.
        self.context = copy_context()
        self.at_work: set[asyncio.Task[None]] = set()


class _Served:
    """A queue: who serves it, who keeps its dead, and the order of what runs."""

    def __init__(self) -> None:
        self.servers: list[_Server] = []
        self.keepers: list[Keep] = []
        self.opened = asyncio.Event()
        self.lanes = Lanes(at_once=AT_ONCE, waiting=WAITING)


class LocalBroker:
    def __init__(self, *, patience: float = PATIENCE, pauses: Sequence[float] = PAUSES) -> None:
        self._patience = patience
        self._pauses = tuple(pauses)
        self._queues = defaultdict[Queue, _Served](_Served)

    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        """The rendezvous; a caller that is cancelled leaves the handler at work."""
        served = self._queues[queue]
        server = await self._server_of(queue, served)
        task = asyncio.create_task(
            served.lanes.run(key, lambda: self._deliver(_Delivery(queue, envelope, key), server)),
            context=server.context.copy(),
        )
        server.at_work.add(task)
        task.add_done_callback(server.at_work.discard)
        await asyncio.shield(task)

    @asynccontextmanager
    async def serve(self, queue: Queue, handle: Handler) -> AsyncIterator[None]:
        served, server = self._queues[queue], _Server(handle)
        served.servers.append(server)
        served.opened.set()
        try:
            yield
        finally:
            served.servers.remove(server)
            if not served.servers:
                served.opened.clear()
            while server.at_work:
                await asyncio.wait(server.at_work)

    async def backlog(self, *queues: Queue) -> dict[Queue, int]:
        return {it: sum(len(one.at_work) for one in self._queues[it].servers) for it in queues}

    @asynccontextmanager
    async def gather(self, queue: Queue, keep: Keep) -> AsyncIterator[None]:
        keepers = self._queues[queue].keepers
        keepers.append(keep)
        try:
            yield
        finally:
            keepers.remove(keep)

    async def ping(self) -> None:
        """It is there as long as the process is."""

    async def _server_of(self, queue: Queue, served: _Served) -> _Server:
        try:
            async with asyncio.timeout(self._patience):
                while not served.servers:
                    await served.opened.wait()
        except TimeoutError:
            raise UnavailableError(f"Nobody serves the queue {queue}.") from None
        return served.servers[0]

    async def _deliver(self, it: "_Delivery", server: _Server) -> None:
        with correlation.bound(it.envelope.correlation):
            for pause in (*self._pauses, None):
                it.attempts += 1
                outcome = await it.handled_by(server.handle)
                if outcome is None:
                    return
                if it.is_over(outcome, last=pause is None):
                    await self._bury(it.letter(outcome))
                    return
                if pause is not None:
                    await asyncio.sleep(pause)
            raise UnavailableError("It could not be handled; it is safe where it came from.")

    async def _bury(self, letter: DeadLetter) -> None:
        """Hand it to who gathers the dead; there is no other place for it here."""
        keepers = self._queues[Queue(letter.queue)].keepers
        if not keepers:
            raise UnavailableError("Nobody keeps dead letters; it is safe where it came from.")
        await keepers[0](letter)


@dataclass(slots=True)
class _Delivery:
    queue: Queue
    envelope: Envelope
    key: str
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    attempts: int = 0
    bugs: int = 0

    async def handled_by(self, handle: Handler) -> Exception | None:
        """Try once; return what went wrong."""
        about = {
            "queue": self.queue,
            "envelope": str(self.envelope.id),
            "type": type(self.envelope.event).__name__,
        }
        try:
            await handle(self.envelope)
        except UnavailableError as error:
            log.warning("delivery_failed", error=error.detail, **about)
            return error
        except DomainError as error:
            tell = log.warning if isinstance(error, ForbiddenError) else log.info
            tell("delivery_refused", code=error.code, error=error.detail, **about)
            return error
        except Exception as error:
            log.exception("delivery_broken", **about)
            self.bugs += 1
            return error
        return None

    def is_over(self, error: Exception, *, last: bool) -> bool:
        """Whether it is to be put aside: refused, or it broke its handler each time."""
        if isinstance(error, DomainError):
            return not isinstance(error, UnavailableError)
        return last and self.bugs == self.attempts

    def letter(self, error: Exception) -> DeadLetter:
        refused = isinstance(error, DomainError)
        name, body = wire.encode(self.envelope.event)
        return DeadLetter(
            queue=self.queue,
            key=self.key,
            message_id=str(self.envelope.id),
            type=name,
            correlation=self.envelope.correlation,
            trail=self.envelope.trail,
            body=body,
            reason=DeathReason.REFUSED if refused else DeathReason.EXHAUSTED,
            error=error.code if isinstance(error, DomainError) else error.__class__.__name__,
            detail=str(error)[:DETAIL_LIMIT],
            attempts=self.attempts,
            first_at=self.began,
            last_at=datetime.now(UTC),
        )
