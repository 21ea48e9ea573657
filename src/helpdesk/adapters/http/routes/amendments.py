"""What can be done to a message that was sent: reactions, another text, revocation, its history.

They answer 202: WhatsApp decides, and the feed tells when it is done, or that it was refused.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Self

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body, Text
from helpdesk.adapters.http.views import ListOut, NamedOut, list_of
from helpdesk.domain.amendment import NotAmendableError, RevisionKind
from helpdesk.domain.attendance import (
    AttendanceClosedError,
    AttendanceNotFoundError,
    NotYoursError,
)
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import MessageNotFoundError
from helpdesk.domain.reaction import EMOJI_LIMIT
from helpdesk.domain.session import NotCapableError
from helpdesk.domain.views import RevisionView

_ERRORS: Final = (
    MessageNotFoundError,
    AttendanceNotFoundError,
    AttendanceClosedError,
    NotYoursError,
    NotCapableError,
    NotAmendableError,
)


class ReactionBody(Body, frozen=True):
    """One emoji; an empty one takes the reaction back."""

    emoji: Annotated[str, msgspec.Meta(max_length=EMOJI_LIMIT, pattern=NO_NUL)]


class EditBody(Body, frozen=True):
    text: Text


class RevisionOut(Out, frozen=True):
    """What the message said before; `actor` is null for the client and other devices of ours."""

    at: datetime
    kind: RevisionKind
    actor: NamedOut | None
    text: str

    @classmethod
    def of(cls, it: RevisionView) -> Self:
        return cls(it.at, it.kind, NamedOut.maybe(it.actor), it.text)


@endpoint(
    "POST /v1/messages/{id}/reaction",
    takes=ReactionBody,
    status=HTTPStatus.ACCEPTED,
    errors=_ERRORS,
)
async def react(call: Call[ReactionBody]) -> None:
    """Put an emoji on a message of either side, or take ours back."""
    await call.cases.amend_message.react(MessageId(call.id), call.input.emoji, by=call.by)


@endpoint("POST /v1/messages/{id}/edit", takes=EditBody, status=HTTPStatus.ACCEPTED, errors=_ERRORS)
async def edit(call: Call[EditBody]) -> None:
    """Give a reply another text."""
    await call.cases.amend_message.edit(MessageId(call.id), call.input.text, by=call.by)


@endpoint(
    "POST /v1/messages/{id}/revoke", takes=Nothing, status=HTTPStatus.ACCEPTED, errors=_ERRORS
)
async def revoke(call: Call[Nothing]) -> None:
    """Take a reply back, so that the client can read it no longer."""
    await call.cases.amend_message.revoke(MessageId(call.id), by=call.by)


@endpoint(
    "GET /v1/messages/{id}/history",
    takes=Nothing,
    returns=ListOut[RevisionOut],
    errors=(MessageNotFoundError, AttendanceNotFoundError),
)
async def list_revisions(call: Call[Nothing]) -> ListOut[RevisionOut]:
    """List what the message said before it was edited or revoked, oldest first."""
    found = await call.cases.read_board.revisions(MessageId(call.id), by=call.by)
    return list_of(found, RevisionOut.of)


ENDPOINTS: Final[tuple[Any, ...]] = (react, edit, revoke, list_revisions)
