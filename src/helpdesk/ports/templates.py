"""The message templates of a number, as WhatsApp has them."""

from typing import Protocol

from helpdesk.domain.session import Session
from helpdesk.domain.template import Template


class Templates(Protocol):
    async def of(self, session: Session) -> list[Template]:
        """List what the account of this number has, approved or not; may be minutes old.

        Raises:
            UnavailableError: they cannot be had now.
        """
        ...
