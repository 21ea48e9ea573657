"""Amendments that wait for their message."""

from dataclasses import replace
from datetime import UTC, datetime

from helpdesk.adapters.memory.tables import EarlyRow, QuotesRow
from helpdesk.adapters.memory.unit import Unit
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.report import AmendmentReported
from helpdesk.ports.early import OF_MESSAGE, OF_SESSION


class Early:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def park(self, report: AmendmentReported) -> bool:
        key = report.session_id, report.provider_id
        await self._unit.hold("early", key)
        early = self._unit.tables.early
        row = early.get(key, EarlyRow((), at=datetime.now(UTC)))
        of_session = sum(len(it.reports) for (id, _), it in early.items() if id == key[0])
        if len(row.reports) >= OF_MESSAGE or of_session >= OF_SESSION:
            return False
        early[key] = replace(row, reports=(*row.reports, report))
        return True

    async def take(self, session: SessionId, provider_id: str) -> list[AmendmentReported]:
        key = session, provider_id
        await self._unit.hold("early", key)
        row = self._unit.tables.early.pop(key, None)
        return [] if row is None else list(row.reports)

    async def park_quote(self, session: SessionId, provider_id: str, by: MessageId) -> None:
        quotes, key = self._unit.tables.early_quotes, (session, provider_id)
        before = quotes[key].by if key in quotes else ()
        quotes[key] = QuotesRow((*before, by), at=datetime.now(UTC))

    async def take_quotes(self, session: SessionId, provider_id: str) -> list[MessageId]:
        row = self._unit.tables.early_quotes.pop((session, provider_id), None)
        return [] if row is None else list(row.by)
