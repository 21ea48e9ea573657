"""An attendant answers, or writes a note to colleagues."""

from dataclasses import dataclass

from helpdesk.domain.attachment import spoken
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendanceId, MessageId
from helpdesk.domain.message import Content, Direction, Kind, Message
from helpdesk.domain.requests import KeyReusedError, id_for
from helpdesk.domain.usecases.abilities import must_be_sent_there
from helpdesk.domain.usecases.permissions import must_know
from helpdesk.domain.usecases.read_receipts import show_read
from helpdesk.domain.usecases.swiftly import swiftly
from helpdesk.domain.usecases.window import must_be_in_window
from helpdesk.domain.views import MessageView, Quote, Ref
from helpdesk.domain.visibility import must_see
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReply:
    store: Store
    now: Clock
    new_id: NewId
    abilities: Abilities

    async def __call__(
        self,
        attendance: AttendanceId,
        *,
        by: Attendant,
        text: str = "",
        location: Location | None = None,
        contacts: tuple[ContactCard, ...] = (),
        quote: MessageId | None = None,
        key: str | None = None,
    ) -> MessageView:
        """Queue a text, a place or cards; the relay hands it to the bot once this commits.

        A repeated `key` returns what the first request with it made.

        Raises:
            AttendanceNotFoundError, AttendanceClosedError, NotYoursError, KeyReusedError.
            NotCapableError: the number's bridge sends no places, or no cards.
            WindowClosedError: this client must be sent a template.
            InvalidError: what is said, or the quote.
        """
        content = spoken(text, location, contacts)
        return await self.say(attendance, content, by=by, quote=quote, key=key)

    async def say(
        self,
        attendance: AttendanceId,
        content: Content,
        *,
        by: Attendant,
        quote: MessageId | None,
        key: str | None,
    ) -> MessageView:
        """Queue what is sound already; raises as a call does."""
        at = self.now()
        message_id = MessageId(id_for(by.id, "message", key=key) if key else self.new_id())

        async def say(work: UnitOfWork) -> MessageView:
            it = await work.attendances.load(attendance)
            must_know(by, it)
            quoted = await find_quoted(work, it, quote)
            if key and (made := await work.messages.find(message_id)):
                must_match(made, attendance, Direction.REPLY, content)
                return shown(made, by, quoted)
            await must_be_sent_there(work, it.session_id, content, self.abilities)
            answered = it.answer(by.id, at=at)
            if content.template is None:
                await must_be_in_window(work, it, self.abilities, at=at)
            reply = Message.reply(
                message_id,
                answered=answered.state,
                content=content,
                author=by.id,
                quoted=quoted,
                at=at,
            )
            await work.save(answered, reply)
            if it.unread and it.attendant_id is None:  # who takes it by answering has read it
                await show_read(work, it, at=at)
            return shown(reply.state, by, quoted)

        return await swiftly(self.store, say)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    store: Store
    now: Clock
    new_id: NewId

    async def __call__(
        self, attendance: AttendanceId, *, by: Attendant, text: str, key: str | None = None
    ) -> MessageView:
        """Write to colleagues only; allowed on closed attendances and on those of others.

        Raises:
            AttendanceNotFoundError, KeyReusedError, InvalidError.
        """
        message_id = MessageId(id_for(by.id, "message", key=key) if key else self.new_id())
        async with self.store.transaction() as work:
            it = await work.attendances.load(attendance)
            must_see(by, it)
            if key and (made := await work.messages.find(message_id)):
                must_match(made, attendance, Direction.NOTE, Content(Kind.TEXT, text))
                return shown(made, by, None)
            noted: Attendance = it.append()
            note = Message.note(message_id, noted=noted, text=text, author=by.id, at=self.now())
            await work.save(Change(noted), note)
        return shown(note.state, by, None)


async def find_quoted(work: UnitOfWork, it: Attendance, quote: MessageId | None) -> Message | None:
    """Find the message to quote: any earlier one between the client and this number, no note.

    Raises:
        InvalidError: there is none with this id.
    """
    if quote is None:
        return None
    quoted = await work.messages.find(quote)
    if (
        quoted is None
        or quoted.direction is Direction.NOTE
        or (quoted.client_id, quoted.session_id) != (it.client_id, it.session_id)
    ):
        raise InvalidError("There is no such message to quote.", field="quote")
    return quoted


def must_match(
    made: Message, attendance: AttendanceId, direction: Direction, content: Content
) -> None:
    """Refuse a key that made something else before.

    Raises:
        KeyReusedError: it did.
    """
    if (made.attendance_id, made.direction, made.content) != (attendance, direction, content):
        raise KeyReusedError


def shown(message: Message, author: Attendant, quoted: Message | None) -> MessageView:
    """Join a message with the names that are at hand."""
    quote = Quote.of(quoted) if quoted else None
    return MessageView(message=message, author=Ref(author.id, author.name), quote=quote)
