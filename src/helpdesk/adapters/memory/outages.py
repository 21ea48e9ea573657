"""When numbers were down, within one unit of work."""

from dataclasses import replace
from datetime import datetime

from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.ids import SessionId
from helpdesk.domain.outage import Outage, OutageNotFoundError


class Outages:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def last_of(self, session: SessionId) -> Outage | None:
        known = [since for of, since in self._unit.tables.outages if of == session]
        return await self.load(session, max(known)) if known else None

    async def load(self, session: SessionId, since: datetime) -> Outage:
        key = session, since
        await self._unit.hold("outage", key)
        if key not in self._unit.tables.outages:
            raise OutageNotFoundError
        return self._unit.tables.outages[key]

    async def keep(self, outage: Outage) -> None:
        key = outage.session_id, outage.since
        await self._unit.hold("outage", key)
        self._unit.tables.outages[key] = outage

    async def take(self, *, at: datetime, until: datetime, limit: int) -> list[Outage]:
        tables = self._unit.tables
        due = [(it.due_at, key) for key, it in tables.outages.items() if it.due_at is not None]
        taken: list[Outage] = []
        for due_at, key in sorted(due):
            if due_at > at or len(taken) == limit:
                break
            if self._unit.holds.try_hold(self._unit.holder, "outage", key):
                tables.outages[key] = replace(tables.outages[key], due_at=until)
                taken.append(tables.outages[key])
        return taken


def is_over(it: Outage, before: datetime) -> bool:
    return it.due_at is None and it.ended_at is not None and it.ended_at < before
