"""The simulated phones: what a person with one can do, and what can be made to go wrong.

No actor here: the transport lets in only who sits at the machine, or signed-in admins.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from helpdesk.domain.amendment import Verb
from helpdesk.domain.attachment import content_of, spoken
from helpdesk.domain.file import MediaNotFoundError, Recognised, StoredFile
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MediaId
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, valid_text
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
from helpdesk.domain.usecases.fetch_media import LARGEST
from helpdesk.domain.usecases.send_media import Upload, natural_kind, valid_caption
from helpdesk.ports.media import MediaStore
from helpdesk.ports.simulator import Simulator, topic_of
from helpdesk.ports.system import Clock, NewId

LONGEST_WAIT: Final = 25.0  # seconds; proxies end a silent request after 30 or 60
LOOK_AGAIN: Final = 2.0  # seconds; a ring of the bell may be lost with a connection
PAGE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayPhone:
    simulator: Simulator
    media: MediaStore
    now: Clock
    new_id: NewId

    async def say(
        self,
        phone: str,
        text: str = "",
        *,
        content: Content | None = None,
        quote: str | None = None,
        name: str | None = None,
        id: UUID | None = None,
        hours_ago: float = 0,
    ) -> PhoneMessage:
        """Send a text, or `content`; a repeated `id` returns the message that it made.

        `hours_ago`: it was sent then, and comes now.

        Raises:
            InvalidError: fields "phone", "text", "quote", "name".
        """
        said = Said(
            id=str(id or self.new_id()),
            phone=Identity.phone(phone),
            content=content or spoken(text),
            quote=quote,
            name=None if name is None else valid_name(name),
        )
        return await self.simulator.phones.say(said, at=self.now() - timedelta(hours=hours_ago))

    async def keep(self, upload: Upload) -> Content:
        """Store a file that a phone is to send; it is what the person says it is.

        Raises:
            FileTooLargeError, UnavailableError.
            InvalidError: the caption.
        """
        caption = valid_caption(upload.caption)
        kind = upload.kind or natural_kind(upload.mime)
        claimed = Recognised(kind=kind, mime=upload.mime or "application/octet-stream")
        stored = await self.media.put(upload.chunks, limit=LARGEST)
        file = StoredFile(blob=stored.blob, recognised=claimed, name=upload.name)
        media = replace(Media.of_file(MediaId(self.new_id()), file), processing=False)
        return content_of(media, caption)

    async def file(self, phone: str, id: str) -> Media:
        """Find the file of a message on a phone.

        Raises:
            MediaNotFoundError.
            InvalidError: field "phone".
        """
        key = Identity.phone(phone).key
        it = await self.simulator.phones.message(id)
        if it is None or it.phone != key or it.content.media is None or not it.content.media.blob:
            raise MediaNotFoundError
        return it.content.media

    def open(
        self, media: Media, *, start: int, end: int
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Read it, or a part.  Entering raises MediaNotFoundError, UnavailableError."""
        assert media.blob is not None  # `file` looked
        return self.media.open(media.blob, start=start, end=end)

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
        banned: bool | None = None,
        latency_ms: int | None = None,
        fail_next: int | None = None,
        duplicate_next: int | None = None,
        reorder_next: int | None = None,
        fail_media: int | None = None,
        media_gone: bool | None = None,
    ) -> Network:
        """Set the switches that are given.

        Raises:
            InvalidError: a number is out of its range (the field's name).
        """
        return await self.simulator.change(
            lambda it: it.adjust(
                network=network,
                banned=banned,
                latency_ms=latency_ms,
                fail_next=fail_next,
                duplicate_next=duplicate_next,
                reorder_next=reorder_next,
                fail_media=fail_media,
                media_gone=media_gone,
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
