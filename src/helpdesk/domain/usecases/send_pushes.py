"""From the feed to devices on which no dashboard is open.

Following the feed leaves the relay alone: a push service that is down delays nothing else.  What is
to be told is kept, one entry for each device and attendance; whether it still concerns the person
is looked at when it is sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.patience import Patience
from helpdesk.domain.push import (
    Device,
    DeviceGoneError,
    Notice,
    PushChoice,
    PushKind,
    PushTask,
    concerns,
    told_of,
)
from helpdesk.domain.usecases.routing import ONLINE_FOR
from helpdesk.ports.feed import CursorTooOldError, Feed, FeedItem
from helpdesk.ports.push import Push
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock

BATCH: Final = 50
CLAIM: Final = timedelta(minutes=1)  # more than a push service may take
IDLE: Final = 1.0  # seconds between looks
TOGETHER: Final = 0.2  # seconds in which what comes is noted at once
AT_ONCE: Final = 500  # events, at most: what is more is noted in the next round
PATIENCE: Final = Patience(
    first=timedelta(seconds=5), longest=timedelta(minutes=5), hold_out=timedelta(hours=1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowForPush:
    store: Store
    feed: Feed
    now: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Note what is to be told, until cancelled.

        Raises:
            UnavailableError: call again after a while.
        """
        while True:
            try:
                async with asyncio.TaskGroup() as group:
                    heard = asyncio.Queue[FeedItem](AT_ONCE)
                    group.create_task(self._listen(await self._since(), heard))
                    await self._note_all(heard)
            except ExceptionGroup as failures:
                if not isinstance(failures.exceptions[0], CursorTooOldError):
                    raise failures.exceptions[0] from failures
                # Nobody wants to hear of what was days ago.
                await self._advance(await self.feed.head())

    async def _listen(self, since: int, heard: asyncio.Queue[FeedItem]) -> None:
        async for it in self.feed.follow(since, hurry=False):
            await heard.put(it)

    async def _note_all(self, heard: asyncio.Queue[FeedItem]) -> None:
        """Note what comes closely together at once."""
        while True:
            some = [await heard.get()]
            await self.sleep(TOGETHER)
            while not heard.empty():
                some.append(heard.get_nowait())
            await self.note(some)

    async def note(self, items: Sequence[FeedItem]) -> None:
        """Schedule some things for those whom they concern; what is old is no news."""
        since = self.now() - PATIENCE.hold_out
        events = [(it.cursor, it.envelope.event) for it in items]
        told = [
            (cursor, *news)
            for cursor, event in events
            if event.at >= since and (news := told_of(event)) is not None
        ]
        if not told:
            return
        async with self.store.transaction() as work:
            await self._note(work, told)

    async def _note(
        self, work: UnitOfWork, told: Sequence[tuple[int, PushKind, Attendance, str]]
    ) -> None:
        devices = await work.pushes.devices()
        if not devices:
            return
        for _, kind, attendance, text in told:
            await self._schedule(work, devices, kind, attendance, text)
        await work.pushes.advance(told[-1][0])

    async def _schedule(
        self,
        work: UnitOfWork,
        devices: list[Device],
        kind: PushKind,
        attendance: Attendance,
        text: str,
    ) -> None:
        wanted, at = await _concerned(work, devices, attendance, now=self.now), self.now()
        for it in devices:
            if it.attendant_id in wanted:
                task = PushTask(
                    device_id=it.id,
                    attendance_id=attendance.id,
                    kind=kind,
                    text=text if wanted[it.attendant_id].content else "",
                    at=at,
                )
                await work.pushes.schedule(task, due_at=at)

    async def _since(self) -> int:
        async with self.store.transaction() as work:
            known = await work.pushes.cursor()
        return await self.feed.head() if known is None else known

    async def _advance(self, cursor: int) -> None:
        async with self.store.transaction() as work:
            await work.pushes.advance(cursor)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPushes:
    store: Store
    push: Push
    now: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self) -> None:
        """Send what is due until cancelled.

        Raises:
            UnavailableError: the store failed; call again after a while.
        """
        while True:
            if not await self.once():
                await self.sleep(IDLE)

    async def once(self) -> int:
        """Send what is due now, and return how much it was."""
        at = self.now()
        async with self.store.transaction() as work:
            due = await work.pushes.take(at=at, until=at + CLAIM, limit=BATCH)
        await asyncio.gather(*map(self._send, due))
        return len(due)

    async def _send(self, task: PushTask) -> None:
        async with self.store.transaction() as work:
            late = self.now() >= PATIENCE.until(task.at)
            found = None if late else await self._notice(work, task)
        try:
            if found is not None:
                await self.push.send(*found)
        except DeviceGoneError:
            async with self.store.transaction() as work:
                await work.pushes.forget(task.device_id)
            return
        except UnavailableError:
            await self._again(task)
            return
        async with self.store.transaction() as work:
            await work.pushes.end(task)

    async def _again(self, task: PushTask) -> None:
        tried = replace(task, attempts=task.attempts + 1)
        async with self.store.transaction() as work:
            await work.pushes.put_off(tried, due_at=self.now() + PATIENCE.pause(tried.attempts))

    async def _notice(self, work: UnitOfWork, task: PushTask) -> tuple[Device, Notice] | None:
        """Say what to tell; None when it does not concern the person any more."""
        device = next((it for it in await work.pushes.devices() if it.id == task.device_id), None)
        try:
            attendance = await work.attendances.find(task.attendance_id)
        except AttendanceNotFoundError:
            return None
        if device is None:
            return None
        wanted = await _concerned(work, [device], attendance, now=self.now)
        if device.attendant_id not in wanted:
            return None
        content = wanted[device.attendant_id].content
        notice = Notice(
            attendance_id=attendance.id,
            kind=task.kind,
            locale=device.locale,
            name=(await work.clients.load(attendance.client_id)).name if content else "",
            text=task.text if content else "",
        )
        return device, notice


async def _concerned(
    work: UnitOfWork, devices: list[Device], attendance: Attendance, *, now: Clock
) -> dict[AttendantId, PushChoice]:
    """Who has one of these devices and no dashboard open, and is waited for."""
    people = list(dict.fromkeys(it.attendant_id for it in devices))
    choices = await work.pushes.choices(people)
    found: dict[AttendantId, PushChoice] = {}
    for it in await work.team.colleagues(people):
        choice = choices.get(it.id, PushChoice())
        concerned = concerns(it, choice, attendance)
        if concerned and not await work.presence.is_online(it.id, since=now() - ONLINE_FOR):
            found[it.id] = choice
    return found
