"""The customer-service window: free text only for a day after the client last wrote.

It is WhatsApp's rule for official numbers; other bridges declare that they have none.
"""

from datetime import datetime, timedelta
from typing import Final

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.errors import ConflictError

WINDOW: Final = timedelta(hours=24)


class WindowClosedError(ConflictError):
    """The client last wrote more than 24 hours ago: WhatsApp takes only a template now."""

    code = "window_closed"


def window_closes_at(it: Attendance, able: Capabilities) -> datetime | None:
    """Say until when a free text may be sent; None: for ever, by this bridge.

    To a client who never wrote it was closed when the attendance began.
    """
    if not able.window_24h:
        return None
    return it.opened_at if it.heard_at is None else it.heard_at + WINDOW


def surely_open(it: Attendance, *, at: datetime) -> bool:
    """Whether it is open by any bridge."""
    return it.heard_at is not None and at < it.heard_at + WINDOW


def is_open(it: Attendance, able: Capabilities, *, at: datetime) -> bool:
    """Whether free text may be sent now by this bridge."""
    closes_at = window_closes_at(it, able)
    return closes_at is None or at < closes_at


def must_be_open(it: Attendance, able: Capabilities, *, at: datetime) -> None:
    """Refuse what is no template outside of the window.

    Raises:
        WindowClosedError.
    """
    if not is_open(it, able, at=at):
        raise WindowClosedError
