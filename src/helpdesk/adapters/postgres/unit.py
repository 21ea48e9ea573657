"""What the repositories of one unit of work share: its transaction, and what it has to write.

Round trips are what costs.  BEGIN waits for the first statement; what is saved is written together,
before the next reading and at the end; a unit that only writes, in one statement, needs no BEGIN.

A unit that holds nothing has no transaction but that of its one writing: this fails when a row
that was read is not the same any more (`xmin` is another after each change), and so does whatever
would take more than one statement.
"""

from contextlib import suppress
from typing import Any, Final

import asyncpg

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.postgres.pending import Pending
from helpdesk.adapters.postgres.writing import Statement, are_together, together
from helpdesk.ports.store import Entity, StaleError

_ROLLBACK_SECONDS: Final = 5.0
# ON CONFLICT waits for a rival's transaction to end before it answers.
_CLAIM: Final = "INSERT INTO inbox (delivery) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"
_IS_CLAIMED: Final = "SELECT true FROM inbox WHERE delivery = $1"
_OVERTAKEN: Final = (asyncpg.DivisionByZeroError, asyncpg.UniqueViolationError)
_BEFORE: Final = f"SELECT {rows.CLIENT} FROM client WHERE id = ANY ($1) FOR NO KEY UPDATE"


class Unit:
    def __init__(
        self, connection: asyncpg.Connection, process: str = "", *, hold: bool = True
    ) -> None:
        self._connection = connection
        self._hold = hold
        self._begun = False
        self.pending = Pending(process)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Read, or read and lock, what this unit of work sees, its own changes included."""
        with TRANSLATED:
            await self._ready()
            return await self._connection.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        with TRANSLATED:
            await self._ready()
            return await self._connection.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        with TRANSLATED:
            await self._ready()
            return await self._connection.fetchval(sql, *arguments)

    async def hold(self, kind: type[Entity], sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Read rows of `kind`, from `id` to `xmin`, and hold them, or note what they were."""
        if self._hold:
            return await self.fetch(f"{sql} FOR NO KEY UPDATE", *arguments)
        found = await self.look(sql, *arguments)
        self.pending.versions.setdefault(kind, {}).update((it[0], it[-1]) for it in found)
        return found

    async def look(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Read what may change before this unit of work ends."""
        if self._hold:
            return await self.fetch(sql, *arguments)
        if self.pending:
            raise StaleError  # what was saved is not written before the end
        with TRANSLATED:
            return await self._connection.fetch(sql, *arguments)

    async def peek(self, sql: str, *arguments: object) -> Any:
        """Read what nothing in this unit of work changes; no transaction is begun for it."""
        with TRANSLATED:
            return await self._connection.fetchval(sql, *arguments)

    async def claim(self, delivery: str) -> bool:
        """Claim what nothing that was saved has to do with: that can wait."""
        with TRANSLATED:
            if not self._hold:
                if await self._connection.fetchval(_IS_CLAIMED, delivery):
                    return False
                self.pending.claims.append(delivery)
                return True
            if not self._begun:
                await self._begin()
            return bool(await self._connection.fetchval(_CLAIM, delivery))

    async def execute(self, sql: str, *arguments: object) -> None:
        with TRANSLATED:
            await self._ready()
            await self._connection.execute(sql, *arguments)

    async def commit(self) -> None:
        """Write what is left and end the transaction."""
        with TRANSLATED:
            await self._learn_strangers()
            groups = self.pending.take(last=True)
            if not self._begun and len(groups) > 1:
                await self._begin()
            try:
                await self._write(groups)
            except _OVERTAKEN as error:
                if self._hold:
                    raise
                raise StaleError from error
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
        if not self._hold:
            raise StaleError
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
