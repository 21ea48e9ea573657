"""Claims of scheduled moments."""

from datetime import datetime


class MemoryTicks:
    def __init__(self) -> None:
        self._claims: set[tuple[str, datetime]] = set()

    async def claim(self, job: str, due_at: datetime) -> bool:
        if (job, due_at) in self._claims:
            return False
        self._claims.add((job, due_at))
        return True

    async def prune(self, *, before: datetime) -> None:
        self._claims = {it for it in self._claims if it[1] >= before}
