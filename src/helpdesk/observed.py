"""The broker as a process uses it: what is handled is counted, logged, and knows its way here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

import structlog

from helpdesk.adapters.wire import trail
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.meters import Meters
from helpdesk.ports.broker import INBOUND, Broker, Handler, Keep, Queue
from helpdesk.ports.outbox import Envelope

COMMANDS: Final = "session"  # stands for the queue of each session

log = structlog.get_logger(__name__)


class ObservedBroker:
    """Passes everything on."""

    def __init__(self, broker: Broker, meters: Meters) -> None:
        self._broker = broker
        self._meters = meters

    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        await self._broker.publish(queue, envelope, key=key)

    @asynccontextmanager
    async def serve(self, queue: Queue, handle: Handler) -> AsyncIterator[None]:
        async with self._broker.serve(queue, self._observing(queue, handle)):
            yield

    async def backlog(self, *queues: Queue) -> dict[Queue, int]:
        return await self._broker.backlog(*queues)

    @asynccontextmanager
    async def gather(self, queue: Queue, keep: Keep) -> AsyncIterator[None]:
        async with self._broker.gather(queue, keep):
            yield

    async def ping(self) -> None:
        await self._broker.ping()

    def _observing(self, queue: Queue, handle: Handler) -> Handler:
        name = INBOUND if queue == INBOUND else COMMANDS

        async def observe(envelope: Envelope) -> None:
            since, kind = perf_counter(), type(envelope.event).__name__
            outcome = "broken"
            try:
                with trail.bound(envelope.trail):
                    await handle(envelope)
                outcome = "handled"
            except UnavailableError:
                outcome = "failed"
                raise
            except DomainError:
                outcome = "refused"
                raise
            finally:
                seconds = perf_counter() - since
                self._meters.handled(name, kind, outcome, seconds)
            log.info("handled", queue=name, type=kind, milliseconds=round(seconds * 1000, 1))

        return observe
