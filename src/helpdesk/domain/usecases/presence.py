"""Who is online: a dashboard is connected, and they did not say that they are away."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.attendant import Attendant, PresenceChanged
from helpdesk.domain.change import Change
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.usecases.routing import ONLINE_FOR, RouteWaiting
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    store: Store
    now: Clock
    route_waiting: RouteWaiting

    async def beat(self, attendant: AttendantId, connection: str) -> None:
        """Note a live dashboard, at the start and with every heartbeat."""
        at = self.now()
        async with self.store.transaction() as work:
            if not await work.presence.beat(attendant, connection, at=at):
                return
            person = await work.team.attendant(attendant)
            await work.emit(_changed(person, online=True, at=at))
        if not person.away:
            await self.route_waiting.fill(person.id)

    async def leave(self, attendant: AttendantId, connection: str) -> None:
        """Note that a dashboard went."""
        async with self.store.transaction() as work:
            if await work.presence.leave(attendant, connection):
                await self._gone(work, attendant)

    async def expire(self) -> int:
        """Forget dashboards whose process died; run once a minute.  Return whose were."""
        async with self.store.transaction() as work:
            gone = await work.presence.expire(before=self.now() - ONLINE_FOR)
            for attendant in gone:
                await self._gone(work, attendant)
        return len(gone)

    async def present(
        self, *, by: Attendant, name: str | None = None, away: bool | None = None
    ) -> Attendant:
        """Say what one is called, and by hand whether new attendances may come.

        Raises:
            InvalidError: the name; nothing is changed then.
        """
        at = self.now()
        async with self.store.transaction() as work:
            person = await work.team.attendant(by.id)
            changes: list[Change[Attendant]] = []
            if name is not None:
                changes.append(person.revise(replace(person, name=name), at=at))
                person = changes[-1].state
            if away is not None:
                online = await work.presence.is_online(by.id, since=at - ONLINE_FOR)
                changes.append(person.step_away(away, online=online, at=at))
                person = changes[-1].state
            await work.save(*changes)
        if away is False:
            await self.route_waiting.fill(person.id)
        return person

    async def _gone(self, work: UnitOfWork, attendant: AttendantId) -> None:
        person = await work.team.attendant(attendant)
        await work.emit(_changed(person, online=False, at=self.now()))


def _changed(person: Attendant, *, online: bool, at: datetime) -> PresenceChanged:
    return PresenceChanged(at=at, attendant_id=person.id, online=online, away=person.away)
