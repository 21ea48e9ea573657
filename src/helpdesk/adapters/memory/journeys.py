"""The journeys of messages of this process."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from helpdesk.domain.ids import MessageId
from helpdesk.domain.journey import Step, StepName, in_order

Kept: TypeAlias = dict[tuple[int, StepName], Step]


class MemoryJourneys:
    def __init__(self) -> None:
        self._kept = defaultdict[MessageId, Kept](dict)

    async def keep(self, steps: Sequence[Step]) -> None:
        for it in steps:
            self._kept[it.message_id].setdefault((it.attempt, it.name), it)

    async def of(self, message: MessageId) -> list[Step]:
        return in_order([*self._kept.get(message, {}).values()])

    async def prune(self, *, before: datetime) -> None:
        for message, kept in [*self._kept.items()]:
            self._kept[message] = {key: it for key, it in kept.items() if it.at >= before}
            if not self._kept[message]:
                del self._kept[message]
