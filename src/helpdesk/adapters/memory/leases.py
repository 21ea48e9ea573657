"""Leases within one process."""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from helpdesk.ports.leases import Holding, Lease


@dataclass(frozen=True, slots=True)
class _Row:
    lease: Lease
    since: datetime
    expires_at: float

    @property
    def is_held(self) -> bool:
        return monotonic() < self.expires_at


class MemoryLeases:
    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    async def acquire(self, name: str, *, owner: str, seconds: float) -> Lease | None:
        row = self._rows.get(name)
        if row is not None and row.is_held and row.lease.owner != owner:
            return None
        lease = Lease(name=name, owner=owner, token=row.lease.token + 1 if row else 1)
        self._rows[name] = _Row(lease, datetime.now(UTC), monotonic() + seconds)
        return lease

    async def renew(self, lease: Lease, *, seconds: float) -> bool:
        if not self.is_held(lease):
            return False
        since = self._rows[lease.name].since
        self._rows[lease.name] = _Row(lease, since, monotonic() + seconds)
        return True

    async def release(self, lease: Lease) -> None:
        if self.is_held(lease):
            since = self._rows[lease.name].since
            self._rows[lease.name] = _Row(lease, since, monotonic())

    async def held(self) -> list[Holding]:
        rows = sorted(self._rows.items())
        return [
            Holding(name=name, owner=row.lease.owner, since=row.since)
            for name, row in rows
            if row.is_held
        ]

    def is_held(self, lease: Lease) -> bool:
        row = self._rows.get(lease.name)
        return row is not None and row.lease.token == lease.token and row.is_held
