"""`tests.support.phone_peer.PhonePeer` on the simulator, whose state is kept in any store."""

from uuid import uuid4

from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.adapters.whatsapp.simulator.bridge import SimulatedBridge
from helpdesk.adapters.whatsapp.simulator.templates import SampleTemplates
from helpdesk.domain.amendment import Verb
from helpdesk.domain.cards import ContactCard
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.usecases.play_phone import PlayPhone
from helpdesk.domain.usecases.send_media import Upload
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.templates import Templates
from tests.support.clock import StoppedClock
from tests.support.phone_peer import SESSION, GivenFile, Seen
from tests.support.phones import ANA
from tests.support.streams import pieces


class SimulatorPeer:
    def __init__(self, simulator: Simulator, now: StoppedClock) -> None:
        self._simulator = simulator
        self.media = MemoryMedia()
        self._now = now
        self._play = PlayPhone(simulator=simulator, media=self.media, now=now, new_id=uuid4)

    def bridge(self) -> Bridge:
        return self._bridge(window=False)

    def windowed(self) -> Bridge:
        return self._bridge(window=True)

    def _bridge(self, *, window: bool) -> Bridge:
        tokens = map(str, range(1000))
        return SimulatedBridge(
            SESSION,
            self._simulator,
            self.media,
            now=self._now,
            new_token=lambda: next(tokens),
            window=window,
        )

    async def say(self, text: str, *, by: Identity = ANA, quote: str | None = None) -> str:
        return (await self._play.say(by.value, text, quote=quote)).id

    async def introduce(self, name: str, *, by: Identity = ANA) -> None:
        await self._play.put_phone(by.value, name=name)

    async def give_file(self, it: GivenFile, *, by: Identity = ANA) -> str:
        upload = Upload(
            chunks=pieces(it.content), name=it.name, mime=it.mime, kind=it.kind, caption=it.caption
        )
        return (await self._play.say(by.value, content=await self._play.keep(upload))).id

    async def give_card(self, card: ContactCard, *, by: Identity = ANA) -> str:
        content = Content(Kind.CONTACT, "", contacts=(card,))
        return (await self._play.say(by.value, content=content)).id

    async def react(self, id: str, emoji: str, *, by: Identity = ANA) -> None:
        await self._play.amend(by.value, id, Verb.REACT, emoji)

    async def edit(self, id: str, text: str, *, by: Identity = ANA) -> None:
        await self._play.amend(by.value, id, Verb.EDIT, text)

    async def revoke(self, id: str, *, by: Identity = ANA) -> None:
        await self._play.amend(by.value, id, Verb.REVOKE)

    async def type(self, typing: bool, *, by: Identity = ANA) -> None:
        await self._play.set_typing(by.value, typing)

    async def read(self, *, by: Identity = ANA) -> None:
        await self._play.read(by.value)

    async def screen(self, *, of: Identity = ANA) -> list[Seen]:
        shown = await self._play.messages(of.value)
        return [
            Seen(it.content.text, it.delivery, it.quote, it.reaction_in, it.edited, it.revoked)
            for it in shown.items
        ]

    async def sees_typing(self, *, on: Identity = ANA) -> bool:
        return (await self._play.messages(on.value)).typing

    def templates(self) -> Templates:
        return SampleTemplates()

    async def fall_silent(self, *, of: Identity = ANA) -> None:
        self._now.advance(hours=24)

    async def unlink(self) -> None:
        await self._play.unlink()

    async def ban(self) -> None:
        await self._play.adjust(banned=True)

    async def pardon(self) -> None:
        await self._play.adjust(banned=False)

    async def scan(self) -> None:
        await self._play.scan()

    async def expire_code(self) -> None:
        pass  # it goes by the clock

    async def drop_network(self) -> None:
        await self._play.adjust(network=False)

    async def restore_network(self) -> None:
        await self._play.adjust(network=True)

    async def set_latency(self, milliseconds: int) -> None:
        await self._play.adjust(latency_ms=milliseconds)

    async def set_missing(self, phone: Identity) -> None:
        await self._play.put_phone(phone.value, missing=True)

    async def fail_next(self, count: int) -> None:
        await self._play.adjust(fail_next=count)

    async def duplicate_next(self, count: int) -> None:
        await self._play.adjust(duplicate_next=count)

    async def reorder_next(self, count: int) -> None:
        await self._play.adjust(reorder_next=count)
