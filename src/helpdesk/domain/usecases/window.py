"""Keeping to the window, where the bridge of an attendance has one."""

from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.usecases.abilities import abilities_of
from helpdesk.domain.window import WindowClosedError, is_open, surely_open
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import UnitOfWork


async def is_in_window(
    work: UnitOfWork, it: Attendance, abilities: Abilities, *, at: datetime
) -> bool:
    """Whether free text may be sent now."""
    if surely_open(it, at=at):  # which saves nearly everybody the question for the bridge
        return True
    return is_open(it, await abilities_of(work, it.session_id, abilities), at=at)


async def must_be_in_window(
    work: UnitOfWork, it: Attendance, abilities: Abilities, *, at: datetime
) -> None:
    """Refuse what is no template outside of the window.

    Raises:
        WindowClosedError.
    """
    if not await is_in_window(work, it, abilities, at=at):
        raise WindowClosedError
