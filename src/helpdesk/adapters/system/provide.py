"""What every process takes from the machine, ready to be handed in."""

from typing import Final

from helpdesk.adapters.system.clock import now
from helpdesk.adapters.system.drawing import draw_qr
from helpdesk.adapters.system.ids import Uuid7, new_token
from helpdesk.adapters.system.passwords import Argon2Passwords

SHARED: Final = True  # it keeps nothing

__all__ = ["SHARED", "draw_qr", "new_token", "now", "passwords", "uuid7"]

# One in a process, so that all ids made by it are in the order of their making.
uuid7: Final = Uuid7()


def passwords() -> Argon2Passwords:
    """Make one for a process: it bounds how many are hashed at once, and so the memory."""
    return Argon2Passwords()
