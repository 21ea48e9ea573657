"""What can happen to a message after it was sent: a reaction, another text, a revocation.

WhatsApp decides: what an attendant asks for is a command to the bot, and only the bot's report
that it was done changes the message.  What was said before stays in the message's history.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.change import Change, Command
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendantId, MessageId, SessionId
from helpdesk.domain.message import (
    Content,
    Direction,
    Failure,
    Kind,
    Message,
    MessageEvent,
    valid_text,
)
from helpdesk.domain.reaction import Reaction, joined, valid_emoji


class NotAmendableError(ConflictError):
    """This message cannot be changed: it was not sent, is not ours, or was revoked."""

    code = "not_amendable"


class Verb(StrEnum):
    REACT = "react"
    EDIT = "edit"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentEvent(MessageEvent):
    """About a message that was sent before: no step of its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReacted(AmendmentEvent):
    reaction: Reaction


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAmended(AmendmentEvent):
    """`before` is the text it had; `by` is None for the client and for other devices of ours."""

    before: str
    by: AttendantId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(MessageAmended):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRevoked(MessageAmended):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFound(AmendmentEvent):
    """What the message quotes came after it, or became known by its provider's id."""


class RevisionKind(StrEnum):
    EDITED = "edited"
    REVOKED = "revoked"


def revision_kind(event: MessageAmended) -> RevisionKind:
    """Name it in the message's history."""
    return RevisionKind.EDITED if isinstance(event, MessageEdited) else RevisionKind.REVOKED


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentRefused(AmendmentEvent):
    """The bridge could not do it; the message is as it was."""

    verb: Verb
    failure: Failure
    by: AttendantId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentQueued(Command):
    """Change a message that WhatsApp knows by `provider_id`."""

    message_id: MessageId
    provider_id: str
    address: Identity
    by: AttendantId

    @property
    def key(self) -> str:
        return str(self.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionQueued(AmendmentQueued):
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditQueued(AmendmentQueued):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeQueued(AmendmentQueued):
    pass


def ask_reaction(
    it: Message, emoji: str, *, attendance: Attendance, by: AttendantId, at: datetime
) -> ReactionQueued:
    """Ask the bot to put an emoji on a message, or to take ours back.

    Raises:
        NotAmendableError: WhatsApp does not know the message, or it was revoked.
        InvalidError: field "emoji".
    """
    return ReactionQueued(**_target(it, attendance, by=by, at=at), emoji=valid_emoji(emoji))


def ask_edit(
    it: Message, text: str, *, attendance: Attendance, by: AttendantId, at: datetime
) -> EditQueued:
    """Ask the bot to change the text of a reply.

    Raises:
        NotAmendableError: it is no text of ours, or that of a template, or see `ask_reaction`.
        InvalidError: field "text".
    """
    free = it.content.kind is Kind.TEXT and it.content.template is None
    if it.direction is not Direction.REPLY or not free:
        raise NotAmendableError
    return EditQueued(**_target(it, attendance, by=by, at=at), text=valid_text(text))


def ask_revocation(
    it: Message, *, attendance: Attendance, by: AttendantId, at: datetime
) -> RevokeQueued:
    """Ask the bot to take a reply back.

    Raises:
        NotAmendableError: it is not ours, or see `ask_reaction`.
    """
    if it.direction is not Direction.REPLY:
        raise NotAmendableError
    return RevokeQueued(**_target(it, attendance, by=by, at=at))


def react(
    it: Message, reaction: Reaction, *, attendance: Attendance, at: datetime
) -> Change[Message]:
    """Note a reaction; one that is older than what is known changes nothing."""
    reactions = joined(it.reactions, reaction)
    if reactions == it.reactions:
        return Change(it)
    state = replace(it, reactions=reactions)
    event = MessageReacted(at=at, attendance=attendance, message=state, reaction=reaction)
    return Change(state, (event,))


def edit(
    it: Message,
    text: str,
    *,
    attendance: Attendance,
    by: AttendantId | None,
    edited_at: datetime,
    at: datetime,
) -> Change[Message]:
    """Note another text; what was revoked, or edited later, stays as it is."""
    outdated = it.edited_at is not None and it.edited_at > edited_at
    if it.revoked_at or outdated or text == it.content.text:
        return Change(it)
    state = replace(it, content=replace(it.content, text=text), edited_at=edited_at)
    event = MessageEdited(
        at=at, attendance=attendance, message=state, before=it.content.text, by=by
    )
    return Change(state, (event,))


def revoke(
    it: Message,
    *,
    attendance: Attendance,
    by: AttendantId | None,
    revoked_at: datetime,
    at: datetime,
) -> Change[Message]:
    """Note that its sender took it back; once is for good."""
    if it.revoked_at:
        return Change(it)
    state = replace(it, content=Content(Kind.TEXT, ""), revoked_at=revoked_at)
    event = MessageRevoked(
        at=at, attendance=attendance, message=state, before=it.content.text, by=by
    )
    return Change(state, (event,))


def find_quote(
    it: Message, quoted: MessageId, *, attendance: Attendance, at: datetime
) -> Change[Message]:
    """Note which message it quotes, where that was not known when it came."""
    state = replace(it, quote=quoted)
    return Change(state, (QuoteFound(at=at, attendance=attendance, message=state),))


def sent_by(it: Message) -> Party:
    """Whose message it is; who did not send it can only react to it."""
    return Party.CLIENT if it.direction is Direction.INBOUND else Party.ATTENDANT


class _Target(TypedDict):
    at: datetime
    session_id: SessionId
    message_id: MessageId
    provider_id: str
    address: Identity
    by: AttendantId


def _target(it: Message, attendance: Attendance, *, by: AttendantId, at: datetime) -> _Target:
    if it.provider_id is None or it.revoked_at or it.direction is Direction.NOTE:
        raise NotAmendableError
    return _Target(
        at=at,
        session_id=it.session_id,
        message_id=it.id,
        provider_id=it.provider_id,
        address=attendance.address,
        by=by,
    )
