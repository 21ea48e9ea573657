"""Who may see what.

An attendant sees their own attendances and those that wait in their sectors; a manager sees all of
their sectors; an admin sees everything.  One rule, asked in two ways: of an attendance
(`sees`) and of an event on its way to dashboards (`audience_of`, `Audience.includes`).
"""

from dataclasses import dataclass

from helpdesk.domain.attendance import (
    Attendance,
    AttendanceAssigned,
    AttendanceClosed,
    AttendanceEvent,
    AttendanceNotFoundError,
    AttendanceReleased,
    AttendanceTransferred,
    Status,
)
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.change import Event
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.message import MessageEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Those who may see an event; admins always may."""

    everyone: bool = False
    attendants: frozenset[AttendantId] = frozenset()
    managers_of: frozenset[SectorId] = frozenset()
    members_of: frozenset[SectorId] = frozenset()  # for what waits, or just stopped waiting

    def includes(self, viewer: Attendant) -> bool:
        if self.everyone or viewer.role is Role.ADMIN or viewer.id in self.attendants:
            return True
        if viewer.role is Role.MANAGER and self.managers_of & viewer.sectors:
            return True
        return bool(self.members_of & viewer.sectors)


def sees(viewer: Attendant, it: Attendance) -> bool:
    """Whether `viewer` may see the attendance as it is now."""
    return _audience_of_state(it).includes(viewer)


def must_see(viewer: Attendant, it: Attendance) -> None:
    """Hide what the viewer may not see: to them it does not exist.

    Raises:
        AttendanceNotFoundError: not theirs to see.
    """
    if not sees(viewer, it):
        raise AttendanceNotFoundError


def audience_of(event: Event) -> Audience:
    """Name those who may see an event, among them those whose list the change leaves."""
    if not isinstance(event, AttendanceEvent | MessageEvent):
        return Audience(everyone=True)
    now, before = _audience_of_state(event.attendance), _audience_before(event)
    return Audience(
        attendants=now.attendants | before.attendants,
        managers_of=now.managers_of | before.managers_of,
        members_of=now.members_of | before.members_of,
    )


def _audience_of_state(it: Attendance) -> Audience:
    sector = frozenset({it.sector_id})
    return Audience(
        attendants=frozenset({it.attendant_id}) if it.attendant_id else frozenset(),
        managers_of=sector,
        members_of=sector if it.status is Status.WAITING else frozenset(),
    )


def _audience_before(event: Event) -> Audience:
    """Those who saw the attendance until this event."""
    match event:
        case AttendanceTransferred():
            sector, holder = event.previous_sector_id, event.previous_attendant_id
        case AttendanceAssigned() | AttendanceReleased():
            sector, holder = event.attendance.sector_id, event.previous_attendant_id
        case AttendanceClosed():  # what nobody had leaves the queue
            sector, holder = event.attendance.sector_id, event.attendance.attendant_id
        case _:
            return Audience()
    return Audience(
        attendants=frozenset({holder}) if holder else frozenset(),
        managers_of=frozenset({sector}),
        members_of=frozenset() if holder else frozenset({sector}),
    )
