"""What a person with a simulated phone did to a message that was sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Report
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.report import EditReported, ReactionReported, RevokeReported


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAmendment:
    message_id: str
    verb: Verb
    text: str  # the emoji, or the new text
    at: datetime

    def report(self, session: SessionId, phone: Identity, *, at: datetime) -> Report:
        """Say it in a bridge's words."""
        about: dict[str, Any] = {
            "at": at,
            "session_id": session,
            "provider_id": self.message_id,
            "sender": (phone,),
            "done_at": self.at,
        }
        match self.verb:
            case Verb.REACT:
                return ReactionReported(**about, emoji=self.text)
            case Verb.EDIT:
                return EditReported(**about, text=self.text)
            case Verb.REVOKE:
                return RevokeReported(**about)
            case _:
                assert_never(self.verb)
