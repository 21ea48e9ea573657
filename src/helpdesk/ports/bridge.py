"""A bridge to WhatsApp: one instance holds one session (a number of ours)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from helpdesk.domain.bridge import Capabilities, Health, Outbound, Report, SendResult
from helpdesk.domain.identity import Identity

# Takes a report on; the bridge acknowledges upstream only after it returned.  Reports of equal
# `key` must be handed in one after another, in order; of different keys at the same time.
Sink = Callable[[Report], Awaitable[None]]

# What the bridge of this name (the adapter's folder) can do.
Abilities = Callable[[str], Capabilities]


class Bridge(Protocol):
    """What a bridge cannot do, by its `capabilities`, it refuses: it raises NotCapableError."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def run(self, sink: Sink) -> None:
        """Connect and report until cancelled; keeps credentials.  Reconnects by itself."""
        ...

    async def send(self, message: Outbound) -> SendResult:
        """Send once; never raises for what WhatsApp answers.

        Raises:
            UnavailableError: not connected, certainly not sent.
        """
        ...

    def open_media(self, ref: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Open a client's file by the `ref` of its `Source`; the reader bounds time and size.

        Entering, and reading, may raise:

        Raises:
            MediaGoneError: it is nowhere any more.
            UnavailableError: it cannot be had now; open it again later.
        """
        ...

    async def react(self, address: Identity, provider_id: str, emoji: str) -> SendResult:
        """Put an emoji on a message, or take ours back when it is empty; doing it twice is once.

        Raises:
            UnavailableError: not connected, certainly not done.
        """
        ...

    async def edit(self, address: Identity, provider_id: str, text: str) -> SendResult:
        """Give a message of ours another text; raises as `react` does."""
        ...

    async def revoke(self, address: Identity, provider_id: str) -> SendResult:
        """Take a message of ours back; raises as `react` does."""
        ...

    async def mark_read(self, address: Identity, provider_id: str) -> None:
        """Show the client that all up to this message was read; best effort."""
        ...

    async def set_typing(self, address: Identity) -> None:
        """Show the client for a few seconds that somebody types; best effort."""
        ...

    async def check_contact(self, address: Identity) -> bool | None:
        """Whether WhatsApp knows the address; None when it does not say."""
        ...

    async def request_pair_code(self, phone: str) -> None:
        """Ask for a code to type on the phone with this number (E.164); it is reported.

        Raises:
            UnavailableError: not now.
        """
        ...

    async def health(self) -> Health:
        """Say how it is, from what is known: this asks nobody and never fails."""
        ...

    async def logout(self) -> None:
        """Unlink the phone and delete the credentials; the state is reported as usual."""
        ...
