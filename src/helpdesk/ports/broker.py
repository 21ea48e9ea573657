"""Queues between bots and consumers."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, NewType, Protocol

from helpdesk.domain.ids import SessionId
from helpdesk.ports.outbox import Envelope

Queue = NewType("Queue", str)
Handler = Callable[[Envelope], Awaitable[None]]

INBOUND: Final = Queue("inbound")  # reports of bridges, for consumers


def commands_of(session: SessionId) -> Queue:
    """The queue of what the bot that holds `session` must do."""
    return Queue(f"session.{session}")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a queue, some of it perhaps with its handler; what was put aside for good."""

    waiting: int
    dead: int


class Broker(Protocol):
    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        """Return when the envelope is safe: confirmed by the broker, or handled.

        Envelopes of equal `key` in one queue are handled in the order of publishing, one at a
        time; different keys at the same time.

        Raises:
            UnavailableError: not confirmed; it may be handled all the same.
        """
        ...

    def serve(self, queue: Queue, handle: Handler) -> AbstractAsyncContextManager[None]:
        """Handle what comes while inside; leaving waits for what is being handled.

        A DomainError other than UnavailableError is final: the envelope is put aside.  After
        anything else it is delivered again, a limited number of times, then put aside.
        """
        ...

    async def backlog(self, *queues: Queue) -> dict[Queue, Backlog]:
        """Count; a queue that nobody ever used is empty.

        Raises:
            UnavailableError: the broker does not answer.
        """
        ...

    async def ping(self) -> None:
        """Raise UnavailableError when nothing can be published."""
        ...
