"""Clients within a unit of work: one person, however many first messages come at once."""

from collections.abc import Sequence
from typing import Final

from helpdesk.adapters.postgres import rows
from helpdesk.adapters.postgres.pending import keys_of
from helpdesk.adapters.postgres.statements import IdentityKey
from helpdesk.adapters.postgres.unit import Unit
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import ClientId

_LOAD: Final = f"SELECT {rows.CLIENT} FROM client WHERE id = $1 FOR NO KEY UPDATE"
KNOWN: Final = f"""
WITH known AS (
    SELECT client_id FROM client_identity
    JOIN unnest($1::text[], $2::text[]) AS it (scheme, key) USING (scheme, key)
)
SELECT {rows.CLIENT}, xmin FROM client
WHERE id IN (SELECT client_id FROM known) AND (SELECT count(*) FROM known) >= $3
ORDER BY id
"""
_KNOWN_BY: Final = """
SELECT DISTINCT client_id FROM client_identity
JOIN unnest($1::text[], $2::text[]) AS it (scheme, key) USING (scheme, key)
"""
# Sorted, so that rivals with several addresses in common do not wait for each other.
_CLAIM: Final = """
SELECT pg_advisory_xact_lock(hashtextextended(scheme || ':' || key, 0))
FROM (SELECT * FROM unnest($1::text[], $2::text[]) AS it (scheme, key) ORDER BY 1, 2) sorted
"""
_MOVE: Final = (
    "UPDATE attendance SET client_id = $2 WHERE client_id = $1",
    "UPDATE message SET client_id = $2 WHERE client_id = $1",
)


class Clients:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def load(self, id: ClientId) -> Client:
        row = await self._unit.fetchrow(_LOAD, id)
        if row is None:
            raise ClientNotFoundError
        client = self._learned(row)
        return client if client.merged_into is None else await self.load(client.merged_into)

    async def obtain(self, draft: Change[Client]) -> tuple[Client, ...]:
        wanted = keys_of(draft.state)
        known = await self._known(wanted, at_least=len(wanted))
        if not known:
            # One of the addresses is new.  Hold them before any row, then look again: were rows
            # held first, two who know a person by different addresses would wait for each other.
            await self._unit.execute(_CLAIM, *_columns(wanted))
            known = await self._known(wanted, at_least=0)
        if known:
            return tuple(sorted(known, key=lambda it: (it.created_at, it.id)))
        self._unit.pending.learn_new(draft.state)
        self._unit.pending.save(draft)
        return (draft.state,)

    async def known_by(self, identities: Sequence[Identity]) -> list[ClientId]:
        keys = {(it.scheme, it.key) for it in identities}
        found = await self._unit.fetch(_KNOWN_BY, *_columns(keys))
        return [row[0] for row in found]

    async def move(self, source: ClientId, target: ClientId) -> None:
        for sql in _MOVE:
            await self._unit.execute(sql, source, target)

    async def _known(self, keys: frozenset[IdentityKey], *, at_least: int) -> list[Client]:
        """Hold everybody known by one of `keys`, if so many of these are known."""
        while True:
            found = await self._unit.hold(Client, KNOWN, *_columns(keys), at_least)
            clients = [self._learned(it) for it in found]
            # One that was merged while we waited for it lives on in another: look again.
            if all(it.merged_into is None for it in clients):
                return clients

    def _learned(self, row: rows.Row) -> Client:
        client = rows.client(row)
        self._unit.pending.learn(client)
        return client


def _columns(keys: frozenset[IdentityKey] | set[IdentityKey]) -> tuple[list[str], list[str]]:
    return [scheme for scheme, _ in keys], [key for _, key in keys]
