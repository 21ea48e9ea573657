"""Statements, and how several of them become one.

One statement is one round trip: by `together` each becomes a WITH clause of its own.  They do not
see each other's rows; foreign keys are checked at the very end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

_PARAMETER: Final = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    arguments: tuple[Any, ...]
    must_be: bool = False  # it fails when it finds nothing; it returns what it finds


def are_together(statements: Sequence[Statement]) -> bool:
    """Whether they may become one: no two write the same kind of row."""
    return len({it.sql for it in statements}) == len(statements)


def together(statements: Sequence[Statement]) -> Statement:
    """Make one statement of several; DivisionByZeroError says that one found nothing."""
    if len(statements) == 1 and not statements[0].must_be:
        return statements[0]
    arguments = [value for it in statements for value in it.arguments]
    return Statement(_joined(tuple((it.sql, it.must_be) for it in statements)), tuple(arguments))


@cache
def _joined(parts: tuple[tuple[str, bool], ...]) -> str:
    before, clauses, checks = 0, [], []
    for name, (sql, must_be) in enumerate(parts):
        clauses.append(f"part_{name} AS ({_shifted(sql, before)})")
        before += parameters_of(sql)
        if must_be:
            checks.append(f"1 / (SELECT count(*) FROM part_{name})")
    return f"WITH {', '.join(clauses)} SELECT {', '.join(checks)}"


def parameters_of(sql: str) -> int:
    """Count the parameters that a statement has."""
    return len(set(_PARAMETER.findall(sql)))


def _shifted(sql: str, by: int) -> str:
    return _PARAMETER.sub(lambda it: f"${int(it[1]) + by}", sql)


class Table:
    """Writes whole rows, whose first column is `id`; those that are `fixed` never change."""

    def __init__(self, name: str, *, fixed: str, free: str) -> None:
        columns = [*fixed.split(", "), *free.split(", ")]
        values = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        new = ", ".join(f"{it} = excluded.{it}" for it in free.split(", "))
        self._upsert = (
            f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})"
            f" ON CONFLICT (id) DO UPDATE SET {new}"
        )
        new = ", ".join(f"{it} = ${n}" for n, it in enumerate(free.split(", "), 3))
        self._update = f"UPDATE {name} SET {new} WHERE id = $1 AND xmin = $2 RETURNING 1"

    def write(
        self, fixed: tuple[Any, ...], free: tuple[Any, ...], version: int | None
    ) -> Statement:
        """Insert or update; with a version, update the row if it is still this one."""
        if version is None:
            return Statement(self._upsert, fixed + free)
        return Statement(self._update, (fixed[0], version, *free), must_be=True)
