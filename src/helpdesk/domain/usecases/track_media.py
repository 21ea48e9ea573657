"""A client's file that did not come with its message: asking the bot, and what it reports."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.domain.attachment import MediaReported, ask_again, fetch, with_media
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.file import MediaNotFoundError
from helpdesk.domain.ids import MediaId, SessionId
from helpdesk.domain.media import Media, MediaState
from helpdesk.domain.message import Message
from helpdesk.domain.patience import Patience
from helpdesk.domain.visibility import sees
from helpdesk.ports.chores import Chore
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock

AT_ONCE: Final = 16  # files of one session that its bot is asked for at a time
LEASE: Final = timedelta(hours=1)  # for an answer; the outbox loses none, so this never matters
LONGEST_REST: Final = 1.0  # seconds
SHORTEST_REST: Final = 0.05
LIVELY: Final = timedelta(seconds=5)  # since something was asked for
LIVELY_REST: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackMedia:
    store: Store
    now: Clock
    patience: Patience

    async def __call__(self, report: MediaReported) -> None:
        """Note that a file came, or when to try again.

        Raises:
            MessageNotFoundError.
        """
        at = self.now()
        async with self.store.transaction() as work:
            it = await work.messages.load(report.message_id)
            media = it.content.media
            if media is None or media.state is not MediaState.PENDING:
                return  # told before
            attendance = await work.attendances.find(it.attendance_id)
            change = with_media(it, _after(media, report, at), attendance, at)
            await work.save(change)
            await self._schedule(work, change.state, at)

    async def _schedule(self, work: UnitOfWork, it: Message, at: datetime) -> None:
        media = it.content.media
        assert media is not None
        if media.state is MediaState.PENDING:
            due_at = self.patience.next_try(media, at=at)
            await work.chores.schedule(Chore.FETCH, it, due_at=due_at)
            return
        await work.chores.end(Chore.FETCH, it.id)
        if media.state is MediaState.READY:
            await work.chores.schedule(Chore.CONVERT, it, due_at=at)


def _after(media: Media, report: MediaReported, at: datetime) -> Media:
    if report.file is not None:
        return media.arrive(report.file)
    return media.miss(report.reason, gone=report.gone, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFetches:
    store: Store
    now: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Ask bots for files that are due, until cancelled.

        Raises:
            UnavailableError: the store failed; call again after a while.
        """
        asked_at = None  # what comes of it may be due again soon
        while True:
            at, (asked, rest) = self.now(), await self.once()
            asked_at = at if asked else asked_at
            soon = asked_at is not None and at - asked_at < LIVELY
            await self.sleep(min(rest, LIVELY_REST) if soon else rest)

    async def once(self) -> tuple[int, float]:
        """Ask for what is due now; return for how much, and how many seconds to rest."""
        at, asked = self.now(), 0
        async with self.store.transaction() as work:
            due_at = await work.chores.next_due(Chore.FETCH)
            if due_at is None:
                return 0, LONGEST_REST
            if due_at <= at:
                for session in await work.sessions.all():
                    asked += await self._order(work, session.id, at)
                due_at = await work.chores.next_due(Chore.FETCH)
            left = (due_at - at).total_seconds() if due_at else LONGEST_REST
            return asked, min(max(left, SHORTEST_REST), LONGEST_REST)

    async def _order(self, work: UnitOfWork, session: SessionId, at: datetime) -> int:
        taken = await work.chores.take(
            Chore.FETCH, session=session, at=at, until=at + LEASE, limit=AT_ONCE, in_flight=AT_ONCE
        )
        for task in taken:
            it = await work.messages.find(task.message_id)
            wanted = fetch(it, at=at) if it else None
            if wanted is None:
                await work.chores.end(Chore.FETCH, task.message_id)
            else:
                await work.emit(wanted)
        return len(taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    store: Store
    now: Clock
    patience: Patience

    async def __call__(self, media: MediaId, *, by: Attendant) -> None:
        """Fetch a file now, and for as long again, at the wish of somebody who sees the message.

        Raises:
            MediaNotFoundError: also when it is not theirs to see.
            NotFetchableError.
        """
        at = self.now()
        async with self.store.transaction() as work:
            found = await work.chores.message_of(media)
            if found is None:
                raise MediaNotFoundError
            attendance = await work.attendances.find(found.attendance_id)
            if not sees(by, attendance):
                raise MediaNotFoundError
            it = await work.messages.load(found.id)
            until = self.patience.until(at)
            change = ask_again(it, until=until, attendance=attendance, at=at)
            await work.save(change)
            await work.chores.schedule(Chore.FETCH, change.state, due_at=at)
