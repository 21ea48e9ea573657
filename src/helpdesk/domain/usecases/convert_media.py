"""Making renditions, beside the requests: a queue in the store, and a few workers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from helpdesk.domain.attachment import with_media
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import UNSHOWN, Blob, MediaKind, MediaNotFoundError, Recognised
from helpdesk.domain.media import PHOTO_SIZE, VOICE_FORM, Form, Media, MediaState, Rendition
from helpdesk.domain.message import Direction, Message
from helpdesk.domain.usecases.abilities import abilities_of
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.chores import Chore, Task
from helpdesk.ports.conversion import Conversion, Converted, Made
from helpdesk.ports.media import MediaStore
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock

# How many do what in one process; each conversion is a process of its own.
WORKERS: Final = {Chore.CONVERT: 2, Chore.FILM: 1}
# After which another process may take what ours left.
LEASES: Final = {Chore.CONVERT: timedelta(minutes=5), Chore.FILM: timedelta(minutes=15)}
TRIES: Final = 3  # so often may a file have been under conversion when a process ended
PAUSE: Final = timedelta(seconds=30)  # before the next try, when the media store fails
REST: Final = 1.0  # seconds between two looks
LARGEST: Final = 100 * 1024 * 1024  # bytes of a rendition
_PIECE: Final = 256 * 1024
_TAKEN: Final = frozenset({Form.PHOTO, Form.STICKER})
_SHOWN: Final = frozenset({Form.THUMBNAIL, Form.POSTER, Form.PLAYABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertMedia:
    """`scratch` is a directory for files that are worked on."""

    store: Store
    media: MediaStore
    conversion: Conversion
    now: Clock
    scratch: Path
    abilities: Abilities
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Work off the queue until cancelled.

        Raises:
            UnavailableError: the store failed; call again after a while.
        """
        try:
            async with asyncio.TaskGroup() as workers:
                for chore, count in WORKERS.items():
                    for _ in range(count):
                        workers.create_task(self._work(chore))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _work(self, chore: Chore) -> None:
        while True:
            if not await self.once(chore):
                await self.sleep(REST)

    async def once(self, chore: Chore = Chore.CONVERT) -> bool:
        """Convert one file; False when there is none."""
        at = self.now()
        async with self.store.transaction() as work:
            taken = await work.chores.take(chore, at=at, until=at + LEASES[chore], limit=1)
            found = [(it, await work.messages.find(it.message_id)) for it in taken]
        for task, message in found:
            if message is not None:
                await self._convert(chore, task, message)
        return bool(taken)

    async def _convert(self, chore: Chore, task: Task, it: Message) -> None:
        media = it.content.media
        if media is None or media.state is not MediaState.READY or media.blob is None:
            await self._end(chore, it, None)
        elif task.times > TRIES:
            await self._end(chore, it, _plain(media, "It could not be converted."))
        else:
            make = self._made if chore is Chore.CONVERT else self._filmed
            try:
                await self._end(chore, it, await make(media, media.blob, it))
            except MediaNotFoundError:
                await self._end(chore, it, _plain(media, "It is not in the media store."))
            except UnavailableError:
                await self._later(chore, it)

    async def _made(self, media: Media, blob: Blob, it: Message) -> Media:
        forms, photo_size = await self._forms(media, it)
        converted, renditions = await self._asked(media, blob, forms, photo_size)
        made = media.convert(
            converted.recognised,
            converted.facts,
            renditions,
            reason=converted.reason,
            more=bool(converted.later),
        )
        return made if converted.later else _sendable(made, it)

    async def _filmed(self, media: Media, blob: Blob, it: Message) -> Media:
        converted, renditions = await self._asked(media, blob, frozenset({Form.PLAYABLE}))
        return _sendable(media.complete(renditions, reason=converted.reason), it)

    async def _asked(
        self, media: Media, blob: Blob, forms: frozenset[Form], photo_size: int = PHOTO_SIZE
    ) -> tuple[Converted, tuple[Rendition, ...]]:
        recognised = Recognised(kind=media.kind, mime=media.mime)
        async with self._spooled(blob) as (original, into):
            converted = await self.conversion.convert(
                original, recognised, into=into, forms=forms, photo_size=photo_size
            )
            renditions = [await self._kept(form, one) for form, one in converted.made.items()]
        return converted, tuple(renditions)

    async def _forms(self, media: Media, it: Message) -> tuple[frozenset[Form], int]:
        """What people see, and of what an attendant sends, what the number's bridge takes.

        The bytes are those of a photo, at most.
        """
        if it.direction is not Direction.REPLY:
            return _SHOWN | ({Form.PHOTO} if media.mime in UNSHOWN else set()), PHOTO_SIZE
        async with self.store.transaction() as work:
            able = await abilities_of(work, it.session_id, self.abilities)
        voice = VOICE_FORM.get(able.voice)
        taken = {voice} if voice and media.kind is MediaKind.VOICE else set()
        return _SHOWN | _TAKEN | taken, able.media.image

    @asynccontextmanager
    async def _spooled(self, blob: Blob) -> AsyncIterator[tuple[Path, Path]]:
        """Put the file on disk, where a program can open it, beside an empty directory."""
        self.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.scratch) as folder:
            original, into = Path(folder) / "original", Path(folder) / "made"
            into.mkdir()
            with original.open("wb") as file:
                async with self.media.open(blob) as chunks:
                    async for chunk in chunks:
                        await asyncio.to_thread(file.write, chunk)
            yield original, into

    async def _kept(self, form: Form, made: Made) -> Rendition:
        stored = await self.media.put(_pieces(made.path), limit=LARGEST)
        return Rendition(
            form=form, blob=stored.blob, mime=made.mime, width=made.width, height=made.height
        )

    async def _end(self, chore: Chore, it: Message, media: Media | None) -> None:
        """Write what came of it, unless the file changed or went meanwhile."""
        async with self.store.transaction() as work:
            held = await work.messages.load(it.id)
            if media and held.content.media == it.content.media:
                attendance = await work.attendances.find(held.attendance_id)
                await work.save(with_media(held, media, attendance, self.now()))
                if media.processing:
                    await work.chores.schedule(Chore.FILM, it, due_at=self.now())
            await work.chores.end(chore, it.id)

    async def _later(self, chore: Chore, it: Message) -> None:
        async with self.store.transaction() as work:
            await work.chores.schedule(chore, it, due_at=self.now() + PAUSE)


def _sendable(media: Media, it: Message) -> Media:
    """Let go as a document what cannot be made such that WhatsApp plays it."""
    unplayable = media.reason and it.direction is Direction.REPLY
    return _plain(media, media.reason) if unplayable else media


def _plain(media: Media, reason: str) -> Media:
    plain = Recognised(kind=MediaKind.DOCUMENT, mime=media.mime)
    return media.convert(plain, media.facts, (), reason=reason)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
