"""A client wrote: one transaction makes it a client, an attendance and a message."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId
from helpdesk.domain.message import Message
from helpdesk.domain.usecases.meeting import meet, quoted
from helpdesk.domain.usecases.routing import route
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMessage:
    store: Store
    now: Clock
    new_id: NewId

    async def __call__(self, report: InboundMessage) -> None:
        """Store the message once, however often it is delivered."""
        at = self.now()
        async with self.store.transaction() as work:
            if not await work.first_time(f"message:{report.session_id}:{report.provider_id}"):
                return
            client = await meet(
                work, ClientId(self.new_id()), report.sender, name=report.sender_name, at=at
            )
            attendance = await self._attendance(work, client, report, at)
            heard = attendance.state.hear(report.sender[0], at=at)
            message = Message.receive(
                MessageId(self.new_id()),
                heard=heard,
                content=report.content,
                provider_id=report.provider_id,
                quote=await quoted(work, report.session_id, report.quote_provider_id),
                sent_at=report.sent_at,
                at=at,
            )
            await work.save(Change(heard, attendance.events), message)

    async def _attendance(
        self, work: UnitOfWork, client: Client, report: InboundMessage, at: datetime
    ) -> Change[Attendance]:
        for attendance in await work.attendances.open_of(client.id, report.session_id):
            return Change(attendance)
        sector = (await work.team.sectors())[0]
        opened = Attendance.open(
            AttendanceId(self.new_id()),
            client=client.id,
            session=report.session_id,
            sector=sector.id,
            address=report.sender[0],
            by=None,
            at=at,
        )
        return await route(work, opened, sector, at=at)
