"""Messages: reading, writing, trying again, finding."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.routes.bodies import Body, Maybe, PageQuery, Text, Wanted, given
from helpdesk.adapters.http.routes.cards import (
    Contacts,
    LocationBody,
    contacts_of,
    location_of,
)
from helpdesk.adapters.http.routes.templates import TemplateBody
from helpdesk.adapters.http.views import FoundOut, ListOut, MessageOut, StepOut, list_of, page_of
from helpdesk.domain.attendance import (
    AttendanceClosedError,
    AttendanceNotFoundError,
    NotYoursError,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendanceId, MessageId
from helpdesk.domain.message import MessageNotFoundError, NotRetryableError
from helpdesk.domain.session import NotCapableError, SessionNotFoundError
from helpdesk.domain.window import WindowClosedError

Position = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class MessagesQuery(Body, frozen=True):
    before: Maybe[Position] = msgspec.UNSET
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ReplyBody(Body, frozen=True):
    """A text, or a place, or cards of people, or a template."""

    text: Text | None = None
    location: LocationBody | None = None
    contacts: Contacts = ()
    template: TemplateBody | None = None
    quote: UUID | None = None


class NoteBody(Body, frozen=True):
    text: Text


class SearchQuery(PageQuery, frozen=True, kw_only=True):
    q: Wanted


@endpoint(
    "GET /v1/attendances/{id}/messages",
    takes=MessagesQuery,
    returns=ListOut[MessageOut],
    errors=(AttendanceNotFoundError,),
)
async def list_messages(call: Call[MessagesQuery]) -> ListOut[MessageOut]:
    """List the newest messages, oldest first; `next` is the `before` of the page that precedes."""
    page = await call.cases.read_board.messages(
        AttendanceId(call.id),
        by=call.by,
        before=given(call.input.before),
        limit=call.input.limit,
    )
    return page_of(page, MessageOut.of)


@endpoint(
    "POST /v1/attendances/{id}/replies",
    takes=ReplyBody,
    returns=MessageOut,
    status=HTTPStatus.CREATED,
    errors=(
        AttendanceNotFoundError,
        AttendanceClosedError,
        NotYoursError,
        WindowClosedError,
        NotCapableError,
        SessionNotFoundError,
    ),
    keyed=True,
)
async def create_reply(call: Call[ReplyBody]) -> MessageOut:
    """Answer the client; an attendance that nobody has becomes one's own.

    The reply is queued, not yet delivered: watch `delivery` change in the feed.  Where the
    attendance has `window_closes_at`, only a template is taken after it.
    """
    quote = call.input.quote
    if call.input.template:
        return await _send_template(call, call.input.template)
    reply = await call.cases.send_reply(
        AttendanceId(call.id),
        by=call.by,
        text=call.input.text or "",
        location=location_of(call.input.location),
        contacts=contacts_of(call.input.contacts),
        quote=MessageId(quote) if quote else None,
        key=call.key,
    )
    return MessageOut.of(reply)


async def _send_template(call: Call[ReplyBody], wanted: TemplateBody) -> MessageOut:
    it = call.input
    if it.text is not None or it.location or it.contacts:
        raise InvalidError("Send a template, or something else, not two at once.", field="template")
    reply = await call.cases.send_template.reply(
        AttendanceId(call.id),
        wanted.choice,
        by=call.by,
        quote=MessageId(it.quote) if it.quote else None,
        key=call.key,
    )
    return MessageOut.of(reply)


@endpoint(
    "POST /v1/attendances/{id}/notes",
    takes=NoteBody,
    returns=MessageOut,
    status=HTTPStatus.CREATED,
    errors=(AttendanceNotFoundError,),
    keyed=True,
)
async def create_note(call: Call[NoteBody]) -> MessageOut:
    """Write to colleagues; the client never gets it."""
    note = await call.cases.write_note(
        AttendanceId(call.id), by=call.by, text=call.input.text, key=call.key
    )
    return MessageOut.of(note)


@endpoint(
    "POST /v1/messages/{id}/retry",
    takes=Nothing,
    returns=MessageOut,
    errors=(
        MessageNotFoundError,
        AttendanceNotFoundError,
        NotYoursError,
        NotRetryableError,
        WindowClosedError,
    ),
)
async def retry(call: Call[Nothing]) -> MessageOut:
    """Send again a reply that failed, or whose fate is unknown."""
    message_id = MessageId(call.id)
    await call.cases.retry_message(message_id, by=call.by)
    return MessageOut.of(await call.cases.read_board.message(message_id, by=call.by))


@endpoint(
    "GET /v1/messages/{id}/journey",
    takes=Nothing,
    returns=ListOut[StepOut],
    errors=(MessageNotFoundError, AttendanceNotFoundError),
)
async def journey(call: Call[Nothing]) -> ListOut[StepOut]:
    """List the steps of a message's way, attempt after attempt, oldest first; kept for some days.

    Inbound: received, queued, stored, shown.  A reply: accepted, queued, sending, sent, delivered,
    read, or failed or unknown.  A note: stored, shown.
    """
    return list_of(await call.cases.read_journey(MessageId(call.id), by=call.by), StepOut.of)


@endpoint("GET /v1/search", takes=SearchQuery, returns=ListOut[FoundOut])
async def search(call: Call[SearchQuery]) -> ListOut[FoundOut]:
    """Find messages in the whole history that one may see, newest first."""
    page = await call.cases.read_board.search(
        call.by, call.input.q, cursor=call.input.cursor or None, limit=call.input.limit
    )
    return page_of(page, FoundOut.of)


ENDPOINTS: Final = (list_messages, create_reply, create_note, retry, journey, search)
