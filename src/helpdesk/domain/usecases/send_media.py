"""An attendant sends files: admitted first, then stored one by one, then told of all at once."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from helpdesk.domain.attachment import content_of
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import (
    MediaKind,
    MediaLimits,
    Recognised,
    StoredBlob,
    StoredFile,
    as_sticker,
)
from helpdesk.domain.ids import AttendanceId, MediaId, MessageId
from helpdesk.domain.media import Media
from helpdesk.domain.message import Direction, Message, valid_text
from helpdesk.domain.requests import KeyReusedError, id_for
from helpdesk.domain.usecases.abilities import abilities_of
from helpdesk.domain.usecases.fetch_media import Head
from helpdesk.domain.usecases.permissions import must_know
from helpdesk.domain.usecases.read_receipts import show_read
from helpdesk.domain.usecases.send_reply import find_quoted, shown
from helpdesk.domain.usecases.window import must_be_in_window
from helpdesk.domain.views import MessageView
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.chores import Chore
from helpdesk.ports.conversion import HEAD, Conversion
from helpdesk.ports.media import MediaStore
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId

CAPTION_LIMIT: Final = 1024  # WhatsApp's own, for the text below a file
FILES_AT_ONCE: Final = 30
_CLAIMED_BY: Final = {
    "image": MediaKind.IMAGE,
    "audio": MediaKind.AUDIO,
    "video": MediaKind.VIDEO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way in; `kind` None: what it is by itself."""

    chunks: AsyncIterator[bytes]
    name: str
    mime: str
    kind: MediaKind | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An upload that is stored, and that nobody has been told of."""

    stored: StoredBlob
    file: StoredFile
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMedia:
    store: Store
    media: MediaStore
    conversion: Conversion
    now: Clock
    new_id: NewId
    abilities: Abilities

    async def admit(self, attendance: AttendanceId, *, by: Attendant) -> MediaLimits:
        """Refuse before anything is uploaded what would be refused afterwards; say what may come.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, NotYoursError, WindowClosedError.
        """
        at = self.now()
        async with self.store.transaction() as work:
            it = await work.attendances.find(attendance)
            must_know(by, it)
            it.answer(by.id, at=at)
            await must_be_in_window(work, it, self.abilities, at=at)
            return (await abilities_of(work, it.session_id, self.abilities)).media.uploads

    async def keep(self, upload: Upload, limits: MediaLimits) -> Kept:
        """Store one file; how large it may be depends on what it begins with.

        Raises:
            FileTooLargeError, UnavailableError.
            InvalidError: the caption, a kind that this number's bridge does not send, or what no
                sticker can be made of.
        """
        caption = valid_caption(upload.caption)
        if caption and upload.kind is MediaKind.STICKER:
            raise InvalidError("A sticker has no caption.", field="caption")
        chunks, head = await _begun(upload.chunks)
        recognised = self._recognised(upload, head)
        limit = limits.of(recognised.kind)
        if not limit:
            raise InvalidError(f"No {recognised.kind} can be sent here.", field="file")
        stored = await self.media.put(Head(chunks), limit=limit)
        file = StoredFile(blob=stored.blob, recognised=recognised, name=upload.name)
        return Kept(stored=stored, file=file, caption=caption)

    def _recognised(self, upload: Upload, head: bytes) -> Recognised:
        claimed = upload.kind or natural_kind(upload.mime)
        sticker = claimed is MediaKind.STICKER
        found = self.conversion.recognise(
            head,
            claimed=MediaKind.IMAGE if sticker else claimed,
            name=upload.name,
            mime=upload.mime,
        )
        return as_sticker(found) if sticker else found

    async def __call__(
        self,
        attendance: AttendanceId,
        files: Sequence[Kept],
        *,
        by: Attendant,
        quote: MessageId | None = None,
        key: str | None = None,
    ) -> list[MessageView]:
        """Queue one message for each file, in order; the first one quotes.

        A repeated `key` returns what the first request with it made.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, NotYoursError, KeyReusedError.
            WindowClosedError: it closed during the upload.
            InvalidError: no file, too many, or the quote.
        """
        if not 1 <= len(files) <= FILES_AT_ONCE:
            raise InvalidError(f"Send 1 to {FILES_AT_ONCE} files.", field="file")
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_know(by, it)
            quoted = await find_quoted(work, it, quote)
            ids = [MessageId(self._id(by, key, place)) for place in range(len(files) + 1)]
            if key and (made := await _made(work, ids, files, attendance)):
                return [shown(one, by, quoted if one.quote else None) for one in made]
            sent = await self._send(work, it, list(zip(ids, files, strict=False)), by, quoted)
            if it.unread and it.attendant_id is None:  # who takes it by answering has read it
                await show_read(work, it, at=self.now())
        return [shown(one, by, quoted if one.quote else None) for one in sent]

    def _id(self, by: Attendant, key: str | None, place: int) -> UUID:
        if key is None:
            return self.new_id()
        # The first file's id is that of a message with this key: a key is for one thing.
        scope = ("message",) if place == 0 else ("message", place)
        return id_for(by.id, *scope, key=key)

    async def _send(
        self,
        work: UnitOfWork,
        it: Attendance,
        files: list[tuple[MessageId, Kept]],
        by: Attendant,
        quoted: Message | None,
    ) -> list[Message]:
        sent: list[Message] = []
        at = self.now()
        await must_be_in_window(work, it, self.abilities, at=at)
        for id, kept in files:
            answered: Change[Attendance] = it.answer(by.id, at=at)
            media = Media.of_file(MediaId(self.new_id()), kept.file)
            reply = Message.reply(
                id,
                answered=answered.state,
                content=content_of(media, kept.caption),
                author=by.id,
                quoted=quoted if not sent else None,
                at=at,
            )
            await work.save(answered, reply)
            await work.chores.schedule(Chore.CONVERT, reply.state, due_at=at)
            it = answered.state
            sent.append(reply.state)
        return sent

    async def discard(self, kept: Sequence[Kept]) -> None:
        """Delete what was stored for a request that then failed, unless somebody has the same.

        Raises:
            UnavailableError: the clean-up job will do it.
        """
        keys = [it.stored.blob.sha256 for it in kept]
        async with self.store.transaction() as work:
            in_use = await work.chores.in_use(keys)
        for it in kept:
            if it.stored.blob.sha256 not in in_use:
                await self.media.delete(it.stored)


async def _made(
    work: UnitOfWork, ids: list[MessageId], files: Sequence[Kept], attendance: AttendanceId
) -> list[Message] | None:
    """Find what the key made before; `ids` has one more, that of a file too few.

    Raises:
        KeyReusedError: that was something else.
    """
    found = [await work.messages.find(it) for it in ids]
    made = [it for it in found if it is not None]
    if not made:
        return None
    same = len(made) == len(files) and all(map(_is_of, made, files))
    if not same or any(it.attendance_id != attendance for it in made):
        raise KeyReusedError
    return made


def _is_of(it: Message, kept: Kept) -> bool:
    media = it.content.media
    return (
        it.direction is Direction.REPLY
        and media is not None
        and media.blob in (None, kept.stored.blob)  # None: it was removed since
        and it.content.text == kept.caption
    )


async def _begun(chunks: AsyncIterator[bytes]) -> tuple[AsyncIterator[bytes], bytes]:
    """Read as much as it takes to say what it is, and give that back with the rest."""
    first = bytearray()
    async for it in chunks:
        first += it
        if len(first) >= HEAD:
            break

    async def whole() -> AsyncIterator[bytes]:
        yield bytes(first)
        async for it in chunks:
            yield it

    return whole(), bytes(first[:HEAD])


def natural_kind(mime: str) -> MediaKind:
    """What a file of this type is when nobody says otherwise."""
    return _CLAIMED_BY.get(mime.partition("/")[0].lower(), MediaKind.DOCUMENT)


def valid_caption(text: str) -> str:
    """Return a caption as it is; none is fine.

    Raises:
        InvalidError: over 1024 characters, or what no text may have.
    """
    if not text:
        return text
    if len(text) > CAPTION_LIMIT:
        raise InvalidError(f"A caption has at most {CAPTION_LIMIT} characters.", field="caption")
    return valid_text(text)
