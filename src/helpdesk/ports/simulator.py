"""The simulated network of WhatsApp: its whole state, shared by all processes, kept for ever.

The api role acts for the phones, the bot's bridge for our number.  Every method may raise
UnavailableError.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Final, NewType, Protocol

from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Outbound, SendResult
from helpdesk.domain.identity import Identity
from helpdesk.domain.network import Network
from helpdesk.domain.simulator import (
    Conversation,
    News,
    Phone,
    PhoneMessage,
    PhoneView,
    Said,
)
from helpdesk.ports.system import Bell

Topic = NewType("Topic", str)
NETWORK: Final = Topic("simulator:network")  # the link of our number, and the switches
NEWS: Final = Topic("simulator:news")  # for the bridge


def topic_of(phone: str) -> Topic:
    """What the phone with this `Identity.key` shows."""
    return Topic(f"simulator:{phone}")


class Phones(Protocol):
    """What people with phones do; a phone comes into being when it is first used."""

    async def say(self, said: Said, *, at: datetime) -> PhoneMessage:
        """Send to the helpdesk, in order of calling per phone; a known id returns what it was.

        Raises:
            InvalidError: there is no such message to quote (field "quote").
        """
        ...

    async def conversation(
        self, phone: Identity, *, after: int, limit: int, at: datetime
    ) -> Conversation:
        """Show at most `limit` messages whose `seq` is over `after`, lowest first.

        When there are more, the conversation's `seq` is that of the last one shown.
        """
        ...

    async def amend(
        self, phone: Identity, id: str, verb: Verb, text: str, *, at: datetime
    ) -> PhoneMessage:
        """React to a message, change one's own, or take it back.

        Raises:
            InvalidError: there is no such message, or it cannot be changed (field "message").
        """

    async def wrote_at(self, phone: Identity) -> datetime | None:
        """When this phone last wrote what the network has; None: never."""
        ...

    async def message(self, id: str) -> PhoneMessage | None:
        """Find a message on whatever phone; None when there is none."""
        ...

    async def files_in_use(self, keys: Sequence[str]) -> set[str]:
        """Which of these SHA-256 a message on a phone has."""
        ...

    async def read(self, phone: Identity) -> None:
        """Read all that came in."""
        ...

    async def set_typing(self, phone: Identity, typing: bool, *, at: datetime) -> None:
        """Type, or stop."""
        ...

    async def all(self) -> list[PhoneView]:
        """List phones, the one with the newest message first."""
        ...

    async def put(
        self,
        phone: Identity,
        *,
        name: str | None = None,
        online: bool | None = None,
        missing: bool | None = None,
        at: datetime,
    ) -> Phone:
        """Change what is given; a phone that comes online sends and gets what waited."""
        ...


class Account(Protocol):
    """What the bridge sees and does, by the number of ours that it holds."""

    async def news(self, *, limit: int, but: Sequence[int] = (), at: datetime) -> list[News]:
        """Read what was not acknowledged, oldest first, except the positions in `but`.

        Nothing while the number is not connected.
        """
        ...

    async def acknowledge(self, positions: Sequence[int]) -> None:
        """Forget news; phones see their messages delivered.  Unknown positions are no error."""
        ...

    async def deliver(self, message: Outbound, *, at: datetime) -> SendResult:
        """Show it on the phone, once however often it is called with one id.

        Raises:
            UnavailableError: the number is not connected.
        """
        ...

    async def amend(
        self, phone: Identity, id: str, verb: Verb, text: str, *, at: datetime
    ) -> SendResult:
        """Change what the phone shows; doing it twice is once.

        Raises:
            UnavailableError: the number is not connected.
        """
        ...

    async def mark_read(self, phone: Identity, id: str) -> None:
        """Show the phone that its messages up to this one were read."""
        ...

    async def show_typing(self, phone: Identity, *, at: datetime) -> None:
        """Show the phone, for `TYPING_LASTS`, that the helpdesk types."""
        ...


class Simulator(Protocol):
    @property
    def phones(self) -> Phones:
        """For the people."""
        ...

    @property
    def account(self) -> Account:
        """For the bridge."""
        ...

    async def network(self) -> Network:
        """Return the present state of the link."""
        ...

    async def change(self, verb: Callable[[Network], Network]) -> Network:
        """Hold the state, make `verb` of it the new one, and return that."""
        ...

    def bell(self, topic: Topic) -> AbstractAsyncContextManager[Bell]:
        """Listen for changes while inside."""
        ...
