"""The simulated phones: what a person with one can do, and what can be made to go wrong.

No actor here: the transport lets in only who sits at the machine, or signed-in admins.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from helpdesk.domain.amendment import Verb
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import Content, Kind, valid_text
from helpdesk.domain.network import Network
from helpdesk.domain.reaction import valid_emoji
from helpdesk.domain.simulator import (
    Conversation,
    Phone,
    PhoneMessage,
    PhoneView,
    Said,
    valid_name,
)
from helpdesk.ports.simulator import Simulator, topic_of
from helpdesk.ports.system import Clock, NewId

LONGEST_WAIT: Final = 25.0  # seconds; proxies end a silent request after 30 or 60
LOOK_AGAIN: Final = 2.0  # seconds; a ring of the bell may be lost with a connection
PAGE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayPhone:
    simulator: Simulator
    now: Clock
    new_id: NewId

    async def say(
        self,
        phone: str,
        text: str,
        *,
        quote: str | None = None,
        name: str | None = None,
        id: UUID | None = None,
    ) -> PhoneMessage:
        """Write to the helpdesk; a repeated `id` returns the message that it made.

        Raises:
            InvalidError: fields "phone", "text", "quote", "name".
        """
        said = Said(
            id=str(id or self.new_id()),
            phone=Identity.phone(phone),
            content=Content(Kind.TEXT, valid_text(text)),
            quote=quote,
            name=None if name is None else valid_name(name),
        )
        return await self.simulator.phones.say(said, at=self.now())

    async def messages(self, phone: str, *, after: int = 0, wait: float = 0) -> Conversation:
        """Show what is newer than `after`, or changed since; wait so many seconds for some.

        It also returns when the helpdesk stops typing.

        Raises:
            InvalidError: field "phone".
        """
        number = Identity.phone(phone)
        async with self.simulator.bell(topic_of(number.key)) as bell:
            left = min(wait, LONGEST_WAIT)
            shown = await self._shown(number, after)
            typing = shown.typing
            while shown.seq == after and shown.typing == typing and left > 0:
                pause = min(left, LOOK_AGAIN, self._typing_for(shown))
                left -= 0 if await bell(pause) else pause
                shown = await self._shown(number, after)
            return shown

    def _typing_for(self, shown: Conversation) -> float:
        if shown.typing_until is None:
            return LONGEST_WAIT
        return max((shown.typing_until - self.now()).total_seconds(), 0.01)

    async def _shown(self, number: Identity, after: int) -> Conversation:
        at = self.now()
        phones = self.simulator.phones
        shown = await phones.conversation(number, after=after, limit=PAGE, at=at)
        if shown.seq < after:  # a cursor of another life
            shown = await phones.conversation(number, after=0, limit=PAGE, at=at)
        return shown

    async def amend(self, phone: str, id: str, verb: Verb, text: str = "") -> PhoneMessage:
        """React to a message with an emoji, give one's own another text, or take it back.

        Raises:
            InvalidError: fields "phone", "message", "text", "emoji".
        """
        if verb is Verb.EDIT:
            valid_text(text)
        elif verb is Verb.REACT:
            valid_emoji(text)
        number = Identity.phone(phone)
        return await self.simulator.phones.amend(number, id, verb, text, at=self.now())

    async def read(self, phone: str) -> None:
        """Look at the screen: all that came in is read.

        Raises:
            InvalidError: field "phone".
        """
        await self.simulator.phones.read(Identity.phone(phone))

    async def set_typing(self, phone: str, typing: bool) -> None:
        """Type, or stop.

        Raises:
            InvalidError: field "phone".
        """
        await self.simulator.phones.set_typing(Identity.phone(phone), typing, at=self.now())

    async def phones(self) -> list[PhoneView]:
        """List phones, the one with the newest message first."""
        return await self.simulator.phones.all()

    async def put_phone(
        self,
        phone: str,
        *,
        name: str | None = None,
        online: bool | None = None,
        missing: bool | None = None,
    ) -> Phone:
        """Make a phone, or change what is given; `missing` takes it off WhatsApp.

        Raises:
            InvalidError: fields "phone", "name".
        """
        clean = None if name is None else valid_name(name)
        return await self.simulator.phones.put(
            Identity.phone(phone), name=clean, online=online, missing=missing, at=self.now()
        )

    async def network(self) -> Network:
        """Show the link and the switches; whose session it is."""
        return await self.simulator.network()

    async def adjust(
        self,
        *,
        network: bool | None = None,
        latency_ms: int | None = None,
        fail_next: int | None = None,
        duplicate_next: int | None = None,
        reorder_next: int | None = None,
    ) -> Network:
        """Set the switches that are given.

        Raises:
            InvalidError: a number is out of its range (the field's name).
        """
        return await self.simulator.change(
            lambda it: it.adjust(
                network=network,
                latency_ms=latency_ms,
                fail_next=fail_next,
                duplicate_next=duplicate_next,
                reorder_next=reorder_next,
            )
        )

    async def scan(self) -> None:
        """Scan the QR code with the phone of our number.

        Raises:
            NotScannableError: none is shown.
        """
        await self.simulator.change(Network.scan)

    async def unlink(self) -> None:
        """Remove the helpdesk from the linked devices of that phone."""
        await self.simulator.change(lambda it: it.unlink("unlinked on the phone"))
