"""Sending with care by bridges that WhatsApp does not know of: how fast, and to how many at first.

WhatsApp bans numbers that write quickly, or to many people who did not write.  Official bridges
have limits of their own and are not slowed down here.
"""

from dataclasses import dataclass
from typing import Final

from helpdesk.domain.errors import ConflictError

SECONDS_APART: Final = 1.0  # between two messages of one number
JITTER: Final = 0.5  # of that, more or less: what is regular looks like a machine
CHATS_A_DAY: Final = 20  # that we begin, for each number


class TooManyChatsError(ConflictError):
    """This number has begun as many chats today as is safe; WhatsApp bans for more."""

    code = "too_many_chats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Also what the configuration has under this name."""

    seconds_apart: float = SECONDS_APART
    jitter: float = JITTER
    chats_a_day: int = CHATS_A_DAY

    def pause(self, chance: float) -> float:
        """Seconds to wait before the next message; `chance` is from 0 to 1."""
        return self.seconds_apart * (1 + self.jitter * (2 * chance - 1))
