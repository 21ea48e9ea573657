"""Who may handle an attendance, beyond seeing it."""

from helpdesk.domain.attendance import Attendance, NotYoursError
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.visibility import must_see


def must_handle(by: Attendant, it: Attendance) -> None:
    """Allow the holder, anybody who sees it while nobody holds it, and the managers.

    Raises:
        AttendanceNotFoundError: `by` may not even see it.
        NotYoursError: a colleague holds it.
    """
    must_see(by, it)
    if by.role is Role.ATTENDANT and it.attendant_id not in (None, by.id):
        raise NotYoursError(holder_id=it.attendant_id)
