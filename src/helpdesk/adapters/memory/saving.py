"""Writing changes into the layer of a unit of work, as far as they are allowed.

What must be unique is held before it is looked up, so that a rival's insert is waited for.
"""

from functools import singledispatchmethod

from helpdesk.adapters.memory.unit import Unit
from helpdesk.adapters.wire import correlation, trail
from helpdesk.domain.attendance import (
    Attendance,
    AttendanceAssigned,
    AttendanceOpened,
    AttendanceOpenError,
    AttendanceTransferred,
)
from helpdesk.domain.attendant import Attendant, EmailTakenError
from helpdesk.domain.change import Change, Event
from helpdesk.domain.client import Client, ClientsMerged
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.journey import Trail, told
from helpdesk.domain.message import Message
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import AccountTakenError, Session
from helpdesk.ports.store import Entity


class Saving:
    def __init__(self, unit: Unit, process: str) -> None:
        self._unit = unit
        self._process = process
        self.events: list[tuple[Event, str, Trail]] = []  # each with its correlation id

    async def save(self, *changes: Change[Entity]) -> None:
        for change in changes:
            await self._write(change.state)
            await self.emit(*change.events)

    async def emit(self, *events: Event) -> None:
        for event in events:
            way = told(event, process=self._process, before=trail.current())
            self.events.append((event, correlation.current(), way))
            if isinstance(event, AttendanceOpened | AttendanceAssigned | AttendanceTransferred):
                holder = event.attendance.attendant_id
                if holder is not None:
                    self._unit.tables.assigned[holder] = event.at
            elif isinstance(event, ClientsMerged):
                self._unit.tables.merges[event.merged_id] = event

    @singledispatchmethod
    async def _write(self, state: Entity) -> None:
        raise TypeError(type(state))

    @_write.register
    async def _(self, it: Attendance) -> None:
        attendances = self._unit.tables.attendances
        await self._unit.hold("attendance", it.id)
        if it.is_open:
            await self._unit.hold("open attendance", it.client_id, it.session_id)
            for other in attendances.values():
                if other.is_open and other.id != it.id and _compete(other, it):
                    raise AttendanceOpenError(attendance_id=other.id)
        attendances[it.id] = it

    @_write.register
    async def _(self, it: Message) -> None:
        tables = self._unit.tables
        await self._unit.hold("message", it.id)
        former = tables.messages.get(it.id)
        if former is not None and former.provider_id is not None:
            tables.provided.pop((former.session_id, former.provider_id), None)
        if it.provider_id is not None:
            key = it.session_id, it.provider_id
            await self._unit.hold("provided", key)
            if tables.provided.setdefault(key, it.id) != it.id:
                raise ConflictError("A message with this provider's id was stored before.")
        tables.messages[it.id] = it

    @_write.register
    async def _(self, it: Client) -> None:
        tables = self._unit.tables
        await self._unit.hold("client", it.id)
        former = tables.clients.get(it.id)
        for identity in former.identities if former else ():
            if tables.identities.get((identity.scheme, identity.key)) == it.id:
                del tables.identities[identity.scheme, identity.key]
        for key in sorted((identity.scheme, identity.key) for identity in it.identities):
            await self._unit.hold("identity", key)
            if tables.identities.setdefault(key, it.id) != it.id:
                raise ConflictError("One of the addresses belongs to another client.")
        tables.clients[it.id] = it

    @_write.register
    async def _(self, it: Attendant) -> None:
        attendants = self._unit.tables.attendants
        await self._unit.hold("attendant", it.id)
        await self._unit.hold("email", it.email)
        if any(other.email == it.email and other.id != it.id for other in attendants.values()):
            raise EmailTakenError
        attendants[it.id] = it

    @_write.register
    async def _(self, it: Feedback) -> None:
        await self._unit.hold("feedback", it.attendance_id)
        self._unit.tables.feedbacks[it.attendance_id] = it

    @_write.register
    async def _(self, it: Sector) -> None:
        sectors = self._unit.tables.sectors
        await self._unit.hold("sector", it.id)
        if it.is_default:
            await self._unit.hold("default sector")
            if any(other.is_default and other.id != it.id for other in sectors.values()):
                raise ConflictError("Another sector is the default.")
        sectors[it.id] = it

    @_write.register
    async def _(self, it: Session) -> None:
        await self._unit.hold("session", it.id)
        if it.account and not it.retired:
            await self._unit.hold("session account", it.bridge, it.account)
            for other in self._unit.tables.sessions.values():
                taken = (other.bridge, other.account) == (it.bridge, it.account)
                if taken and other.id != it.id and not other.retired:
                    raise AccountTakenError
        self._unit.tables.sessions[it.id] = it


def _compete(one: Attendance, other: Attendance) -> bool:
    return (one.client_id, one.session_id) == (other.client_id, other.session_id)
