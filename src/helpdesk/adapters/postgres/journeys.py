"""The journeys of messages, one row for each step; written in batches, apart from what decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.connection import Database
from helpdesk.domain.ids import MessageId
from helpdesk.domain.journey import Step, StepName, in_order

_KEEP: Final = """
INSERT INTO message_step
    (message_id, attempt, name, at, process, correlation, failure_code, failure_detail)
SELECT * FROM unnest(
    $1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
    $8::text[]
)
ON CONFLICT DO NOTHING
"""
_OF: Final = """
SELECT message_id, attempt, name, at, process, correlation, failure_code, failure_detail
FROM message_step WHERE message_id = $1 AND name = ANY ($2)
"""
_READABLE: Final = tuple(StepName)  # what a newer release kept is nothing to us


class PostgresJourneys:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, steps: Sequence[Step]) -> None:
        if steps:
            await self._database.execute(_KEEP, *zip(*map(_row, steps), strict=True))

    async def of(self, message: MessageId) -> list[Step]:
        return in_order([_step(it) for it in await self._database.fetch(_OF, message, _READABLE)])

    async def prune(self, *, before: datetime) -> None:
        await self._database.execute("DELETE FROM message_step WHERE at < $1", before)


def _row(it: Step) -> tuple[object, ...]:
    code, detail = (it.failure.code, it.failure.detail) if it.failure else (None, None)
    return it.message_id, it.attempt, it.name, it.at, it.process, it.correlation, code, detail


def _step(row: rows.Row) -> Step:
    return Step(
        message_id=MessageId(row[0]),
        attempt=row[1],
        name=StepName(row[2]),
        at=row[3],
        process=row[4],
        correlation=row[5],
        failure=rows.failure(row[6], row[7]),
    )
