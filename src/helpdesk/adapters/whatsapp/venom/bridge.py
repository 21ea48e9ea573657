"""`ports.bridge.Bridge` on WhatsApp Web: one sidecar, one Chromium, one number."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from helpdesk.adapters.whatsapp.venom.files import incoming, outgoing
from helpdesk.adapters.whatsapp.venom.holding import Holder
from helpdesk.adapters.whatsapp.venom.telling import chat_of
from helpdesk.adapters.whatsapp.worker.channel import (
    Channel,
    Fields,
    NotThereError,
    RefusedError,
    WorkerGoneError,
)
from helpdesk.adapters.whatsapp.worker.process import figures
from helpdesk.domain.bridge import Capabilities, Health, Outbound, Outcome, SendResult
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaGoneError, MediaLimits, VoiceFormat
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import Delivery, Failure
from helpdesk.domain.session import NotCapableError, SessionState
from helpdesk.ports.bridge import Sink
from helpdesk.ports.media import MediaStore

MB: Final = 1024 * 1024
# A file passes through Chromium as text, which is why documents stay below WhatsApp's own limit.
CAPABILITIES: Final = Capabilities(
    official=False,
    qr=True,
    session_restore=True,
    logout=True,
    typing=True,
    hears_typing=True,
    mark_read=True,
    quote=True,
    media=MediaLimits(image=16 * MB, sticker=0, document=64 * MB),
    voice=VoiceFormat.MP3,
    reactions=True,
    revoke=True,
    echo=True,
    check_contact=True,
    acks=frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ}),
)
ASKING_LIMIT: Final = 15.0  # seconds for what a page does at once
LOGOUT_LIMIT: Final = 40.0


class VenomBridge:
    def __init__(self, holder: Holder, media: MediaStore) -> None:
        self._holder = holder
        self._media = media

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    @property
    def state(self) -> SessionState:
        return self._holder.state

    async def run(self, sink: Sink) -> None:
        await self._holder.run(sink)

    async def send(self, message: Outbound) -> SendResult:
        chat = chat_of(message.address)
        if chat is None:
            return _rejected("recipient_unreachable", "WhatsApp Web knows no such address.")
        content, quote = message.content, message.quote_provider_id
        if content.location or content.contacts:
            return _rejected("bug", "This bridge sends no places and no cards.")
        params = {"to": chat, "text": content.text} | ({"quote": quote} if quote else {})
        if content.media is None:
            return await self._send({**params, "kind": "text"})
        self._linked()
        async with outgoing(content.media, self._media, self._holder.spool) as file:
            return await self._send(params | file)

    async def _send(self, params: Fields) -> SendResult:
        channel = self._linked()
        # Ours, so that a status settles an outcome that stayed unknown.
        id = f"3EB0{secrets.token_hex(9).upper()}"
        limit = self._holder.options.sending + ASKING_LIMIT
        try:
            answer = await channel.ask("send", limit=limit, id=id, **params)
        except RefusedError as error:
            return _refused(error)
        except NotThereError as error:
            raise UnavailableError("WhatsApp Web is not running.") from error
        except (WorkerGoneError, TimeoutError):
            return _unknown(f"true_{params['to']}_{id}")
        if answer["outcome"] == "accepted":
            return SendResult(outcome=Outcome.ACCEPTED, provider_id=answer["id"])
        return _unknown(answer["id"])

    @asynccontextmanager
    async def open_media(self, ref: str) -> AsyncIterator[AsyncIterator[bytes]]:
        limit = self._holder.options.loading + ASKING_LIMIT
        try:
            async with incoming(self._linked(), ref, self._holder.spool, limit=limit) as pieces:
                yield pieces
        except RefusedError as error:
            if error.code == "gone":
                raise MediaGoneError("WhatsApp does not have this file any more.") from error
            raise UnavailableError(f"WhatsApp did not give the file: {error}.") from error
        except (WorkerGoneError, TimeoutError, OSError) as error:
            raise UnavailableError(f"The file was not fetched: {error}.") from error

    async def react(self, address: Identity, provider_id: str, emoji: str) -> SendResult:
        return await self._amend("react", message=provider_id, emoji=emoji)

    async def edit(self, address: Identity, provider_id: str, text: str) -> SendResult:
        raise NotCapableError

    async def revoke(self, address: Identity, provider_id: str) -> SendResult:
        chat = chat_of(address)
        if chat is None or not provider_id.startswith("true_"):
            return _rejected("bug", "This is no message of ours.")
        return await self._amend("revoke", chat=chat, message=provider_id)

    async def _amend(self, method: str, **params: str) -> SendResult:
        channel = self._linked()
        try:
            await channel.ask(method, limit=ASKING_LIMIT, **params)
        except RefusedError as error:
            return _refused(error)
        except NotThereError as error:
            raise UnavailableError("WhatsApp Web is not running.") from error
        except (WorkerGoneError, TimeoutError):
            return _unknown(params["message"])
        return SendResult(outcome=Outcome.ACCEPTED, provider_id=params["message"])

    async def check_contact(self, address: Identity) -> bool | None:
        chat = chat_of(address)
        if chat is None or self._holder.channel is None:
            return None
        with suppress(RefusedError, WorkerGoneError, TimeoutError):
            answer = await self._holder.channel.ask("exists", limit=ASKING_LIMIT, chat=chat)
            return bool(answer["exists"])
        return None

    async def request_pair_code(self, phone: str) -> None:
        raise NotCapableError

    async def health(self) -> Health:
        return Health(state=self._holder.state, figures=self.figures())

    async def mark_read(self, address: Identity, provider_id: str) -> None:
        """Marks the whole chat: WhatsApp Web has no other way."""
        await self._try("mark_read", address)

    async def set_typing(self, address: Identity) -> None:
        await self._try("typing", address)

    async def logout(self) -> None:
        if self._holder.channel is None:
            raise UnavailableError("WhatsApp Web is not running.")
        try:
            await self._holder.channel.ask("logout", limit=LOGOUT_LIMIT)
        except (RefusedError, WorkerGoneError, TimeoutError) as error:
            raise UnavailableError(f"It was not unlinked: {error}") from error

    async def _try(self, method: str, address: Identity) -> None:
        chat = chat_of(address)
        if chat and self._holder.channel:
            with suppress(RefusedError, WorkerGoneError, TimeoutError):
                await self._holder.channel.ask(method, limit=ASKING_LIMIT, chat=chat)

    def _linked(self) -> Channel:
        if self._holder.channel is None or self._holder.state is not SessionState.CONNECTED:
            raise UnavailableError(f"WhatsApp Web is {self._holder.state}.")
        return self._holder.channel

    def figures(self) -> dict[str, float]:
        """Measure the sidecar and its Chromium: processes, memory in bytes."""
        return (
            figures(self._holder.pid) if self._holder.pid else {"processes": 0, "memory_bytes": 0}
        )


def _rejected(code: str, detail: str) -> SendResult:
    return SendResult(outcome=Outcome.REJECTED, failure=Failure(code, detail))


def _unknown(provider_id: str) -> SendResult:
    return SendResult(
        outcome=Outcome.UNKNOWN,
        provider_id=provider_id,
        failure=Failure("timeout_unknown", "WhatsApp did not say whether it took the message."),
    )


def _refused(error: RefusedError) -> SendResult:
    match error.code:
        case "not_connected":
            raise UnavailableError("WhatsApp Web is not connected.") from error
        case "missing":
            return _rejected("recipient_unreachable", "This number is not on WhatsApp.")
        case "refused":
            return _rejected("recipient_unreachable", error.detail)
        case _:
            return _rejected("bug", error.detail)
