"""A broker without a queue: `publish` returns when the handler has, so nothing is ever kept here.

That is the promise of a durable queue without its disk: who published acknowledges upstream only
what was handled, and what was under way when the process died comes again from there.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import copy_context
from typing import Final

import structlog

from helpdesk.adapters.system.lanes import Lanes
from helpdesk.adapters.wire import correlation
from helpdesk.domain.errors import DomainError, ForbiddenError, UnavailableError
from helpdesk.ports.broker import Backlog, Handler, Queue
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
    """A queue: who serves it, and the order of what runs."""

    def __init__(self) -> None:
        self.servers: list[_Server] = []
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
            served.lanes.run(key, lambda: self._deliver(queue, envelope, server.handle)),
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

    async def backlog(self, *queues: Queue) -> dict[Queue, Backlog]:
        """Nothing is put aside here but in the log."""
        at_work = {it: [len(one.at_work) for one in self._queues[it].servers] for it in queues}
        return {it: Backlog(waiting=sum(counts), dead=0) for it, counts in at_work.items()}

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

    async def _deliver(self, queue: Queue, envelope: Envelope, handle: Handler) -> None:
        with correlation.bound(envelope.correlation):
            for pause in self._pauses:
                if await self._handled(queue, envelope, handle):
                    return
                await asyncio.sleep(pause)
            if not await self._handled(queue, envelope, handle):
                raise UnavailableError("It could not be handled; it is safe where it came from.")

    async def _handled(self, queue: Queue, envelope: Envelope, handle: Handler) -> bool:
        about = {
            "queue": queue,
            "envelope": str(envelope.id),
            "type": type(envelope.event).__name__,
        }
        try:
            await handle(envelope)
        except UnavailableError as error:
            log.warning("delivery_failed", error=error.detail, **about)
            return False
        except DomainError as error:
            # Final: no queue of the dead here, the line in the log is what remains.
            tell = log.warning if isinstance(error, ForbiddenError) else log.info
            tell("delivery_refused", code=error.code, error=error.detail, **about)
        except Exception:
            log.exception("delivery_broken", **about)
            return False
        return True
