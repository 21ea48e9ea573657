"""An attendant reacts to a message, changes a reply, or takes it back.

The bot is asked; the message changes when WhatsApp took it (`track_amendment`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.amendment import AmendmentQueued, ask_edit, ask_reaction, ask_revocation
from helpdesk.domain.attendance import Attendance, AttendanceClosedError
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Message, MessageNotFoundError
from helpdesk.domain.session import NotCapableError
from helpdesk.domain.usecases.abilities import abilities_of
from helpdesk.domain.usecases.permissions import must_handle
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock

_Ask = Callable[[Message, Attendance, datetime], AmendmentQueued]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendMessage:
    """Each verb may raise the same.

    Raises:
        MessageNotFoundError, AttendanceNotFoundError, AttendanceClosedError, NotYoursError.
        NotCapableError: the bridge of the message's session cannot do it.
        NotAmendableError, InvalidError: see `domain.amendment`.
    """

    store: Store
    now: Clock
    abilities: Abilities

    async def react(self, message: MessageId, emoji: str, *, by: Attendant) -> None:
        """Ask for an emoji on a message of either side; an empty one takes ours back."""

        def ask(it: Message, attendance: Attendance, at: datetime) -> AmendmentQueued:
            return ask_reaction(it, emoji, attendance=attendance, by=by.id, at=at)

        await self._ask(message, by, lambda able: able.reactions, ask)

    async def edit(self, message: MessageId, text: str, *, by: Attendant) -> None:
        """Ask for another text of a reply."""

        def ask(it: Message, attendance: Attendance, at: datetime) -> AmendmentQueued:
            return ask_edit(it, text, attendance=attendance, by=by.id, at=at)

        await self._ask(message, by, lambda able: able.edit, ask)

    async def revoke(self, message: MessageId, *, by: Attendant) -> None:
        """Ask for a reply to be taken back."""

        def ask(it: Message, attendance: Attendance, at: datetime) -> AmendmentQueued:
            return ask_revocation(it, attendance=attendance, by=by.id, at=at)

        await self._ask(message, by, lambda able: able.revoke, ask)

    async def _ask(
        self,
        message: MessageId,
        by: Attendant,
        can: Callable[[Capabilities], bool],
        ask: _Ask,
    ) -> None:
        async with self.store.transaction() as work:
            it = await work.messages.find(message)
            if it is None:
                raise MessageNotFoundError
            attendance = await work.attendances.find(it.attendance_id)
            must_handle(by, attendance)
            if not attendance.is_open:
                raise AttendanceClosedError
            if not can(await abilities_of(work, it.session_id, self.abilities)):
                raise NotCapableError
            await work.emit(ask(it, attendance, self.now()))
