"""The question that follows a closed attendance, with its secret link."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.change import Change
from helpdesk.domain.feedback import LINK, Feedback
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Content, Kind, Message
from helpdesk.domain.sector import Sector
from helpdesk.domain.usecases.window import is_in_window
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import UnitOfWork
from helpdesk.ports.system import NewId, NewToken


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFeedback:
    """`message` has the placeholder {link}; `base_url` is where clients reach us."""

    new_id: NewId
    new_token: NewToken
    base_url: str
    message: str
    abilities: Abilities

    async def __call__(
        self, work: UnitOfWork, closed: Attendance, sector: Sector, *, at: datetime
    ) -> None:
        """Queue the question within the unit of work that closed the attendance.

        Outside of the window nobody is asked: WhatsApp would refuse it.
        """
        if not sector.ask_feedback or not await is_in_window(work, closed, self.abilities, at=at):
            return
        asked = closed.append()
        feedback, outgoing = self.compose(asked, at=at)
        request = Message.reply(
            MessageId(self.new_id()),
            answered=asked,
            content=Content(Kind.FEEDBACK_REQUEST, self.message.replace(LINK, "…")),
            author=None,
            outgoing=outgoing,
            at=at,
        )
        await work.save(Change(asked), Change(feedback), request)

    def compose(self, it: Attendance, *, at: datetime) -> tuple[Feedback, str]:
        """Make a new form and the text that leads to it; the former link stops working."""
        token = self.new_token()
        link = f"{self.base_url}/f/{token}"
        return Feedback.ask(it.id, token=token, at=at), self.message.replace(LINK, link)
