"""Queues between bots and consumers."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, NewType, Protocol

from helpdesk.domain.dead_letter import DeadLetter
from helpdesk.domain.ids import SessionId
from helpdesk.ports.outbox import Envelope

Queue = NewType("Queue", str)
Handler = Callable[[Envelope], Awaitable[None]]
Keep = Callable[[DeadLetter], Awaitable[None]]

INBOUND: Final = Queue("inbound")  # reports of bridges, for consumers


def commands_of(session: SessionId) -> Queue:
    """The queue of what the bot that holds `session` must do."""
    return Queue(f"session.{session}")


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

        A DomainError other than UnavailableError is final: the envelope is put aside, as a dead
        letter.  After anything else it is delivered again; what breaks its handler again and again
        is put aside as well, what finds a neighbour unavailable goes on being tried.
        """
        ...

    def gather(self, queue: Queue, keep: Keep) -> AbstractAsyncContextManager[None]:
        """Hand over what was put aside of this queue, while inside.

        A letter is forgotten here once `keep` returns; when it raises, it is asked again.
        """
        ...

    async def backlog(self, *queues: Queue) -> dict[Queue, int]:
        """Count what waits, some of it perhaps with its handler; a queue nobody used is empty.

        Raises:
            UnavailableError: the broker does not answer.
        """
        ...

    async def ping(self) -> None:
        """Raise UnavailableError when nothing can be published."""
        ...
