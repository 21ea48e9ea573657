"""Dead letters: messages that could not be handled; for admins."""

from base64 import b64encode
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body, PageQuery
from helpdesk.adapters.http.views import ListOut, page_of
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.dead_letter import (
    DeadLetter,
    DeadLetterNotFoundError,
    DeathReason,
    LetterSearch,
    UnreadableLetterError,
    masked,
)
from helpdesk.domain.ids import DeadLetterId

Word = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]


class LetterState(StrEnum):
    WAITING = "waiting"
    REPLAYED = "replayed"


class LettersQuery(PageQuery, frozen=True, kw_only=True):
    """Left out: any queue, type or reason."""

    queue: Word = ""
    type: Word = ""
    reason: DeathReason | None = None
    state: LetterState = LetterState.WAITING


class ReplayBody(Body, frozen=True):
    """Left out: any queue, type or reason."""

    queue: Word = ""
    type: Word = ""
    reason: DeathReason | None = None


class LetterOut(Out, frozen=True, kw_only=True):
    """`key` is what it is in order with; phone numbers are hidden but for their last digits."""

    id: UUID
    queue: str
    type: str
    key: str
    reason: DeathReason
    error: str
    detail: str
    attempts: int
    deaths: int
    first_at: datetime
    last_at: datetime
    replayed_at: datetime | None

    @classmethod
    def of(cls, it: DeadLetter) -> Self:
        return cls(
            id=it.id,
            queue=it.queue,
            type=it.type,
            key=masked(it.key),
            reason=it.reason,
            error=it.error,
            detail=masked(it.detail),
            attempts=it.attempts,
            deaths=it.deaths,
            first_at=it.first_at,
            last_at=it.last_at,
            replayed_at=it.replayed_at,
        )


class BodyEncoding(StrEnum):
    TEXT = "text"
    BASE64 = "base64"


class LetterWithBodyOut(Out, frozen=True, kw_only=True):
    """`body` is the message as it was; in Base64 when it is no text."""

    letter: LetterOut
    message_id: str
    correlation: str
    body: str
    encoding: BodyEncoding

    @classmethod
    def of(cls, it: DeadLetter) -> Self:
        try:
            body, encoding = it.body.decode(), BodyEncoding.TEXT
        except UnicodeDecodeError:
            body, encoding = b64encode(it.body).decode(), BodyEncoding.BASE64
        return cls(
            letter=LetterOut.of(it),
            message_id=it.message_id,
            correlation=it.correlation,
            body=body,
            encoding=encoding,
        )


class ReplayedOut(Out, frozen=True):
    """`left`: how many such letters still wait; call again, or look at those nobody can read."""

    replayed: int
    left: int


@endpoint(
    "GET /v1/dead-letters",
    takes=LettersQuery,
    returns=ListOut[LetterOut],
    errors=(RoleRequiredError,),
)
async def list_letters(call: Call[LettersQuery]) -> ListOut[LetterOut]:
    """List messages that could not be handled, what died last first; admins."""
    it = call.input
    search = LetterSearch(
        queue=it.queue, type=it.type, reason=it.reason, replayed=it.state is LetterState.REPLAYED
    )
    page = await call.cases.handle_dead_letters.page(
        search, by=call.by, cursor=it.cursor or None, limit=it.limit
    )
    return page_of(page, LetterOut.of)


@endpoint(
    "GET /v1/dead-letters/{id}",
    takes=Nothing,
    returns=LetterWithBodyOut,
    errors=(RoleRequiredError, DeadLetterNotFoundError),
)
async def read_letter(call: Call[Nothing]) -> LetterWithBodyOut:
    """Show one with what it says; admins."""
    found = await call.cases.handle_dead_letters.show(DeadLetterId(call.id), by=call.by)
    return LetterWithBodyOut.of(found)


@endpoint(
    "POST /v1/dead-letters/{id}/replay",
    takes=Nothing,
    returns=LetterOut,
    errors=(RoleRequiredError, DeadLetterNotFoundError, UnreadableLetterError),
)
async def replay_letter(call: Call[Nothing]) -> LetterOut:
    """Send it to its queue again; if it dies again, it is back in the list. Admins."""
    id = DeadLetterId(call.id)
    return LetterOut.of(await call.cases.handle_dead_letters.replay(id, by=call.by))


@endpoint(
    "POST /v1/dead-letters/replay",
    takes=ReplayBody,
    returns=ReplayedOut,
    errors=(RoleRequiredError,),
)
async def replay_letters(call: Call[ReplayBody]) -> ReplayedOut:
    """Send those that wait to their queues again, oldest first, up to 500 at once; admins."""
    it = call.input
    search = LetterSearch(queue=it.queue, type=it.type, reason=it.reason)
    done = await call.cases.handle_dead_letters.replay_all(search, by=call.by)
    return ReplayedOut(replayed=done.replayed, left=done.left)


@endpoint(
    "POST /v1/dead-letters/{id}/discard",
    takes=Nothing,
    errors=(RoleRequiredError, DeadLetterNotFoundError),
)
async def discard_letter(call: Call[Nothing]) -> None:
    """Forget it for good; admins."""
    await call.cases.handle_dead_letters.discard(DeadLetterId(call.id), by=call.by)


ENDPOINTS: Final = (list_letters, read_letter, replay_letter, replay_letters, discard_letter)
