"""Leases: a row for each name, by the clock of the database.

The row stays when nobody holds the lease, so that its token grows for ever.
"""

from typing import Final

from helpdesk.adapters.postgres.connection import Database
from helpdesk.ports.leases import Holding, Lease

_ACQUIRE: Final = """
INSERT INTO lease AS it (name, owner, token, since, expires_at)
VALUES ($1, $2, 1, clock_timestamp(), clock_timestamp() + make_interval(secs => $3))
ON CONFLICT (name) DO UPDATE SET
    owner = excluded.owner,
    token = it.token + 1,
    since = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => $3)
WHERE it.expires_at <= clock_timestamp() OR it.owner = excluded.owner
RETURNING token
"""
_RENEW: Final = """
UPDATE lease SET expires_at = clock_timestamp() + make_interval(secs => $3)
WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp()
RETURNING true
"""
_RELEASE: Final = """
UPDATE lease SET expires_at = clock_timestamp()
WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp()
"""
_HELD: Final = """
SELECT name, owner, since FROM lease WHERE expires_at > clock_timestamp() ORDER BY name
"""
IS_HELD: Final = """
SELECT EXISTS (
    SELECT FROM lease WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp()
)
"""
_EXPIRE: Final = "UPDATE lease SET expires_at = clock_timestamp()"


class PostgresLeases:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def acquire(self, name: str, *, owner: str, seconds: float) -> Lease | None:
        token = await self._database.fetchval(_ACQUIRE, name, owner, seconds)
        return None if token is None else Lease(name=name, owner=owner, token=token)

    async def renew(self, lease: Lease, *, seconds: float) -> bool:
        return bool(await self._database.fetchval(_RENEW, lease.name, lease.token, seconds))

    async def release(self, lease: Lease) -> None:
        await self._database.execute(_RELEASE, lease.name, lease.token)

    async def held(self) -> list[Holding]:
        return [
            Holding(name=name, owner=owner, since=since)
            for name, owner, since in await self._database.fetch(_HELD)
        ]

    async def expire(self) -> None:
        """End all of them: their holders are known to be dead."""
        await self._database.execute(_EXPIRE)
