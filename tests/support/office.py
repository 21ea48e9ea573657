"""A small firm in a store, and its daily work in one line each."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.domain.attendance import Attendance, ClosedBy
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.message import Message
from helpdesk.domain.sector import Policy, Sector
from helpdesk.domain.session import Session
from helpdesk.ports.store import Entity, Store
from tests.support.builders import (
    a_client,
    a_sector,
    a_session,
    an_attendance,
    an_attendant,
    noted,
    phone,
    received,
    replied,
)
from tests.support.clock import NOON


@dataclass(slots=True)
class Office:
    """Ana answers for sales, Bia for support; Carla manages sales, Dora everything."""

    store: Store
    session: Session = field(default_factory=a_session)
    sales: Sector = field(
        default_factory=lambda: a_sector("Sales", is_default=True, policy=Policy.LEAST_BUSY)
    )
    support: Sector = field(default_factory=lambda: a_sector("Help"))
    ana: Attendant = field(init=False)
    bia: Attendant = field(init=False)
    carla: Attendant = field(init=False)
    dora: Attendant = field(init=False)
    _people: int = 0

    def __post_init__(self) -> None:
        self.ana = an_attendant("Ana", sectors=[self.sales.id])
        self.bia = an_attendant("Bia", sectors=[self.support.id])
        self.carla = an_attendant("Carla", role=Role.MANAGER, sectors=[self.sales.id])
        self.dora = an_attendant("Dora", role=Role.ADMIN)

    @property
    def team(self) -> list[Attendant]:
        return [self.ana, self.bia, self.carla, self.dora]

    async def furnish(self) -> "Office":
        await self.keep(self.session, self.sales, self.support)
        for it in self.team:  # one after the other: their order is that of joining
            await self.keep(it)
        return self

    async def save(self, *changes: Change[Entity]) -> None:
        """Save changes in one unit of work."""
        async with self.store.transaction() as work:
            await work.save(*changes)

    async def keep(self, *states: Entity) -> None:
        """Save states as they are, without events."""
        await self.save(*(Change(it) for it in states))

    async def meet(self, name: str = "João", *identities: Identity, at: datetime = NOON) -> Client:
        self._people += 1
        met = a_client(name, *identities or (phone(self._people),), at=at)
        await self.save(met)
        return met.state

    async def attend(
        self,
        client: Client | None = None,
        *,
        sector: Sector | None = None,
        session: Session | None = None,
        by: Attendant | None = None,
        at: datetime = NOON,
    ) -> Attendance:
        """Open an attendance, of somebody new when no client is named."""
        opened = an_attendance(
            client or await self.meet(),
            session=(session or self.session).id,
            sector=(sector or self.sales).id,
            by=None if by is None else by.id,
            at=at,
        )
        await self.save(opened)
        return opened.state

    async def hear(
        self, it: Attendance, text: str = "Olá", *, provider_id: str = "", at: datetime = NOON
    ) -> tuple[Attendance, Message]:
        heard, message = received(it, text, provider_id=provider_id, at=at)
        await self.save(heard, message)
        return heard.state, message.state

    async def answer(
        self, it: Attendance, by: Attendant, text: str = "Bom dia", *, at: datetime = NOON
    ) -> tuple[Attendance, Message]:
        answered, message = replied(it, by.id, text, at=at)
        await self.save(answered, message)
        return answered.state, message.state

    async def note(
        self, it: Attendance, by: Attendant, text: str = "Ver contrato", *, at: datetime = NOON
    ) -> tuple[Attendance, Message]:
        counted, note = noted(it, by.id, text, at=at)
        await self.save(counted, note)
        return counted.state, note.state

    async def close(
        self, it: Attendance, by: AttendantId | None = None, *, at: datetime = NOON
    ) -> Attendance:
        how = ClosedBy.SILENCE if by is None else ClosedBy.ATTENDANT
        closed = it.close(how, by=by, at=at)
        await self.save(closed)
        return closed.state
