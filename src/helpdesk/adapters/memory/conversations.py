"""Clients, attendances, messages and feedback within one unit of work."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from helpdesk.adapters.memory.saving import Saving
from helpdesk.adapters.memory.tables import Parked
from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError, Status
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId, SectorId, SessionId
from helpdesk.domain.message import Delivery, Direction, Failure, Message, MessageNotFoundError

_RANK: Final = {state: rank for rank, state in enumerate(Delivery)}


class Clients:
    def __init__(self, unit: Unit, saving: Saving) -> None:
        self._unit, self._saving = unit, saving

    async def load(self, id: ClientId) -> Client:
        clients = self._unit.tables.clients
        client = await self._unit.held("client", clients, id, ClientNotFoundError)
        while client.merged_into is not None:
            client = await self._unit.held(
                "client", clients, client.merged_into, ClientNotFoundError
            )
        return client

    async def obtain(self, draft: Change[Client]) -> tuple[Client, ...]:
        keys = sorted((it.scheme, it.key) for it in draft.state.identities)
        for it in keys:  # sorted: rivals with the same identities do not wait for each other
            await self._unit.hold("identity", it)
        tables = self._unit.tables
        known = {tables.identities[it] for it in keys if it in tables.identities}
        if not known:
            await self._saving.save(draft)
            return (draft.state,)
        found = await self._unit.all_held("client", tables.clients, lambda it: it.id in known)
        return tuple(sorted(found, key=lambda it: (it.created_at, it.id)))

    async def known_by(self, identities: Sequence[Identity]) -> list[ClientId]:
        known = self._unit.tables.identities
        found = (known.get((it.scheme, it.key)) for it in identities)
        return [it for it in dict.fromkeys(found) if it is not None]

    async def move(self, source: ClientId, target: ClientId) -> None:
        tables = self._unit.tables
        for attendance in await self._unit.all_held(
            "attendance", tables.attendances, lambda it: it.client_id == source
        ):
            await self._saving.save(Change(replace(attendance, client_id=target)))
        for message in await self._unit.all_held(
            "message", tables.messages, lambda it: it.client_id == source
        ):
            tables.messages[message.id] = replace(message, client_id=target)


class Attendances:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: AttendanceId) -> Attendance:
        attendances = self._unit.tables.attendances
        return await self._unit.held("attendance", attendances, id, AttendanceNotFoundError)

    async def find(self, id: AttendanceId) -> Attendance:
        if id not in self._unit.tables.attendances:
            raise AttendanceNotFoundError
        return self._unit.tables.attendances[id]

    async def open_of(self, client: ClientId, session: SessionId | None = None) -> list[Attendance]:
        def wanted(it: Attendance) -> bool:
            return it.is_open and it.client_id == client and session in (None, it.session_id)

        return await self._unit.all_held("attendance", self._unit.tables.attendances, wanted)

    async def last_heard(self, client: ClientId, session: SessionId) -> datetime | None:
        every = self._unit.tables.attendances.values()
        theirs = (it for it in every if (it.client_id, it.session_id) == (client, session))
        return max((it.heard_at for it in theirs if it.heard_at), default=None)

    async def waiting_in(self, sector: SectorId, limit: int) -> list[Attendance]:
        def wanted(it: Attendance) -> bool:
            return it.status is Status.WAITING and it.sector_id == sector

        return self._free(wanted, lambda it: it.waiting_since or it.last_message_at, limit)

    async def abandoned(self, limit: int) -> list[Attendance]:
        team = self._unit.tables.attendants

        def wanted(it: Attendance) -> bool:
            holder = it.attendant_id if it.status is Status.ACTIVE else None
            return holder is not None and not team[holder].active

        return self._free(wanted, lambda it: it.last_message_at, limit)

    async def silent_in(
        self, sector: SectorId, *, since: datetime, skip_neglected: bool, limit: int
    ) -> list[Attendance]:
        def wanted(it: Attendance) -> bool:
            silent = it.is_open and it.sector_id == sector and it.last_message_at <= since
            return silent and not (skip_neglected and it.neglected)

        return self._free(wanted, lambda it: it.last_message_at, limit)

    def _free(
        self,
        wanted: Callable[[Attendance], bool],
        order: Callable[[Attendance], datetime],
        limit: int,
    ) -> list[Attendance]:
        attendances = self._unit.tables.attendances
        found = sorted(filter(wanted, attendances.values()), key=lambda it: (order(it), it.id))
        return self._unit.free_held("attendance", attendances, (it.id for it in found), limit)


class Messages:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: MessageId) -> Message:
        messages = self._unit.tables.messages
        return await self._unit.held("message", messages, id, MessageNotFoundError)

    async def find(self, id: MessageId) -> Message | None:
        return self._unit.tables.messages.get(id)

    async def of_provider(self, session: SessionId, provider_id: str) -> Message | None:
        id = self._unit.tables.provided.get((session, provider_id))
        return None if id is None else await self.load(id)

    async def last_inbound(self, attendance: AttendanceId) -> Message | None:
        inbound = (
            it
            for it in self._unit.tables.messages.values()
            if it.attendance_id == attendance and it.direction is Direction.INBOUND
        )
        return max(inbound, key=lambda it: it.position, default=None)

    async def park_status(
        self, session: SessionId, provider_id: str, delivery: Delivery, failure: Failure | None
    ) -> None:
        key = session, provider_id
        await self._unit.hold("parked", key)
        parked = self._unit.tables.parked
        if key not in parked or _RANK[delivery] > _RANK[parked[key].delivery]:
            parked[key] = Parked(delivery, failure, at=datetime.now(UTC))

    async def unpark_status(
        self, session: SessionId, provider_id: str
    ) -> tuple[Delivery, Failure | None] | None:
        key = session, provider_id
        await self._unit.hold("parked", key)
        kept = self._unit.tables.parked.pop(key, None)
        return None if kept is None else (kept.delivery, kept.failure)


class Feedbacks:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def by_token(self, token_hash: bytes) -> Feedback | None:
        found = await self._unit.all_held(
            "feedback", self._unit.tables.feedbacks, lambda it: it.token_hash == token_hash
        )
        return found[0] if found else None

    async def of(self, attendance: AttendanceId) -> Feedback | None:
        await self._unit.hold("feedback", attendance)
        return self._unit.tables.feedbacks.get(attendance)
