"""What is mostly asked next is asked along with what leads to it: one round trip instead of two."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.clients import KNOWN
from helpdesk.adapters.postgres.conversations import ATTENDANCE, MESSAGE, OF_PROVIDER, OPEN_IN
from helpdesk.adapters.postgres.rows import Row

Question: TypeAlias = tuple[str, tuple[object, ...]]  # SQL, and its arguments
Answers: TypeAlias = dict[Question, list[Row]]


@dataclass(frozen=True, slots=True)
class Along:
    """`sql` answers with the columns of what was asked, and then with those of what is next."""

    sql: str
    width: int  # how many columns were asked for
    next: Callable[[Row], Question]  # which an answer is one to

    def parted(self, found: Sequence[Row]) -> tuple[list[Row], Answers]:
        """Return what was asked for, each row once, and the answers to what is next."""
        asked: dict[object, Row] = {}
        answers: Answers = {}
        for it in found:
            row, further = it[: self.width], it[self.width :]
            asked.setdefault(row[0], row)
            if further[0] is not None:
                answers.setdefault(self.next(further), []).append(further)
        return list(asked.values()), answers


def _of_message(sql: str) -> Along:
    return Along(
        sql=f"""
SELECT it.*, a.* FROM ({sql}) AS it
LEFT JOIN (SELECT {rows.ATTENDANCE}, xmin FROM attendance) AS a ON a.id = it.attendance_id
""",
        width=_columns(rows.MESSAGE),
        next=lambda row: (ATTENDANCE, (row[0],)),
    )


def _columns(of: str) -> int:
    return of.count(",") + 2  # xmin comes after them


# A message is followed by its attendance, and who writes by what is open with them.
ALONG: Final[Mapping[str, Along]] = {
    MESSAGE: _of_message(MESSAGE),
    OF_PROVIDER: _of_message(OF_PROVIDER),
    KNOWN: Along(
        sql=f"""
SELECT it.*, a.* FROM ({KNOWN}) AS it
LEFT JOIN (SELECT {rows.ATTENDANCE}, xmin FROM attendance WHERE status <> 'closed') AS a
ON a.client_id = it.id
ORDER BY it.id
""",
        width=_columns(rows.CLIENT),
        next=lambda row: (OPEN_IN, (row[1], row[2])),
    ),
}
NEXT: Final = frozenset({ATTENDANCE, OPEN_IN})
