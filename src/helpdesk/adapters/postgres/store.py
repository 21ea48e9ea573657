"""The store: one transaction for each unit of work.

The repositories are in modules of their own; what they share is a `Unit`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.chores import Chores
from helpdesk.adapters.postgres.clients import Clients
from helpdesk.adapters.postgres.company import Company
from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.conversations import Attendances, Feedbacks, Messages
from helpdesk.adapters.postgres.early import PRUNE_EARLY, Early
from helpdesk.adapters.postgres.leases import IS_HELD
from helpdesk.adapters.postgres.outages import PRUNE_OUTAGES, Outages
from helpdesk.adapters.postgres.outbox import topic_of
from helpdesk.adapters.postgres.people import Presence, Sessions, SignIns, Team
from helpdesk.adapters.postgres.projection import Projection
from helpdesk.adapters.postgres.pushes import Pushes
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.unheld import Unheld
from helpdesk.adapters.postgres.unit import Held, Unit
from helpdesk.domain.attendance import AttendanceOpenError
from helpdesk.domain.change import Change, Event
from helpdesk.ports.leases import Lease, LeaseLostError
from helpdesk.ports.store import Entity, UnitOfWork

# A real write: a standby refuses it, and so does a disk that is full.
_PING: Final = """
INSERT INTO inbox (delivery) VALUES ('ping')
ON CONFLICT (delivery) DO UPDATE SET claimed_at = excluded.claimed_at
"""
_COMPETITOR: Final = """
SELECT attendance.id
FROM attendance JOIN unnest($1::uuid[], $2::uuid[]) AS it (client_id, session_id)
    USING (client_id, session_id)
WHERE status <> 'closed' AND attendance.id <> ALL ($3::uuid[])
LIMIT 1
"""


class PostgresWork:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.clients = Clients(unit)
        self.attendances = Attendances(unit)
        self.messages = Messages(unit)
        self.early = Early(unit)
        self.team = Team(unit)
        self.presence = Presence(unit)
        self.feedbacks = Feedbacks(unit)
        self.sessions = Sessions(unit)
        self.sign_ins = SignIns(unit)
        self.chores = Chores(unit)
        self.outages = Outages(unit)
        self.pushes = Pushes(unit)
        self.projection = Projection(unit)

    async def first_time(self, delivery: str) -> bool:
        return await self._unit.claim(delivery)

    async def disclaim(self, delivery: str) -> None:
        await self._unit.execute("DELETE FROM inbox WHERE delivery = $1", delivery)

    async def must_hold(self, lease: Lease) -> None:
        if not await self._unit.peek(IS_HELD, lease.name, lease.token):
            raise LeaseLostError

    async def save(self, *changes: Change[Entity]) -> None:
        for change in changes:
            self._unit.pending.save(change)

    async def emit(self, *events: Event) -> None:
        self._unit.pending.tell(*events)


class PostgresStore:
    def __init__(self, database: Database, rings: Rings, process: str = "") -> None:
        self._database = database
        self._rings = rings
        self._process = process
        self._company = Company(database)

    @asynccontextmanager
    async def transaction(
        self, *, hold: bool = True, hurry: bool = True
    ) -> AsyncIterator[UnitOfWork]:
        unit: Unit
        if hold:
            async with self._database.connection() as connection:
                unit = held = Held(connection, self._process)
                try:
                    yield PostgresWork(unit)
                    await unit.commit()
                except AttendanceOpenError as error:
                    await unit.roll_back()
                    raise await _named(error, held) from error
                except BaseException:
                    await unit.roll_back()
                    raise
        else:
            unit = Unheld(self._company, self._process, hurry=hurry)
            yield PostgresWork(unit)
            await unit.commit()
        self._rings.ring(*{topic_of(it.destination) for it in unit.pending.told})

    async def prune(self, *, before: datetime) -> None:
        await self._database.execute("DELETE FROM inbox WHERE claimed_at < $1", before)
        await self._database.execute("DELETE FROM parked_status WHERE parked_at < $1", before)
        # After the claims: a message that is claimed and for which nothing waits is taken as known.
        await self._database.execute(PRUNE_EARLY, before)
        await self._database.execute(PRUNE_OUTAGES, before)

    async def ping(self) -> None:
        await self._database.execute(_PING)


async def _named(error: AttendanceOpenError, unit: Held) -> AttendanceOpenError:
    """Say which attendance is open already; the constraint that refused does not."""
    if "attendance_id" in error.extras:
        return error
    saved = [it for it in unit.pending.attendances.values() if it.is_open]
    other = await unit.after_rollback(
        _COMPETITOR,
        [it.client_id for it in saved],
        [it.session_id for it in saved],
        [it.id for it in saved],
    )
    return AttendanceOpenError(attendance_id=other)
