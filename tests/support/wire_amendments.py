"""Examples for the wire of what happens to messages later, and of a bridge's rarer reports."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from helpdesk.domain import amendment, report, session
from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.change import Event
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.message import Failure, Message
from helpdesk.domain.reaction import Reaction
from tests.support.clock import NOON


def amendments(
    at: datetime, attendance: Attendance, message: Callable[..., Message], *, by: AttendantId
) -> list[Event]:
    """Whatever can happen to a message that was sent."""
    reaction = Reaction(Party.ATTENDANT, "👍🏽", at, by)
    about: dict[str, Any] = {"at": at, "attendance": attendance}
    target: dict[str, Any] = {
        "at": at,
        "session_id": attendance.session_id,
        "message_id": message().id,
        "provider_id": "wamid.1",
        "address": attendance.address,
        "by": by,
    }
    return [
        amendment.MessageReacted(
            **about, message=message(reactions=(reaction,)), reaction=reaction
        ),
        amendment.MessageEdited(**about, message=message(edited_at=at), before="Ola", by=by),
        amendment.MessageRevoked(**about, message=message(revoked_at=at), before="Ola"),
        amendment.QuoteFound(**about, message=message(quote=message().id)),
        amendment.AmendmentRefused(
            **about,
            message=message(),
            verb=amendment.Verb.EDIT,
            failure=Failure("window_closed", "15 min"),
            by=by,
        ),
        amendment.ReactionQueued(**target, emoji="👍🏽"),
        amendment.EditQueued(**target, text="Olá"),
        amendment.RevokeQueued(**target),
    ]


def reports(
    here: dict[str, Any], *, sender: tuple[Identity, ...], message: Message, by: AttendantId
) -> list[Event]:
    """What bridges report of rarer things."""
    code = session.PairCode(text="ABCD-1234", expires_at=here["at"] + timedelta(seconds=60))
    theirs: dict[str, Any] = {**here, "provider_id": "wamid.3", "sender": sender, "done_at": NOON}
    return [
        report.EchoReported(
            **here,
            provider_id="wamid.4",
            recipient=sender,
            recipient_name="João",
            content=message.content,
            sent_at=NOON,
        ),
        report.ReactionReported(**theirs, emoji="👍🏽"),
        report.EditReported(**theirs, text="Oi!"),
        report.RevokeReported(**theirs),
        report.RefusalReported(
            **here,
            message_id=message.id,
            verb=amendment.Verb.REVOKE,
            failure=Failure("bug", "?"),
            by=by,
        ),
        report.AliasReported(**here, known=sender, now=sender[1]),
        report.UnreadableReported(
            **here, source="whatsapp.cloud", reason="The body is no JSON.", body=b"{\xff"
        ),
        report.PairCodeReported(**here, code=code),
    ]
