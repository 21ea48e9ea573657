"""What an admin does with messages that could not be handled.

Replaying goes through the outbox, in one transaction with the letter: who asks needs no broker.
"""

from dataclasses import dataclass
from typing import Final

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.dead_letter import DeadLetter, LetterSearch, Replayed
from helpdesk.domain.ids import DeadLetterId
from helpdesk.domain.views import Page
from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.system import Clock

AT_ONCE: Final = 500  # letters of one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleDeadLetters:
    """`by` is who asks; None is the operator at the command line.

    Each method raises RoleRequiredError when somebody asks who is no admin: letters hold what
    clients wrote, of any sector.
    """

    dead_letters: DeadLetters
    now: Clock

    async def page(
        self, search: LetterSearch, *, by: Attendant | None, cursor: str | None, limit: int
    ) -> Page[DeadLetter]:
        """List them, what died last first.

        Raises:
            RoleRequiredError.
            InvalidError: the cursor is none of ours.
        """
        _must_be_admin(by)
        return await self.dead_letters.page(search, cursor=cursor, limit=limit)

    async def show(self, id: DeadLetterId, *, by: Attendant | None) -> DeadLetter:
        """Show one, with what it says.

        Raises:
            RoleRequiredError, DeadLetterNotFoundError.
        """
        _must_be_admin(by)
        return await self.dead_letters.letter(id)

    async def replay(self, id: DeadLetterId, *, by: Attendant | None) -> DeadLetter:
        """Send it to its queue again.

        Raises:
            RoleRequiredError, DeadLetterNotFoundError, UnreadableLetterError.
        """
        _must_be_admin(by)
        await self.dead_letters.replay(id, at=self.now())
        return await self.dead_letters.letter(id)

    async def replay_all(self, search: LetterSearch, *, by: Attendant | None) -> Replayed:
        """Send those that wait to their queues again, oldest first, a bounded number at once.

        Raises:
            RoleRequiredError.
        """
        _must_be_admin(by)
        return await self.dead_letters.replay_all(search, at=self.now(), limit=AT_ONCE)

    async def discard(self, id: DeadLetterId, *, by: Attendant | None) -> None:
        """Forget it for good.

        Raises:
            RoleRequiredError, DeadLetterNotFoundError.
        """
        _must_be_admin(by)
        await self.dead_letters.discard(id)


def _must_be_admin(by: Attendant | None) -> None:
    if by is not None:
        by.must_be(Role.ADMIN)
