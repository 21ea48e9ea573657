"""Forgetting files: those that were kept as long as configured, and those that nobody needs."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from helpdesk.domain.attachment import with_media
from helpdesk.domain.file import MediaKind, StoredBlob
from helpdesk.domain.ids import MessageId
from helpdesk.domain.media import MediaState
from helpdesk.domain.message import Kind
from helpdesk.ports.chores import Chore
from helpdesk.ports.media import MediaStore
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock

BATCH: Final = 200
GRACE: Final = timedelta(hours=24)  # in which an upload under way becomes a message


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFiles:
    """`keep` has no entry for what is kept for ever; `simulator` has files on its phones too."""

    store: Store
    media: MediaStore
    now: Clock
    keep: Mapping[MediaKind, timedelta]
    simulator: Simulator | None = None
    grace: timedelta = GRACE

    async def __call__(self) -> None:
        """Let go of old files, then delete what nobody needs any more.

        Raises:
            UnavailableError: a store failed; the next run goes on.
        """
        for kind, age in self.keep.items():
            while ids := await self._outdated(kind, age):
                for it in ids:
                    await self._remove(it)
        await self.clean_up()

    async def clean_up(self) -> int:
        """Delete what no message needs and nobody put lately; return how many."""
        before, deleted = self.now() - self.grace, 0
        await self.media.sweep(before=before)
        async for batch in _batches(self.media.older_than(before)):
            in_use = await self._in_use([it.blob.sha256 for it in batch])
            for it in batch:
                if it.blob.sha256 not in in_use:
                    deleted += await self.media.delete(it)
        return deleted

    async def _in_use(self, keys: list[str]) -> set[str]:
        async with self.store.transaction() as work:
            in_use = await work.chores.in_use(keys)
        if self.simulator is not None:
            in_use |= await self.simulator.phones.files_in_use(keys)
        return in_use

    async def _outdated(self, kind: MediaKind, age: timedelta) -> list[MessageId]:
        before = self.now() - age
        async with self.store.transaction() as work:
            return await work.chores.outdated(Kind(kind), before=before, limit=BATCH)

    async def _remove(self, id: MessageId) -> None:
        async with self.store.transaction() as work:
            it = await work.messages.load(id)
            media = it.content.media
            if media is None or media.state is MediaState.REMOVED:
                return
            attendance = await work.attendances.find(it.attendance_id)
            await work.save(with_media(it, media.remove(), attendance, self.now()))
            for chore in Chore:
                await work.chores.end(chore, id)


async def _batches(all: AsyncIterator[StoredBlob]) -> AsyncIterator[list[StoredBlob]]:
    batch: list[StoredBlob] = []
    async for it in all:
        batch.append(it)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
