"""Telling admins of numbers that are down, and back; run every few seconds.

What is due is taken for a while, told outside of any transaction, and settled: however many
processes there are, each channel is told once.  A process that dies in between has it told again,
with the same id.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.outage import Alert, Outage, Told
from helpdesk.domain.patience import Patience
from helpdesk.domain.session import Session, SessionState
from helpdesk.ports.alerts import Alerts
from helpdesk.ports.directory import Directory
from helpdesk.ports.leases import Leases, lease_of
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock

BATCH: Final = 20
CLAIM: Final = timedelta(minutes=2)  # more than a channel may take
UNHELD: Final = "no process serves it"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOutages:
    """`channels`: by their names in the configuration."""

    store: Store
    directory: Directory
    leases: Leases
    channels: Mapping[str, Alerts]
    now: Clock
    patience: Patience
    grace: timedelta
    base_url: str

    async def __call__(self) -> None:
        """Notice numbers that nobody serves; tell what is due."""
        await self._notice()
        at = self.now()
        async with self.store.transaction() as work:
            due = await work.outages.take(at=at, until=at + CLAIM, limit=BATCH)
        await asyncio.gather(*map(self._tell, due))

    async def _notice(self) -> None:
        """Begin an outage where a bot died, which reports nothing; end it where all is well."""
        held = {it.name for it in await self.leases.held()}
        async with self.store.transaction() as work:
            for it in await work.sessions.all():
                await self._compare(work, it.id, served=lease_of(it.id) in held)

    async def _compare(self, work: UnitOfWork, id: SessionId, *, served: bool) -> None:
        session, at = await work.sessions.load(id), self.now()
        if session.state is not SessionState.CONNECTED:
            return  # its bridge told, and `TrackSession` knows
        last = await work.outages.last_of(id)
        if last is None or not last.is_open:
            if not served:
                begun = Outage.begin(session, grace=self.grace, at=at, reason=UNHELD)
                await work.outages.keep(begun)
        elif served:
            await work.outages.keep(last.end(at=at))

    async def _tell(self, outage: Outage) -> None:
        sessions = {it.id: it for it in await self.directory.sessions()}
        session = sessions.get(outage.session_id)
        if session is None:  # removed meanwhile
            await self._settle(outage, lambda it: it.dismiss(at=self.now()))
            return
        team = await self.directory.attendants(online_since=self.now())
        admins = [it.attendant for it in team if it.attendant.role is Role.ADMIN]
        to = [it for it in admins if it.active]
        missing, heard = outage.missing(self.channels), list[Told]()
        try:
            for it in missing:
                if await self._say(outage, it, session, to):
                    heard.append(it)
        finally:  # whatever goes wrong with one channel, no other is told again
            await self._settle(outage, partial(self._outcome, heard, failed=heard != missing))

    def _outcome(self, heard: list[Told], outage: Outage, *, failed: bool) -> Outage:
        settled = outage.hear(*heard, channels=self.channels, at=self.now())
        return settled.fail(self.patience, at=self.now()) if failed else settled

    async def _say(self, outage: Outage, told: Told, session: Session, to: list[Attendant]) -> bool:
        alert = Alert(
            id=f"{outage.session_id}/{outage.since:%Y%m%dT%H%M%S.%fZ}/{told.news}",
            news=told.news,
            session=session,
            since=outage.since,
            ended_at=outage.ended_at,
            link=f"{self.base_url}/sessions",
        )
        try:
            await self.channels[told.channel].send(alert, to)
        except UnavailableError:
            return False
        return True

    async def _settle(self, outage: Outage, change: Callable[[Outage], Outage]) -> None:
        async with self.store.transaction() as work:
            now = await work.outages.load(outage.session_id, outage.since)
            await work.outages.keep(change(now))
