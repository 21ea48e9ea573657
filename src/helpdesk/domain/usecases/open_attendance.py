"""An attendant writes first."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.attendance import Attendance, AttendanceOpenError
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.care import Care
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId, SectorId, SessionId
from helpdesk.domain.message import Content, Direction, Kind, Message, valid_text
from helpdesk.domain.requests import KeyReusedError, id_for
from helpdesk.domain.session import Session, SessionState
from helpdesk.domain.usecases.send_carefully import must_be_few
from helpdesk.domain.usecases.send_reply import must_match
from helpdesk.domain.window import must_be_open
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAttendance:
    """`first message` to a client known by `client_id`, or to whoever has `phone`."""

    store: Store
    now: Clock
    new_id: NewId
    abilities: Abilities
    care: Care

    async def __call__(
        self,
        *,
        by: Attendant,
        text: str,
        client_id: ClientId | None = None,
        phone: str | None = None,
        name: str = "",
        session_id: SessionId | None = None,
        sector_id: SectorId | None = None,
        key: str | None = None,
    ) -> MessageId:
        """Open an attendance with its first message and return that message's id.

        Raises:
            AttendanceOpenError: the client has an open one; extras: attendance_id.
            ClientNotFoundError, KeyReusedError.
            TooManyChatsError: this number is not official, and began enough chats today.
            WindowClosedError: begin with a template.
            InvalidError: text, phone, session_id or sector_id.
        """
        return await self.begin(
            Content(Kind.TEXT, valid_text(text)),
            by=by,
            client_id=client_id,
            phone=phone,
            name=name,
            session_id=session_id,
            sector_id=sector_id,
            key=key,
        )

    async def begin(
        self,
        content: Content,
        *,
        by: Attendant,
        client_id: ClientId | None,
        phone: str | None,
        name: str,
        session_id: SessionId | None,
        sector_id: SectorId | None,
        key: str | None,
    ) -> MessageId:
        """Begin with what is sound already; raises as a call does."""
        at = self.now()
        message_id = MessageId(id_for(by.id, "message", key=key) if key else self.new_id())
        async with self.store.transaction() as work:
            client = await self._client(work, client_id, phone, name)
            if key and (made := await work.messages.find(message_id)):
                must_match(made, made.attendance_id, Direction.REPLY, content)
                if made.client_id != client.id:
                    raise KeyReusedError
                return message_id
            session = await _session(work, session_id)
            sector = await _sector(work, sector_id, by)
            opened = await self._open(work, client, session.id, sector, by, at)
            if content.template is None:
                must_be_open(opened.state, self.abilities(session.bridge), at=at)
            if not self.abilities(session.bridge).official:
                await must_be_few(work, session, self.care, at=at)
            answered = opened.state.answer(by.id, at=at)
            message = Message.reply(
                message_id, answered=answered.state, content=content, author=by.id, at=at
            )
            await work.save(Change(answered.state, opened.events), message)
        return message_id

    async def _open(
        self,
        work: UnitOfWork,
        client: Client,
        session: SessionId,
        sector: SectorId,
        by: Attendant,
        at: datetime,
    ) -> Change[Attendance]:
        for known in await work.attendances.open_of(client.id, session):
            raise AttendanceOpenError(attendance_id=known.id)
        opened = Attendance.open(
            AttendanceId(self.new_id()),
            client=client.id,
            session=session,
            sector=sector,
            address=client.identities[0],
            by=by.id,
            at=at,
        )
        heard_at = await work.attendances.last_heard(client.id, session)
        return Change(replace(opened.state, heard_at=heard_at), opened.events)

    async def _client(
        self, work: UnitOfWork, client_id: ClientId | None, phone: str | None, name: str
    ) -> Client:
        if (client_id is None) == (phone is None):
            raise InvalidError("Give either client_id or phone.", field="phone")
        if client_id is not None:
            return await work.clients.load(client_id)
        draft = Client.meet(
            ClientId(self.new_id()),
            name=name,
            identities=[Identity.phone(phone or "")],
            at=self.now(),
        )
        return (await work.clients.obtain(draft))[0]


async def _session(work: UnitOfWork, wanted: SessionId | None) -> Session:
    """The wanted one, else the oldest that is connected, else the oldest."""
    sessions = {it.id: it for it in await work.sessions.all()}
    if wanted is None:
        return min(sessions.values(), key=lambda it: it.state is not SessionState.CONNECTED)
    if wanted not in sessions:
        raise InvalidError("There is no such session.", field="session_id")
    return sessions[wanted]


async def _sector(work: UnitOfWork, wanted: SectorId | None, by: Attendant) -> SectorId:
    """The wanted one, else one of the attendant's own, else the default."""
    sectors = [it.id for it in await work.team.sectors()]
    if wanted is None:
        return next((it for it in sectors if it in by.sectors), sectors[0])
    allowed = by.role is Role.ADMIN or wanted in by.sectors
    if wanted not in sectors or not allowed:
        raise InvalidError("This is none of your sectors.", field="sector_id")
    return wanted
