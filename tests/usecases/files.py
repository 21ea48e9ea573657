"""A client's file on its way: a source that fails as told, and the processes it passes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.file import Source
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, Kind, Message
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Destination, Envelope
from helpdesk.sessions import serving
from tests.support.builders import phone
from tests.support.team import Firm
from tests.usecases.paper_bridge import PaperBridge

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


@dataclass
class Sources(PaperBridge):
    """Its files fail so many times, or always, as `troubles` says."""

    preset: bool = True
    files: dict[str, bytes] = field(default_factory=dict)
    troubles: list[BaseException] = field(default_factory=list)
    opened: int = 0

    @asynccontextmanager
    async def open_media(self, ref: str) -> AsyncIterator[AsyncIterator[bytes]]:
        self.opened += 1
        if self.troubles:
            raise self.troubles.pop(0)
        yield _pieces(self.files[ref])


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 1000):
        yield content[at : at + 1000]


@dataclass
class Way:
    """Carries reports and commands by hand between bot and consumer."""

    firm: Firm
    bridge: Sources = field(default_factory=Sources)
    seconds: float = 30.0  # that a message waits for its file; the machine may be busy

    async def send(
        self, content: bytes = JPEG, *, kind: Kind = Kind.IMAGE, caption: str = "", name: str = ""
    ) -> Message:
        """Let a client send a file; return the message as it is stored at once."""
        ref = f"wamid.{len(self.bridge.files)}"
        self.bridge.files[ref] = content
        cases = self.firm.cases
        forward = cases.forward_with_file(
            fetch=cases.fetch_media(bridge=self.bridge), seconds=self.seconds
        )
        async with cases.broker().serve(INBOUND, self._consume):
            await forward(
                InboundMessage(
                    at=self.firm.now(),
                    session_id=self.firm.office.session.id,
                    provider_id=ref,
                    sender=(phone(77),),
                    sender_name="João",
                    content=Content(kind, caption),
                    sent_at=self.firm.now(),
                    source=Source(ref=ref, name=name, mime="image/jpeg", size=len(content)),
                )
            )
        async with self.firm.store.transaction() as work:
            stored = await work.messages.of_provider(self.firm.office.session.id, ref)
        assert stored
        return stored

    async def obey(self) -> int:
        """Let the bot do what it was told; return how much that was."""
        entries = await self.firm.outbox.pending(Destination.BROKER, limit=100)
        lease = await self.firm.lease()
        async with self.firm.cases.broker().serve(INBOUND, self._consume):
            for it in entries:
                await serving(self.firm.cases, self.bridge, lease)(it.envelope.event)
        await self.firm.outbox.settle([it.position for it in entries])
        return len(entries)

    async def retry(self) -> int:
        """Let an hour pass, order what is due, and let the bot fetch it."""
        self.firm.later(hours=1)
        await self.firm.cases.order_fetches().once()
        return await self.obey()

    async def media(self, of: Message) -> Media:
        view = await self.firm.board.message(of.id)
        assert view.message.content.media
        return view.message.content.media

    async def bytes_of(self, media: Media) -> bytes:
        assert media.blob
        async with self.firm.cases.media().open(media.blob) as chunks:
            return b"".join([it async for it in chunks])

    async def _consume(self, envelope: Envelope) -> None:
        await self.firm.cases.consume_reports()(envelope.event)
