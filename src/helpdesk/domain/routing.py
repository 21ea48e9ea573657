"""Who should take a waiting attendance.

Pure policy: the store brings the candidates, this module only ranks them.  Menus, opening hours
and sticky assignment will be further functions of this kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.ids import AttendantId
from helpdesk.domain.sector import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An attendant of the sector, as of one instant."""

    id: AttendantId
    online: bool  # connected, active and not away
    active: int  # attendances being answered now
    capacity: int  # attendances at once, at most
    last_assigned_at: datetime  # aware, UTC; the epoch if never

    @property
    def has_room(self) -> bool:
        return self.online and self.active < self.capacity


def choose(policy: Policy, candidates: Iterable[Candidate]) -> AttendantId | None:
    """Pick an attendant; None leaves the attendance waiting."""
    if policy is Policy.MANUAL:
        return None
    free = [it for it in candidates if it.has_room]
    return min(free, key=_turn).id if free else None


def _turn(it: Candidate) -> tuple[float, datetime, AttendantId]:
    """Least busy first, then longest unassigned."""
    return it.active / it.capacity, it.last_assigned_at, it.id
