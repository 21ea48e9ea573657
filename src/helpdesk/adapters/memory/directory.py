"""People and numbers for people to look at, read from what is committed."""

from datetime import datetime

from helpdesk.adapters.memory.pages import page
from helpdesk.adapters.memory.people import is_online, open_attendances_of, sectors_of
from helpdesk.adapters.memory.tables import Tables
from helpdesk.adapters.memory.text import fold
from helpdesk.adapters.memory.viewing import attendant_ref
from helpdesk.domain.attendant import Attendant, AttendantNotFoundError
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.ids import AttendantId, ClientId, SectorId, SessionId
from helpdesk.domain.outage import Outage
from helpdesk.domain.session import Session, SessionNotFoundError
from helpdesk.domain.views import AttendantView, MergeView, Page, Ref, SectorView


class MemoryDirectory:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def clients(self, text: str, *, cursor: str | None, limit: int) -> Page[Client]:
        wanted = fold(text)
        return page(
            [
                it
                for it in self._tables.clients.values()
                if it.merged_into is None and any(wanted in fold(part) for part in _parts(it))
            ],
            place=lambda it: (fold(it.name), str(it.id)),
            cursor=cursor,
            limit=limit,
        )

    async def client(self, id: ClientId) -> Client:
        if id not in self._tables.clients:
            raise ClientNotFoundError
        client = self._tables.clients[id]
        return client if client.merged_into is None else await self.client(client.merged_into)

    async def merges(self, id: ClientId) -> list[MergeView]:
        known, merges = self._tables.clients, self._tables.merges.values()
        views = [
            MergeView(
                at=it.at,
                actor=attendant_ref(self._tables, it.by),
                merged=Ref(it.merged_id, known[it.merged_id].name),
                kept=Ref(it.client_id, known[it.client_id].name),
            )
            for it in merges
            if (await self.client(it.client_id)).id == id
        ]
        return sorted(views, key=lambda it: (it.at, it.merged.id))

    async def sectors(self) -> list[SectorView]:
        return [
            SectorView(sector=it, members=self._members(it.id)) for it in sectors_of(self._tables)
        ]

    async def attendants(self, *, online_since: datetime) -> list[AttendantView]:
        return [
            AttendantView(
                attendant=it,
                online=is_online(self._tables, it, since=online_since),
                open_attendances=open_attendances_of(self._tables, it.id),
            )
            for it in self._by_name()
        ]

    async def attendant(self, id: AttendantId) -> Attendant:
        if id not in self._tables.attendants:
            raise AttendantNotFoundError
        return self._tables.attendants[id]

    async def sessions(self) -> list[Session]:
        return [it for it in self._tables.sessions.values() if not it.retired]

    async def session(self, id: SessionId) -> Session:
        if id not in self._tables.sessions:
            raise SessionNotFoundError
        return self._tables.sessions[id]

    async def outages(self, id: SessionId, *, limit: int) -> list[Outage]:
        known = [it for it in self._tables.outages.values() if it.session_id == id]
        return sorted(known, key=lambda it: it.since, reverse=True)[:limit]

    async def signed_in(self, token_hash: bytes, *, at: datetime) -> Attendant | None:
        sign_in = self._tables.sign_ins.get(token_hash)
        if sign_in is None or sign_in.expires_at <= at:
            return None
        attendant = self._tables.attendants[sign_in.attendant_id]
        return attendant if attendant.active else None

    def _by_name(self) -> list[Attendant]:
        return sorted(self._tables.attendants.values(), key=lambda it: (fold(it.name), it.id))

    def _members(self, sector: SectorId) -> tuple[AttendantId, ...]:
        return tuple(it.id for it in self._by_name() if sector in it.sectors)


def _parts(it: Client) -> tuple[str, ...]:
    addresses = (text for one in it.identities for text in (one.value, one.key))
    return (it.name, *it.tags, *addresses)
