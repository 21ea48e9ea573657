"""What is still to be done with files, within one unit of work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.adapters.memory.tables import TaskKey, TaskRow
from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.ids import MediaId, MessageId, SessionId
from helpdesk.domain.media import MediaState
from helpdesk.domain.message import Kind, Message
from helpdesk.ports.chores import Chore, Task

_HERE: Final = frozenset({MediaState.READY, MediaState.PENDING, MediaState.FAILED})


class Chores:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def schedule(self, chore: Chore, message: Message, *, due_at: datetime) -> None:
        key = chore.value, message.id
        await self._unit.hold("media task", key)
        self._unit.tables.media_tasks[key] = TaskRow(session=message.session_id, due_at=due_at)

    async def take(
        self,
        chore: Chore,
        *,
        session: SessionId | None = None,
        at: datetime,
        until: datetime,
        limit: int,
        in_flight: int | None = None,
    ) -> list[Task]:
        tasks = self._unit.tables.media_tasks
        mine = {
            key: it
            for key, it in tasks.items()
            if key[0] == chore.value and session in (None, it.session)
        }
        if in_flight is not None:
            taken = sum(it.taken and it.due_at > at for it in mine.values())
            limit = min(limit, in_flight - taken)
        due = sorted((it.due_at, key[1], key) for key, it in mine.items() if it.due_at <= at)
        found: list[TaskKey] = []
        for _, _, key in due:
            if len(found) >= limit:
                break
            if self._unit.holds.try_hold(self._unit.holder, "media task", key):
                found.append(key)
        for key in found:
            it = tasks[key]
            tasks[key] = replace(it, due_at=until, taken=True, times=it.times + 1)
        return [Task(message_id=key[1], times=tasks[key].times) for key in found]

    async def end(self, chore: Chore, message: MessageId) -> None:
        key = chore.value, message
        await self._unit.hold("media task", key)
        self._unit.tables.media_tasks.pop(key, None)

    async def next_due(self, chore: Chore) -> datetime | None:
        tasks = self._unit.tables.media_tasks.items()
        due = (it.due_at for key, it in tasks if key[0] == chore.value and not it.taken)
        return min(due, default=None)

    async def message_of(self, media: MediaId) -> Message | None:
        messages = self._unit.tables.messages.values()
        return next(
            (it for it in messages if it.content.media and it.content.media.id == media), None
        )

    async def in_use(self, keys: Sequence[str]) -> set[str]:
        media = (it.content.media for it in self._unit.tables.messages.values())
        used = {blob.sha256 for it in media if it for blob in it.blobs()}
        codes = (it.qr and it.qr.image for it in self._unit.tables.sessions.values())
        used |= {image.blob.sha256 for image in codes if image}
        return used & set(keys)

    async def outdated(self, kind: Kind, *, before: datetime, limit: int) -> list[MessageId]:
        found = [
            it
            for it in self._unit.tables.messages.values()
            if it.content.kind is kind and it.at < before and _is_here(it)
        ]
        return [it.id for it in sorted(found, key=lambda it: it.at)[:limit]]

    async def secret(self, name: str, draft: bytes) -> bytes:
        await self._unit.hold("secret", name)
        return self._unit.tables.secrets.setdefault(name, draft)


def _is_here(it: Message) -> bool:
    return it.content.media is not None and it.content.media.state in _HERE
