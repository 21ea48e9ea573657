"""A client wrote: one transaction makes it a client, an attendance and a message."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.attachment import content_of
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.cards import valid_contacts, valid_location
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import MediaKind
from helpdesk.domain.ids import AttendanceId, ClientId, MediaId, MessageId
from helpdesk.domain.media import Media, MediaState
from helpdesk.domain.message import Content, Kind, Message
from helpdesk.domain.patience import Patience
from helpdesk.domain.usecases.amending import await_quoted, catch_up, first_told, quoted
from helpdesk.domain.usecases.meeting import meet
from helpdesk.domain.usecases.routing import route
from helpdesk.domain.usecases.swiftly import swiftly
from helpdesk.ports.chores import Chore
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMessage:
    store: Store
    now: Clock
    new_id: NewId
    patience: Patience

    async def __call__(self, report: InboundMessage) -> None:
        """Store the message once, however often it is delivered."""
        at = self.now()
        await swiftly(self.store, lambda work: self._receive(work, report, at))

    async def _receive(self, work: UnitOfWork, report: InboundMessage, at: datetime) -> None:
        waiting = await first_told(work, report.session_id, report.provider_id)
        if waiting is None:
            return
        client = await meet(
            work, ClientId(self.new_id()), report.sender, name=report.sender_name, at=at
        )
        attendance = await self._attendance(work, client, report, at)
        heard = attendance.state.hear(report.sender[0], sent_at=report.sent_at, at=at)
        message = Message.receive(
            MessageId(self.new_id()),
            heard=heard,
            content=self._content(report, at),
            provider_id=report.provider_id,
            quote=await quoted(work, report),
            sent_at=report.sent_at,
            at=at,
        )
        await work.save(Change(heard, attendance.events), message)
        await self._care_for_file(work, message.state, at)
        await await_quoted(work, message.state, report)
        await catch_up(work, message.state, waiting, heard, at)

    def _content(self, report: InboundMessage, at: datetime) -> Content:
        if report.source is None:
            return _sound(report.content)
        id = MediaId(self.new_id())
        if report.file is not None:
            return content_of(Media.of_file(id, report.file), report.content.text)
        kind, until = MediaKind(report.content.kind), self.patience.until(at)
        media = Media.awaited(id, kind, report.source, reason=report.missing, until=until)
        if report.gone:
            media = media.miss(report.missing, gone=True, at=at)
        return content_of(media, report.content.text)

    async def _care_for_file(self, work: UnitOfWork, it: Message, at: datetime) -> None:
        media = it.content.media
        if media is None:
            return
        if media.state is MediaState.READY:
            await work.chores.schedule(Chore.CONVERT, it, due_at=at)
        elif media.state is MediaState.PENDING:
            due_at = self.patience.next_try(media, at=at)
            await work.chores.schedule(Chore.FETCH, it, due_at=due_at)

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


def _sound(it: Content) -> Content:
    """Show what is no place on Earth, or no card, as what cannot be shown."""
    try:
        if it.location is not None:
            return replace(it, location=valid_location(it.location))
        if it.contacts:
            return replace(it, contacts=valid_contacts(it.contacts))
    except InvalidError:
        return Content(Kind.UNSUPPORTED, it.text or it.kind)
    return it
