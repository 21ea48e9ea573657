"""Another device of our number wrote to a client, or a client turned out to have more addresses."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.echo import answered_elsewhere, begun_elsewhere, echo
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId
from helpdesk.domain.report import AliasReported, EchoReported
from helpdesk.domain.usecases.amending import await_quoted, catch_up, first_told, quoted
from helpdesk.domain.usecases.meeting import meet
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveEcho:
    store: Store
    now: Clock
    new_id: NewId

    async def __call__(self, report: EchoReported) -> None:
        """Store the message once; what our own bot sent is known already."""
        at, session, provider_id = self.now(), report.session_id, report.provider_id
        async with self.store.transaction() as work:
            waiting = await first_told(work, session, provider_id)
            if waiting is None or await work.messages.of_provider(session, provider_id):
                return
            client = await meet(
                work, ClientId(self.new_id()), report.recipient, name=report.recipient_name, at=at
            )
            attendance = await self._attendance(work, client, report, at)
            answered = answered_elsewhere(attendance.state, at=at)
            message = echo(
                MessageId(self.new_id()),
                answered=answered,
                content=report.content,
                provider_id=provider_id,
                quote=await quoted(work, report),
                sent_at=report.sent_at,
                at=at,
            )
            await work.save(Change(answered, attendance.events), message)
            await await_quoted(work, message.state, report)
            await catch_up(work, message.state, waiting, answered, at)

    async def _attendance(
        self, work: UnitOfWork, client: Client, report: EchoReported, at: datetime
    ) -> Change[Attendance]:
        for attendance in await work.attendances.open_of(client.id, report.session_id):
            return Change(attendance)
        opened = Attendance.open(
            AttendanceId(self.new_id()),
            client=client.id,
            session=report.session_id,
            sector=(await work.team.sectors())[0].id,
            address=report.recipient[0],
            by=None,
            at=at,
        )
        begun = begun_elsewhere(opened)
        heard_at = await work.attendances.last_heard(client.id, report.session_id)
        return Change(replace(begun.state, heard_at=heard_at), begun.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnAlias:
    store: Store
    now: Clock
    new_id: NewId

    async def __call__(self, report: AliasReported) -> None:
        """Make one client of all who have one of the addresses; of strangers, none."""
        at = self.now()
        async with self.store.transaction() as work:
            if not await work.clients.known_by(report.known):
                return
            client = await meet(work, ClientId(self.new_id()), report.known, name="", at=at)
            if report.now is None:
                return
            for it in await work.attendances.open_of(client.id, report.session_id):
                await work.save(Change(replace(it, address=report.now)))
