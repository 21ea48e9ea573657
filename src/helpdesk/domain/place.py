"""Where a message stands: whose it is, and its position within its attendance."""

from typing import TypedDict

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.ids import AttendanceId, ClientId, SessionId


class Place(TypedDict):
    attendance_id: AttendanceId
    client_id: ClientId
    session_id: SessionId
    position: int


def place_of(it: Attendance) -> Place:
    """Say where the message stands that the attendance has counted last."""
    return Place(
        attendance_id=it.id,
        client_id=it.client_id,
        session_id=it.session_id,
        position=it.last_position,
    )
