"""Who may handle an attendance, beyond seeing it."""

from helpdesk.domain.attendance import Attendance, NotYoursError
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.visibility import must_see


def must_know(by: Attendant, it: Attendance) -> None:
    """Hide what never was for `by` to see; members of its sector may learn who was faster.

    Raises:
        AttendanceNotFoundError: it belongs to another sector, and to somebody else.
    """
    if it.sector_id not in by.sectors:
        must_see(by, it)


def must_handle(by: Attendant, it: Attendance) -> None:
    """Allow the holder, the sector's members while nobody holds it, and the managers.

    Raises:
        AttendanceNotFoundError: `by` may not even know of it.
        NotYoursError: a colleague holds it.
    """
    must_know(by, it)
    if by.role is Role.ATTENDANT and it.attendant_id not in (None, by.id):
        raise NotYoursError(holder_id=it.attendant_id)
