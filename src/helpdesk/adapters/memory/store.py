"""The store: one unit of work at a time for each row, all or nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from helpdesk.adapters.memory.chores import Chores
from helpdesk.adapters.memory.conversations import Attendances, Clients, Feedbacks, Messages
from helpdesk.adapters.memory.early import Early
from helpdesk.adapters.memory.holds import Holds
from helpdesk.adapters.memory.integrity import check
from helpdesk.adapters.memory.leases import MemoryLeases
from helpdesk.adapters.memory.outages import Outages, is_over
from helpdesk.adapters.memory.outbox import MemoryOutbox
from helpdesk.adapters.memory.people import Presence, Sessions, SignIns, Team
from helpdesk.adapters.memory.projection import Projection
from helpdesk.adapters.memory.pushes import Pushes
from helpdesk.adapters.memory.saving import Saving
from helpdesk.adapters.memory.tables import Tables
from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.amendment import MessageAmended
from helpdesk.domain.attendance import AttendanceEvent
from helpdesk.domain.change import Change, Event
from helpdesk.ports.leases import Lease, LeaseLostError
from helpdesk.ports.store import Entity, UnitOfWork


@dataclass(frozen=True, slots=True)
class Memory:
    """What the ports of one installation share."""

    tables: Tables = field(default_factory=Tables)
    history: list[AttendanceEvent] = field(default_factory=list)
    amendments: list[MessageAmended] = field(default_factory=list)
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    holds: Holds = field(default_factory=Holds)
    leases: MemoryLeases = field(default_factory=MemoryLeases)
    process: str = ""


class MemoryWork:
    def __init__(self, unit: Unit, memory: Memory) -> None:
        self._unit = unit
        self._leases = memory.leases
        self._saving = Saving(unit, memory.process)
        self.clients = Clients(unit, self._saving)
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
        await self._unit.hold("claim", delivery)
        claims = self._unit.tables.claims
        if delivery in claims:
            return False
        claims[delivery] = datetime.now(UTC)
        return True

    async def disclaim(self, delivery: str) -> None:
        await self._unit.hold("claim", delivery)
        self._unit.tables.claims.pop(delivery, None)

    async def must_hold(self, lease: Lease) -> None:
        if not self._leases.is_held(lease):
            raise LeaseLostError

    async def save(self, *changes: Change[Entity]) -> None:
        await self._saving.save(*changes)

    async def emit(self, *events: Event) -> None:
        await self._saving.emit(*events)

    def commit(self, memory: Memory) -> None:
        """Make everything visible at once; nothing is awaited on the way."""
        check(self._unit.tables)
        self._unit.tables.merge()
        events = self._saving.events
        memory.history.extend(it for it, *_ in events if isinstance(it, AttendanceEvent))
        memory.amendments.extend(it for it, *_ in events if isinstance(it, MessageAmended))
        memory.outbox.write(events)


class MemoryStore:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @asynccontextmanager
    async def transaction(
        self, *, hold: bool = True, hurry: bool = True
    ) -> AsyncIterator[UnitOfWork]:
        unit = Unit(self._memory.tables.layered(), self._memory.holds)
        work = MemoryWork(unit, self._memory)
        try:
            yield work
            work.commit(self._memory)
        finally:
            self._memory.holds.release(unit.holder)

    async def prune(self, *, before: datetime) -> None:
        tables = self._memory.tables
        for delivery in [it for it, at in tables.claims.items() if at < before]:
            del tables.claims[delivery]
        for key in [key for key, it in tables.parked.items() if it.at < before]:
            del tables.parked[key]
        for key in [key for key, it in tables.early.items() if it.at < before]:
            del tables.early[key]
        for key in [key for key, row in tables.early_quotes.items() if row.at < before]:
            del tables.early_quotes[key]
        for since in [key for key, it in tables.outages.items() if is_over(it, before)]:
            del tables.outages[since]

    async def ping(self) -> None:
        """Memory always answers."""
