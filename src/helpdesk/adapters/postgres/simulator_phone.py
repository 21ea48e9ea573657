"""One simulated phone, held by a transaction: the ways that are too rare for a single statement."""

from dataclasses import replace
from datetime import datetime
from typing import Final, Self

import asyncpg

from helpdesk.adapters.postgres.simulator_rows import message_of, phone_of
from helpdesk.adapters.wire import correlation
from helpdesk.adapters.wire.content import details_of
from helpdesk.domain.identity import Identity
from helpdesk.domain.network import Network
from helpdesk.domain.simulator import HELD_AT_MOST, PhoneMessage, Side, Tick

_HOLD: Final = """
    INSERT INTO simulator_phone AS it (phone, number) VALUES ($1, $2)
    ON CONFLICT (phone) DO UPDATE SET number = it.number
    RETURNING *, number AS phone_number
"""
_TELL: Final = "UPDATE simulator_message SET position = nextval('simulator_news'), held_until = $2"


class HeldPhone:
    """Nothing of its row is written before `save`."""

    def __init__(self, connection: asyncpg.Connection, row: asyncpg.Record) -> None:
        self._connection = connection
        self.phone = phone_of(row)
        self._key: str = row["phone"]
        self._seq: int = row["seq"]
        self._number: int = row["last_number"]
        self._last: str | None = row["last_id"]
        self._held: str | None = row["held_id"]
        self._typing_until: datetime | None = row["typing_until"]

    @classmethod
    async def hold(cls, connection: asyncpg.Connection, number: Identity) -> Self:
        """Load it, or make it; where the network is held too, that comes first."""
        [row] = await connection.fetch(_HOLD, number.key, number.value)
        return cls(connection, row)

    @property
    def next_seq(self) -> int:
        return self._seq + 1

    def step(self) -> None:
        self._seq += 1

    async def save(self) -> None:
        await self._connection.execute(
            """
            UPDATE simulator_phone SET
                number = $2, name = $3, online = $4, missing = $5, seq = $6, last_number = $7,
                last_id = $8, held_id = $9, typing_until = $10
            WHERE phone = $1
            """,
            self._key, self.phone.number.value, self.phone.name, self.phone.online,
            self.phone.missing, self._seq, self._number,
            self._last, self._held, self._typing_until,
        )  # fmt: skip

    async def has(self, id: str) -> bool:
        sql = "SELECT FROM simulator_message WHERE id = $1 AND phone = $2"
        return await self._connection.fetchrow(sql, id, self._key) is not None

    async def show(self, it: PhoneMessage) -> PhoneMessage:
        """Give a new message its place."""
        self._seq, self._number, self._last = self._seq + 1, self._number + 1, it.id
        shown = replace(it, seq=self._seq, number=self._number)
        await self.add(shown)
        return shown

    async def add(self, it: PhoneMessage) -> None:
        await self._connection.execute(
            """
            INSERT INTO simulator_message
                (id, phone, number, seq, direction, kind, text, quote, delivery, at, correlation,
                 details)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            it.id, it.phone, it.number, it.seq, it.direction, it.content.kind, it.content.text,
            it.quote, it.delivery, it.at, correlation.current(), details_of(it.content),
        )  # fmt: skip

    async def enter(self, id: str, network: Network, *, at: datetime) -> None:
        """Let its message into the network, with the troubles that are due."""
        held, self._held = self._held, None
        await self._connection.execute(
            f"{_TELL}, copies = $3 WHERE id = $1", id, None, 2 if network.duplicate_next else 1
        )
        overtaken = held and await self._connection.fetchval(
            f"{_TELL} WHERE id = $1 AND held_until IS NOT NULL RETURNING id", held, None
        )
        if not overtaken and network.reorder_next:
            self._held = id
            await self._connection.execute(
                "UPDATE simulator_message SET held_until = $2 WHERE id = $1", id, at + HELD_AT_MOST
            )

    async def arrive(self, id: str) -> None:
        """Show a message of ours that is stored already."""
        self._seq, self._number, self._last = self._seq + 1, self._number + 1, id
        self._typing_until = None
        await self._connection.execute(
            f"{_TELL}, delivery = $3, seq = $4, number = $5 WHERE id = $1",
            id,
            None,
            Tick.DELIVERED,
            self._seq,
            self._number,
        )

    async def catch_up(self, network: Network, *, at: datetime) -> Network:
        """Send what waited on it and show what waited for it; return the network afterwards."""
        waiting = await self._connection.fetch(
            """
            SELECT * FROM simulator_message
            WHERE phone = $1 AND (direction, delivery) IN (('out', 'pending'), ('in', 'sent'))
            ORDER BY at, number
            """,
            self._key,
        )
        for it in map(message_of, waiting):
            if it.direction is Side.IN:
                await self.arrive(it.id)
                continue
            self._seq += 1
            await self._connection.execute(
                "UPDATE simulator_message SET delivery = 'sent', seq = $2 WHERE id = $1",
                it.id,
                self._seq,
            )
            await self.enter(it.id, network, at=at)
            network = network.disturb_one()
        return network
