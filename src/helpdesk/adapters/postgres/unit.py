"""What the repositories of one unit of work share: its transaction, and what it has to write.

Round trips are what costs.  BEGIN waits for the first statement; what is saved is written together,
before the next reading and at the end; a unit that only writes, in one statement, needs no BEGIN.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.postgres.pending import Pending
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.postgres.writing import Statement, are_together, together
from helpdesk.ports.store import Entity

_ROLLBACK_SECONDS: Final = 5.0
# It waits for a rival's transaction to end before it answers, and whoever is answered keeps the row
# until its own ends: a row that was there, and is locked, has an xmax.
_CLAIM: Final = """
INSERT INTO inbox (delivery) VALUES ($1)
ON CONFLICT (delivery) DO UPDATE SET delivery = excluded.delivery
RETURNING xmax = 0
"""
_BEFORE: Final = f"SELECT {rows.CLIENT} FROM client WHERE id = ANY ($1) FOR NO KEY UPDATE"


class Unit(ABC):
    def __init__(self, process: str = "") -> None:
        self.pending = Pending(process)

    @abstractmethod
    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Read, or read and lock, what this unit of work sees, its own changes included."""

    @abstractmethod
    async def execute(self, sql: str, *arguments: object) -> None:
        """Change something, after what was saved before."""

    @abstractmethod
    async def hold(self, kind: type[Entity], sql: str, *arguments: object) -> Sequence[Row]:
        """Read rows of `kind`, from `id` to `xmin`, and hold them, or note what they were."""

    @abstractmethod
    async def look(self, sql: str, *arguments: object) -> Sequence[Row]:
        """Read what may change before this unit of work ends."""

    @abstractmethod
    async def peek(self, sql: str, *arguments: object) -> Any:
        """Read a value that nothing in this unit of work changes."""

    @abstractmethod
    async def claim(self, delivery: str) -> bool:
        """Claim what nothing that was saved has to do with: that can wait."""

    @abstractmethod
    async def commit(self) -> None:
        """Write what is left and end the transaction."""

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        found = await self.fetch(sql, *arguments)
        return found[0] if found else None

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        found = await self.fetch(sql, *arguments)
        return found[0][0] if found else None


class Held(Unit):
    """What it reads for change is held until it ends."""

    def __init__(self, connection: asyncpg.Connection, process: str = "") -> None:
        super().__init__(process)
        self._connection = connection
        self._begun = False

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        with TRANSLATED:
            await self._ready()
            return await self._connection.fetch(sql, *arguments)

    async def execute(self, sql: str, *arguments: object) -> None:
        with TRANSLATED:
            await self._ready()
            await self._connection.execute(sql, *arguments)

    async def hold(self, kind: type[Entity], sql: str, *arguments: object) -> Sequence[Row]:
        return await self.fetch(f"{sql} FOR NO KEY UPDATE", *arguments)

    async def look(self, sql: str, *arguments: object) -> Sequence[Row]:
        return await self.fetch(sql, *arguments)

    async def peek(self, sql: str, *arguments: object) -> Any:
        with TRANSLATED:  # no transaction is begun for it
            return await self._connection.fetchval(sql, *arguments)

    async def claim(self, delivery: str) -> bool:
        with TRANSLATED:
            if not self._begun:
                await self._begin()
            return bool(await self._connection.fetchval(_CLAIM, delivery))

    async def commit(self) -> None:
        with TRANSLATED:
            await self._learn_strangers()
            groups = self.pending.take(last=True)
            if not self._begun and len(groups) > 1:
                await self._begin()
            await self._write(groups)
            if self._begun and await self._connection.execute("COMMIT") != "COMMIT":
                # An error was swallowed inside the block: PostgreSQL rolled back instead.
                raise RuntimeError("a unit of work went on after an error")

    async def roll_back(self) -> None:
        """Undo everything; a connection that cannot even do that is given up."""
        if not self._begun:
            return
        # What made us roll back is what the caller must hear of, not that the connection is lost:
        # the pool takes such a one back by itself, and then refuses even to end it.
        try:
            await self._connection.execute("ROLLBACK", timeout=_ROLLBACK_SECONDS)
        except BaseException as error:
            with suppress(asyncpg.InterfaceError):
                self._connection.terminate()
            if not isinstance(error, OSError | asyncpg.PostgresError | asyncpg.InterfaceError):
                raise

    async def after_rollback(self, sql: str, *arguments: object) -> Any:
        """Look why it came to that, outside of any transaction."""
        with TRANSLATED:
            return await self._connection.fetchval(sql, *arguments)

    async def _ready(self) -> None:
        if not self._begun:
            await self._begin()
        if self.pending:
            await self._learn_strangers()
            await self._write(self.pending.take(last=False))

    async def _begin(self) -> None:
        await self._connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        self._begun = True

    async def _write(self, groups: list[list[Statement]]) -> None:
        for group in groups:
            if are_together(group):
                one = together(group)
                await self._connection.execute(one.sql, *one.arguments)
            else:  # of one kind: sent at once, and answered at once
                arguments = [it.arguments for it in group]
                await self._connection.executemany(group[0].sql, arguments)

    async def _learn_strangers(self) -> None:
        """Look up the addresses of clients that are saved without having been loaded."""
        strangers = self.pending.strangers()
        if not strangers:
            return
        if not self._begun:
            await self._begin()
        for it in strangers:
            self.pending.learn_new(it)
        ids = [it.id for it in strangers]
        for row in await self._connection.fetch(_BEFORE, ids):
            self.pending.learn(rows.client(row))
