"""`ports.bridge.Bridge` on the simulated network, whose state is kept in `ports.simulator`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final

from helpdesk.adapters.whatsapp.simulator.link import Link
from helpdesk.adapters.whatsapp.simulator.upstream import Upstream
from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Capabilities, Health, Outbound, SendResult
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaGoneError, MediaLimits, MediaNotFoundError
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Delivery
from helpdesk.domain.network import Network
from helpdesk.domain.session import NotCapableError, SessionState
from helpdesk.domain.simulator import refused
from helpdesk.domain.window import WINDOW
from helpdesk.ports.bridge import Sink
from helpdesk.ports.media import MediaStore
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.system import Clock, NewToken

CAPABILITIES: Final = Capabilities(
    qr=True,
    session_restore=True,
    typing=True,
    hears_typing=True,
    mark_read=True,
    quote=True,
    logout=True,
    reactions=True,
    edit=True,
    revoke=True,
    templates=True,
    check_contact=True,
    location=True,
    contacts=True,
    media=MediaLimits(),
    preset_message_id=True,
    holds_receipts=True,
    acks=frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ}),
)


class SimulatedBridge:
    def __init__(
        self,
        session: SessionId,
        simulator: Simulator,
        media: MediaStore,
        *,
        now: Clock,
        new_token: NewToken,
        window: bool = False,
    ) -> None:
        self._media = media
        self._session = session
        self._simulator = simulator
        self._now = now
        self._window = window
        self._link = Link(session, simulator, now, new_token)

    @property
    def capabilities(self) -> Capabilities:
        return replace(CAPABILITIES, window_24h=self._window)

    async def run(self, sink: Sink) -> None:
        upstream = Upstream(self._session, self._simulator, self._now, self._link, sink)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._link.run(sink))
            tasks.create_task(upstream.run())

    async def send(self, message: Outbound) -> SendResult:
        if message.address.scheme is not Scheme.PHONE:
            return refused("The simulator knows phone numbers only.")
        await asyncio.sleep(self._link.latency)
        if self._window and await self._is_late(message):
            return refused("The client last wrote more than 24 hours ago.", code="window_closed")
        return await self._simulator.account.deliver(message, at=self._now())

    async def _is_late(self, message: Outbound) -> bool:
        """Whether the window is over; what is on the phone already comes to no harm."""
        phones = self._simulator.phones
        if message.content.template or await phones.message(str(message.message_id)):
            return False
        wrote_at = await phones.wrote_at(message.address)
        return wrote_at is None or self._now() >= wrote_at + WINDOW

    @asynccontextmanager
    async def open_media(self, ref: str) -> AsyncIterator[AsyncIterator[bytes]]:
        network = await self._simulator.network()
        if network.media_gone:
            raise MediaGoneError("The simulator was told to have no files.")
        if network.fail_media:
            await self._simulator.change(Network.refuse_file)
            raise UnavailableError("The simulator was told not to give the file.")
        it = await self._simulator.phones.message(ref)
        if it is None or it.content.media is None or it.content.media.blob is None:
            raise MediaGoneError
        try:
            async with self._media.open(it.content.media.blob) as chunks:
                yield chunks
        except MediaNotFoundError as error:
            raise MediaGoneError from error

    async def react(self, address: Identity, provider_id: str, emoji: str) -> SendResult:
        return await self._amend(address, provider_id, Verb.REACT, emoji)

    async def edit(self, address: Identity, provider_id: str, text: str) -> SendResult:
        return await self._amend(address, provider_id, Verb.EDIT, text)

    async def revoke(self, address: Identity, provider_id: str) -> SendResult:
        return await self._amend(address, provider_id, Verb.REVOKE, "")

    async def _amend(self, address: Identity, id: str, verb: Verb, text: str) -> SendResult:
        await asyncio.sleep(self._link.latency)
        return await self._simulator.account.amend(address, id, verb, text, at=self._now())

    async def check_contact(self, address: Identity) -> bool | None:
        if address.scheme is not Scheme.PHONE:
            return False
        known = await self._simulator.phones.all()
        return not any(it.phone.missing for it in known if it.phone.number.key == address.key)

    async def request_pair_code(self, phone: str) -> None:
        raise NotCapableError

    async def health(self) -> Health:
        return Health(state=self._link.told or SessionState.STARTING)

    async def mark_read(self, address: Identity, provider_id: str) -> None:
        with suppress(UnavailableError):
            await self._simulator.account.mark_read(address, provider_id)

    async def set_typing(self, address: Identity) -> None:
        with suppress(UnavailableError):
            await self._simulator.account.show_typing(address, at=self._now())

    async def logout(self) -> None:
        await self._simulator.change(lambda it: it.unlink("logged out by the helpdesk"))
