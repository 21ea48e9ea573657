"""A bridge that writes down what it should do."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from helpdesk.domain.bridge import Capabilities, Health, Outbound, Outcome, SendResult
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaGoneError
from helpdesk.domain.identity import Identity
from helpdesk.domain.session import SessionState
from helpdesk.ports.bridge import Sink


@dataclass
class PaperBridge:
    """Writes down what it should do; fails as told."""

    preset: bool
    sent: list[Outbound] = field(default_factory=list)
    done: list[object] = field(default_factory=list)
    answer: SendResult = field(default_factory=lambda: SendResult(outcome=Outcome.ACCEPTED))
    trouble: BaseException | None = None

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(preset_message_id=self.preset)

    async def run(self, sink: Sink) -> None:
        raise NotImplementedError

    async def send(self, message: Outbound) -> SendResult:
        if isinstance(self.trouble, UnavailableError):
            raise self.trouble
        self.sent.append(message)
        if self.trouble:
            raise self.trouble
        return self.answer

    def open_media(self, ref: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        raise MediaGoneError

    async def react(self, address: Identity, provider_id: str, emoji: str) -> SendResult:
        self.done.append(("react", address, provider_id, emoji))
        return self.answer

    async def edit(self, address: Identity, provider_id: str, text: str) -> SendResult:
        self.done.append(("edit", address, provider_id, text))
        return self.answer

    async def revoke(self, address: Identity, provider_id: str) -> SendResult:
        self.done.append(("revoke", address, provider_id))
        return self.answer

    async def check_contact(self, address: Identity) -> bool | None:
        return None

    async def request_pair_code(self, phone: str) -> None:
        self.done.append(phone)

    async def health(self) -> Health:
        return Health(state=SessionState.CONNECTED)

    async def mark_read(self, address: Identity, provider_id: str) -> None:
        self.done.append((address, provider_id))

    async def set_typing(self, address: Identity) -> None:
        self.done.append(address)

    async def logout(self) -> None:
        if self.trouble:
            raise self.trouble
        self.done.append("logout")
