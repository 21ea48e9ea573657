"""Ticks: one row for each run of each job, and whoever inserts it runs it."""

from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.connection import Database

_CLAIM: Final = """
INSERT INTO tick (job, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true
"""


class PostgresTicks:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, job: str, due_at: datetime) -> bool:
        return bool(await self._database.fetchval(_CLAIM, job, due_at))

    async def prune(self, *, before: datetime) -> None:
        await self._database.execute("DELETE FROM tick WHERE due_at < $1", before)
