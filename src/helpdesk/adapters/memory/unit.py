"""What the repositories of one unit of work share: its layer, and the rows it holds."""

from collections.abc import Callable, Hashable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TypeVar

from helpdesk.adapters.memory.holds import Holder, Holds
from helpdesk.adapters.memory.tables import Tables

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Unit:
    tables: Tables
    holds: Holds
    holder: Holder = field(default_factory=Holder)

    async def hold(self, *what: Hashable) -> None:
        await self.holds.hold(self.holder, *what)

    async def held(
        self, kind: str, table: MutableMapping[Key, Row], key: Key, otherwise: type[Exception]
    ) -> Row:
        """Hold one row, then look: its former holder may have changed it, or made it."""
        await self.hold(kind, key)
        if key not in table:
            raise otherwise
        return table[key]

    async def all_held(
        self, kind: str, table: Mapping[Key, Row], wanted: Callable[[Row], bool]
    ) -> list[Row]:
        """Hold every row that is wanted, and is so still when its turn comes."""
        for key in [key for key, row in table.items() if wanted(row)]:
            await self.hold(kind, key)
        # Only what is held is returned, though more may be wanted by now.
        return [
            row
            for key, row in table.items()
            if wanted(row) and self.holds.try_hold(self.holder, kind, key)
        ]

    def free_held(
        self, kind: str, table: Mapping[Key, Row], keys: Iterable[Key], limit: int
    ) -> list[Row]:
        """Hold the first `limit` rows that nobody else holds."""
        taken: list[Row] = []
        for key in keys:
            if len(taken) == limit:
                break
            if self.holds.try_hold(self.holder, kind, key):
                taken.append(table[key])
        return taken
