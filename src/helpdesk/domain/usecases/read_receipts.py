"""Showing a client that what they wrote was read."""

from datetime import datetime

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.bridge import ReadReceiptRequested
from helpdesk.ports.store import UnitOfWork


async def show_read(work: UnitOfWork, it: Attendance, *, at: datetime) -> None:
    """Ask the bot to mark everything up to the client's newest message as read."""
    last = await work.messages.last_inbound(it.id)
    if last and last.provider_id:
        await work.emit(
            ReadReceiptRequested(
                at=at,
                session_id=it.session_id,
                address=it.address,
                provider_id=last.provider_id,
            )
        )
