"""Statements of one kind that are wanted while others of it are under way are sent together.

Under load that is one round trip, and for what writes one commit, for many units of work.  Alone a
statement waits for nobody, unless it is in no hurry.  Each gets its own answer or error, and no
answer is older than its question.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

import asyncpg

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.postgres.writing import Statement, parameters_of
from helpdesk.adapters.system.courtesy import is_behind

_MOMENT: Final = 0.02  # seconds that who is in no hurry waits for others
_MOST: Final = 100  # that travel together, so that none holds its rows for long

# Whoever writes together holds rows until all have written: everybody takes them in this order.
Turn: TypeAlias = tuple[UUID, ...] | tuple[str, ...]


class _Way(Enum):
    READ = auto()
    WRITE = auto()
    ALTER = auto()  # it writes, and tells


@dataclass(slots=True)
class _Traveller:
    arguments: Sequence[Any]
    turn: Turn
    answer: "asyncio.Future[list[Row]]"


@dataclass(slots=True)
class _Kind:
    """What has the same SQL, and the same place in the queue for connections."""

    sql: str
    way: "_Way"
    hurry: bool
    waiting: deque[_Traveller] = field(default_factory=deque)
    sending: "asyncio.Task[None] | None" = None


class Company:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._kinds: dict[tuple[str, bool, bool], _Kind] = {}

    async def read(self, sql: str, *arguments: object, hurry: bool = True) -> list[Row]:
        """Ask; raises what asyncpg does, or UnavailableError."""
        return await self._travel(sql, arguments, _Way.READ, turn=(), hurry=hurry)

    async def alter(self, sql: str, *arguments: object, turn: Turn) -> list[asyncpg.Record]:
        """Write as `write` does, in no hurry, and return rows.

        The statement has one more parameter, which comes back as the last column of each row.
        """
        rows = await self._travel(sql, arguments, _Way.ALTER, turn=turn, hurry=False)
        return cast(list[asyncpg.Record], rows)

    async def write(self, it: Statement, *, turn: Turn, hurry: bool = True) -> None:
        """Write in a transaction that is shared, unless one of those who share it fails.

        Who is cancelled before it was sent has not written.  Raises what asyncpg does, or
        UnavailableError.
        """
        await self._travel(it.sql, it.arguments, _Way.WRITE, turn=turn, hurry=hurry)

    async def _travel(
        self, sql: str, arguments: Sequence[Any], way: _Way, *, turn: Turn, hurry: bool
    ) -> list[Row]:
        key = sql, is_behind(), hurry
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = _Kind(_numbered(sql) if way is _Way.READ else sql, way, hurry)
        answer: asyncio.Future[list[Row]] = asyncio.get_running_loop().create_future()
        kind.waiting.append(_Traveller(arguments, turn, answer))
        if kind.sending is None:
            kind.sending = asyncio.create_task(self._send(kind))
        return await answer

    async def _send(self, kind: _Kind) -> None:
        group: list[_Traveller] = []
        try:
            while kind.waiting:
                if not kind.hurry:
                    await asyncio.sleep(_MOMENT)
                async with self._database.connection() as connection:
                    # Only now: those who came while we waited for the connection travel as well.
                    count = min(len(kind.waiting), _MOST)
                    group = [kind.waiting.popleft() for _ in range(count)]
                    group = [it for it in group if not it.answer.done()]
                    await _share(connection, kind, sorted(group, key=_turn))
        except BaseException as error:
            for it in (*group, *kind.waiting):
                _fail(it, error)
            kind.waiting.clear()
            if not isinstance(error, Exception):
                raise
        finally:
            kind.sending = None


async def _share(connection: asyncpg.Connection, kind: _Kind, group: list[_Traveller]) -> None:
    """Send them together; when the server refuses one and so undoes all, each by itself.

    That is on the same connection: were it lost meanwhile, what was sent may have been done.
    """
    try:
        await _do(connection, kind, group)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if len(group) == 1:
            _fail(group[0], error)
            return
        for it in group:
            await _share(connection, kind, [it])


async def _do(connection: asyncpg.Connection, kind: _Kind, group: list[_Traveller]) -> None:
    answers: list[list[Row]] = [[] for _ in group]
    if kind.way is _Way.WRITE:
        await connection.executemany(kind.sql, [it.arguments for it in group])
    else:
        asked = [(*it.arguments, number) for number, it in enumerate(group)]
        for row in await connection.fetchmany(kind.sql, asked):
            answers[row[-1]].append(row[:-1] if kind.way is _Way.READ else row)
    for it, answer in zip(group, answers, strict=True):
        if not it.answer.done():
            it.answer.set_result(answer)


def _fail(it: _Traveller, error: BaseException) -> None:
    if not it.answer.done():
        it.answer.set_exception(error)
        it.answer.exception()  # who asked may leave before looking


def _turn(it: _Traveller) -> Turn:
    return it.turn


@cache
def _numbered(sql: str) -> str:
    """Let each row say whose answer it is: the last parameter comes back as the last column."""
    return f"SELECT it.*, ${parameters_of(sql) + 1}::int FROM ({sql}) AS it"
