"""A unit of work that holds nothing, and has no connection of its own.

Its one writing fails when a row that was read is not the same any more (`xmin` is another after
each change), and so does whatever would take more than one statement.  What it asks and writes
travels together with that of others (`company.py`).
"""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from helpdesk.adapters.postgres.company import Company, Turn
from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.postgres.foresight import ALONG, NEXT, Answers
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.postgres.unit import Unit
from helpdesk.adapters.postgres.writing import together
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.message import Message
from helpdesk.ports.store import Entity, StaleError

_OVERTAKEN: Final = (asyncpg.DivisionByZeroError, asyncpg.UniqueViolationError)


class Unheld(Unit):
    def __init__(self, company: Company, process: str = "", *, hurry: bool = True) -> None:
        super().__init__(process)
        self._company = company
        self._hurry = hurry
        self._ahead: Answers = {}  # to what was not asked yet

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        raise StaleError  # only whoever holds may see its own changes, or lock

    async def execute(self, sql: str, *arguments: object) -> None:
        raise StaleError

    async def hold(self, kind: type[Entity], sql: str, *arguments: object) -> Sequence[Row]:
        found = await self.look(sql, *arguments)
        self.pending.versions.setdefault(kind, {}).update((it[0], it[-1]) for it in found)
        return found

    async def look(self, sql: str, *arguments: object) -> Sequence[Row]:
        if self.pending:
            raise StaleError  # what was saved is not written before the end
        if sql in NEXT and (known := self._ahead.pop((sql, arguments), None)):
            return known
        along = ALONG.get(sql)
        with TRANSLATED:
            found = await self._read(along.sql if along else sql, *arguments)
        if along:
            found, answers = along.parted(found)
            self._ahead |= answers
        return found

    async def peek(self, sql: str, *arguments: object) -> Any:
        with TRANSLATED:
            found = await self._read(sql, *arguments)
        return found[0][0] if found else None

    async def claim(self, delivery: str) -> bool:
        """Take it to be the first time; where it is not, the writing fails."""
        self.pending.claims.append(delivery)
        return True

    async def commit(self) -> None:
        if self.pending.strangers():
            raise StaleError
        groups = self.pending.take(last=True)
        if len(groups) > 1:
            raise StaleError
        with TRANSLATED:
            for group in groups:
                try:
                    await self._company.write(together(group), turn=self._turn(), hurry=self._hurry)
                except _OVERTAKEN as error:
                    raise StaleError from error

    async def _read(self, sql: str, *arguments: object) -> list[Row]:
        return await self._company.read(sql, *arguments, hurry=self._hurry)

    def _turn(self) -> Turn:
        versions = self.pending.versions
        return tuple(id for kind in (Attendance, Message) for id in sorted(versions.get(kind, ())))
