"""The far end of a bridge: phones, and the network between.  One scenario suite, several peers.

A peer of another bridge fits this protocol with its own fake of WhatsApp.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, NamedTuple, Protocol, TypeVar, runtime_checkable
from uuid import UUID

import pytest

from helpdesk.domain.bridge import InboundMessage, Report, StateReported
from helpdesk.domain.cards import ContactCard
from helpdesk.domain.file import MediaKind
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import SessionState
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.templates import Templates
from tests.support.phones import ANA

SESSION: Final = SessionId(UUID(int=1))
PATIENCE: Final = 60.0  # seconds; nothing is judged by its speed

Kind = TypeVar("Kind", bound=Report)


class Seen(NamedTuple):
    """A message as a phone shows it."""

    text: str
    tick: str
    quote: str | None = None
    reaction: str = ""  # the helpdesk's
    edited: bool = False
    revoked: bool = False


class GivenFile(NamedTuple):
    """A file as a client sends it."""

    kind: MediaKind
    mime: str
    content: bytes
    name: str
    caption: str = ""


class PhonePeer(Protocol):
    """Where a phone takes no such text or name, its verb raises InvalidError with the field."""

    def bridge(self) -> Bridge:
        """A fresh instance that finds the credentials of the one before, as after a restart."""
        ...

    async def say(self, text: str, *, by: Identity = ANA, quote: str | None = None) -> str:
        """Write to the helpdesk; returns the provider's id."""
        ...

    async def introduce(self, name: str, *, by: Identity = ANA) -> None:
        """Take a name, before the first message."""
        ...

    async def give_file(self, it: GivenFile, *, by: Identity = ANA) -> str: ...
    async def give_card(self, card: ContactCard, *, by: Identity = ANA) -> str: ...
    async def type(self, typing: bool, *, by: Identity = ANA) -> None: ...
    async def read(self, *, by: Identity = ANA) -> None: ...
    async def screen(self, *, of: Identity = ANA) -> list[Seen]: ...
    async def sees_typing(self, *, on: Identity = ANA) -> bool: ...
    async def unlink(self) -> None: ...
    async def ban(self) -> None: ...
    async def pardon(self) -> None: ...
    async def scan(self) -> None: ...
    async def expire_code(self) -> None: ...
    async def drop_network(self) -> None: ...
    async def restore_network(self) -> None: ...
    async def set_latency(self, milliseconds: int) -> None: ...
    async def set_missing(self, phone: Identity) -> None: ...
    async def fail_next(self, count: int) -> None: ...
    async def duplicate_next(self, count: int) -> None: ...
    async def reorder_next(self, count: int) -> None: ...


@runtime_checkable
class AmendingPeer(PhonePeer, Protocol):
    """Whose phones can change what they sent."""

    async def react(self, id: str, emoji: str, *, by: Identity = ANA) -> None:
        """Put an emoji on a message of either side; an empty one takes it back."""
        ...

    async def edit(self, id: str, text: str, *, by: Identity = ANA) -> None: ...
    async def revoke(self, id: str, *, by: Identity = ANA) -> None: ...


@runtime_checkable
class TemplatePeer(PhonePeer, Protocol):
    """Whose account has templates, `retomar_atendimento` and `pedido_enviado` among them."""

    def templates(self) -> Templates: ...

    def windowed(self) -> Bridge:
        """A bridge that lets free text through for a day after the client wrote."""
        ...

    async def fall_silent(self, *, of: Identity = ANA) -> None:
        """Let a day pass since this phone wrote."""
        ...


class Sink:
    """Takes reports; `failures` are raised first, and a closed `gate` keeps it waiting.

    Only reports of the `failing` kind fail: how the session is may be told again at any time.
    """

    def __init__(self) -> None:
        self.taken: list[Report] = []
        self.failures: list[Exception] = []
        self.failing: type[object] = object
        self.offered: list[Report] = []
        self.gates: dict[str, asyncio.Event] = {}  # by the report's key
        self._news = asyncio.Event()

    async def __call__(self, report: Report) -> None:
        self.offered.append(report)
        self._news.set()
        if self.failures and isinstance(report, self.failing):
            raise self.failures.pop(0)
        if gate := self.gates.get(report.key):
            await gate.wait()
        self.taken.append(report)
        self._news.set()

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [it for it in self.taken if isinstance(it, kind)]

    async def until(self, enough: Callable[[], object]) -> None:
        """Wait until what was offered or taken is enough."""
        async with asyncio.timeout(PATIENCE):
            while not enough():
                self._news.clear()
                await self._news.wait()

    async def has(self, kind: type[Kind], count: int = 1) -> list[Kind]:
        """Wait for so many reports of a kind, and return all of them."""
        await self.until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


@asynccontextmanager
async def running(bridge: Bridge, sink: Sink) -> AsyncIterator[Bridge]:
    """Run a bridge inside the block."""
    task = asyncio.create_task(bridge.run(sink))
    try:
        yield bridge
    finally:
        ended_by_itself = task.done()
        task.cancel()
        await asyncio.wait({task})
        if ended_by_itself:
            task.result()


def able(bridge: Bridge, **wanted: bool) -> None:
    """Leave the scenario out where the bridge declares that it cannot do this."""
    for name, value in wanted.items():
        if getattr(bridge.capabilities, name) is not value:
            pytest.skip(f"this bridge declares: {name} = {not value}")


async def eventually(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until `look` sees it."""
    async with asyncio.timeout(PATIENCE):
        while not await look():
            await asyncio.sleep(0.01)


def states(sink: Sink) -> list[SessionState]:
    """What was told of the session, without its steps on the way to being connected."""
    told = [it.state for it in sink.of(StateReported)]
    return [it for it in told if it is not SessionState.STARTING]


def texts(sink: Sink) -> list[str]:
    return [it.content.text for it in sink.of(InboundMessage)]


async def ticks(peer: PhonePeer) -> list[str]:
    return [it.tick for it in await peer.screen()]
