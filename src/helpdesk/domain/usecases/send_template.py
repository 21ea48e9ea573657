"""Templates: which there are, and sending one, which is allowed outside of the window too."""

from dataclasses import dataclass

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId, SectorId, SessionId
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.requests import id_for
from helpdesk.domain.session import NotCapableError
from helpdesk.domain.template import Template, TemplateChoice, TemplateStatus, pick
from helpdesk.domain.usecases.open_attendance import OpenAttendance
from helpdesk.domain.usecases.permissions import must_know
from helpdesk.domain.usecases.send_reply import SendReply
from helpdesk.domain.views import MessageView
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.directory import Directory
from helpdesk.ports.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTemplates:
    directory: Directory
    templates: Templates
    abilities: Abilities

    async def __call__(self, session: SessionId) -> list[Template]:
        """List the approved ones by name and language; they are no secret within the team.

        Raises:
            SessionNotFoundError, UnavailableError.
            NotCapableError: this bridge has no templates.
        """
        it = await self.directory.session(session)
        if not self.abilities(it.bridge).templates:
            raise NotCapableError
        found = await self.templates.of(it)
        approved = (one for one in found if one.status is TemplateStatus.APPROVED)
        return sorted(approved, key=lambda one: (one.name, one.language))


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTemplate:
    """Each verb may raise what ReadTemplates does, and InvalidError for fields of `template`."""

    read_templates: ReadTemplates
    send_reply: SendReply
    open_attendance: OpenAttendance

    async def reply(
        self,
        attendance: AttendanceId,
        choice: TemplateChoice,
        *,
        by: Attendant,
        quote: MessageId | None = None,
        key: str | None = None,
    ) -> MessageView:
        """Answer with a template; raises besides what SendReply does.

        A repeated `key` finds what it made, whatever became of the template since.
        """
        async with self.send_reply.store.transaction() as work:
            it = await work.attendances.find(attendance)
            must_know(by, it)
            id = MessageId(id_for(by.id, "message", key=key)) if key else None
            made = await work.messages.find(id) if id else None
        if made and choice.is_of(made.content.template):
            content = made.content
        else:
            content = await self._content(it.session_id, choice)
        return await self.send_reply.say(attendance, content, by=by, quote=quote, key=key)

    async def open(
        self,
        choice: TemplateChoice,
        *,
        by: Attendant,
        session_id: SessionId,
        client_id: ClientId | None = None,
        phone: str | None = None,
        name: str = "",
        sector_id: SectorId | None = None,
        key: str | None = None,
    ) -> MessageId:
        """Write to a client first; raises besides what OpenAttendance does."""
        return await self.open_attendance.begin(
            await self._content(session_id, choice),
            by=by,
            client_id=client_id,
            phone=phone,
            name=name,
            session_id=session_id,
            sector_id=sector_id,
            key=key,
        )

    async def _content(self, session: SessionId, choice: TemplateChoice) -> Content:
        template = pick(await self.read_templates(session), choice)
        text, filled = template.fill(choice.variables)
        return Content(Kind.TEXT, text, template=filled)
