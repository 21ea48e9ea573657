"""The dead letters of this process."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from helpdesk.adapters.memory import pages
from helpdesk.adapters.memory.outbox import MemoryOutbox
from helpdesk.adapters.wire import events as wire
from helpdesk.adapters.wire.events import UnreadableEventError
from helpdesk.domain.dead_letter import (
    DeadLetter,
    DeadLetterNotFoundError,
    LetterSearch,
    Replayed,
    UnreadableLetterError,
)
from helpdesk.domain.ids import DeadLetterId
from helpdesk.domain.views import Page
from helpdesk.ports.outbox import Envelope


class MemoryDeadLetters:
    def __init__(self, outbox: MemoryOutbox) -> None:
        self._outbox = outbox
        self._kept: dict[DeadLetterId, DeadLetter] = {}

    async def keep(self, letter: DeadLetter) -> None:
        self._kept[letter.id] = letter.after(self._kept.get(letter.id))

    async def page(
        self, search: LetterSearch, *, cursor: str | None, limit: int
    ) -> Page[DeadLetter]:
        return pages.page(
            self._found(search), place=_place, cursor=cursor, limit=limit, descending=True
        )

    async def letter(self, id: DeadLetterId) -> DeadLetter:
        found = self._kept.get(id)
        if found is None:
            raise DeadLetterNotFoundError
        return found

    async def replay(self, id: DeadLetterId, *, at: datetime) -> None:
        if not self._replayed(await self.letter(id), at):
            raise UnreadableLetterError

    async def replay_all(self, search: LetterSearch, *, at: datetime, limit: int) -> Replayed:
        found = sorted(self._found(search), key=lambda it: (it.first_at, it.id))
        done = 0
        for it in found:
            if done < limit and self._replayed(it, at):
                done += 1
        return Replayed(done, len(self._found(search)))

    async def discard(self, id: DeadLetterId) -> None:
        await self.letter(id)
        del self._kept[id]

    async def waiting(self) -> dict[str, int]:
        return Counter(it.queue for it in self._found(LetterSearch()))

    async def prune(self, *, before: datetime) -> None:
        kept = self._kept.values()
        old = [it.id for it in kept if it.replayed_at is not None and it.replayed_at < before]
        for it in old:
            del self._kept[it]

    def _found(self, search: LetterSearch) -> list[DeadLetter]:
        return [
            it
            for it in self._kept.values()
            if search.queue in ("", it.queue)
            and search.type in ("", it.type)
            and search.reason in (None, it.reason)
            and search.replayed == (it.replayed_at is not None)
        ]

    def _replayed(self, it: DeadLetter, at: datetime) -> bool:
        id = it.envelope_id
        try:
            event = wire.decode(it.type, it.body)
        except UnreadableEventError:
            return False
        if id is None:
            return False
        envelope = Envelope(id=id, event=event, correlation=it.correlation, trail=it.trail)
        self._outbox.direct(envelope, queue=it.queue, key=it.key)
        self._kept[it.id] = replace(it, replayed_at=at)
        return True


def _place(it: DeadLetter) -> pages.Place:
    return pages.moment(it.last_at), str(it.id)
