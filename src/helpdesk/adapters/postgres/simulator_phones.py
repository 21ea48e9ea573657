"""What people with simulated phones do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.simulator_amendment import amend, tell
from helpdesk.adapters.postgres.simulator_phone import HeldPhone
from helpdesk.adapters.postgres.simulator_rows import (
    message_of,
    network_held,
    phone_of,
    save_network,
)
from helpdesk.adapters.system.lanes import Lanes
from helpdesk.adapters.wire import correlation
from helpdesk.adapters.wire.content import details_of
from helpdesk.domain.amendment import Verb
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.phone_amendment import PhoneAmendment
from helpdesk.domain.simulator import Conversation, Phone, PhoneMessage, PhoneView, Said, Side
from helpdesk.ports.simulator import NEWS, topic_of

# Position and places are taken while the phone's row is held: the row comes from `phone`.
_SAY: Final = """
WITH phone AS (
    INSERT INTO simulator_phone AS it (phone, number, name, seq, last_number, last_id)
    SELECT $2, $3, coalesce($4, ''), 1, 1, $1
    FROM simulator_network
    WHERE duplicate_next = 0 AND reorder_next = 0
      AND NOT EXISTS (SELECT FROM simulator_message WHERE id = $1)
      AND ($7::text IS NULL
           OR EXISTS (SELECT FROM simulator_message WHERE id = $7 AND phone = $2))
    ON CONFLICT (phone) DO UPDATE SET
        number = excluded.number, name = coalesce($4, it.name), seq = it.seq + 1,
        last_number = it.last_number + 1, last_id = excluded.last_id
    WHERE it.online AND it.held_id IS NULL
    RETURNING seq, last_number
)
INSERT INTO simulator_message
    (id, phone, number, seq, direction, kind, text, quote, delivery, at, correlation, details,
     position)
SELECT $1, $2, last_number, seq, 'out', $5, $6, $7, 'sent', $8, $9, $10,
       nextval('simulator_news')
FROM phone
ON CONFLICT (id) DO NOTHING
RETURNING *
"""
_TYPE: Final = """
INSERT INTO simulator_typing (phone, typing, at, position)
VALUES ($1, $2, $3, nextval('simulator_news'))
ON CONFLICT (phone) DO UPDATE SET
    typing = excluded.typing, at = excluded.at, position = excluded.position
"""
_PHONES: Final = """
SELECT p.number AS phone_number, p.name, p.online, p.missing, p.last_id IS NOT NULL AS used, m.*,
       (SELECT count(*) FROM simulator_message u
        WHERE u.phone = p.phone AND u.direction = 'in' AND u.delivery = 'delivered') AS unread
FROM simulator_phone p LEFT JOIN simulator_message m ON m.id = p.last_id
ORDER BY m.at DESC NULLS LAST, p.phone
"""
_WROTE_AT: Final = """
SELECT max(at) FROM simulator_message
WHERE phone = $1 AND direction = 'out' AND delivery <> 'pending'
"""
_FILES: Final = """
SELECT DISTINCT details #>> '{media,blob,sha256}' FROM simulator_message
WHERE details #>> '{media,blob,sha256}' = ANY ($1)
"""
_READ: Final = """
UPDATE simulator_message
SET delivery = 'read', seq = $2, position = nextval('simulator_news')
WHERE phone = $1 AND direction = 'in' AND delivery = 'delivered'
"""


class Phones:
    def __init__(self, database: Database, rings: Rings) -> None:
        self._database = database
        self._rings = rings
        # The pool does not keep the order in which this process was called; for each phone we do.
        self._lanes = Lanes(at_once=1000, waiting=100_000)

    async def say(self, said: Said, *, at: datetime) -> PhoneMessage:
        message = await self._lanes.run(said.phone.key, lambda: self._say(said, at))
        self._rings.ring(NEWS, topic_of(said.phone.key))
        return message

    async def _say(self, said: Said, at: datetime) -> PhoneMessage:
        row = await self._database.fetchrow(
            _SAY,
            said.id,
            said.phone.key,
            said.phone.value,
            said.name,
            said.content.kind,
            said.content.text,
            said.quote,
            at,
            correlation.current(),
            details_of(said.content),
        )
        return message_of(row) if row else await self._say_unusually(said, at)

    async def _say_unusually(self, said: Said, at: datetime) -> PhoneMessage:
        async with self._database.connection() as connection, connection.transaction():
            network = await network_held(connection)
            held = await HeldPhone.hold(connection, said.phone)
            known = await connection.fetchrow(
                "SELECT * FROM simulator_message WHERE id = $1", said.id
            )
            if known:
                return message_of(known)
            if said.quote is not None and not await held.has(said.quote):
                raise InvalidError("There is no such message to quote.", field="quote")
            held.phone = replace(held.phone.put(name=said.name), number=said.phone)
            draft = said.message(number=0, seq=0, online=held.phone.online, at=at)
            message = await held.show(draft)
            if held.phone.online:
                await held.enter(message.id, network, at=at)
                await save_network(connection, network.disturb_one())
            await held.save()
        return message

    async def conversation(
        self, phone: Identity, *, after: int, limit: int, at: datetime
    ) -> Conversation:
        of = await self._database.fetchrow(
            "SELECT seq, typing_until FROM simulator_phone WHERE phone = $1", phone.key
        )
        if of is None:
            return Conversation()
        rows = await self._database.fetch(
            """
            SELECT * FROM simulator_message WHERE phone = $1 AND seq > $2
            ORDER BY seq FETCH FIRST $3 ROWS WITH TIES
            """,
            phone.key,
            after,
            limit,
        )
        # More may have been committed since the phone was read.
        newest = rows[-1]["seq"] if rows else 0
        return Conversation.of(
            map(message_of, rows),
            seq=newest if len(rows) >= limit else max(of["seq"], newest),
            typing_until=of["typing_until"],
            at=at,
        )

    async def wrote_at(self, phone: Identity) -> datetime | None:
        at: datetime | None = await self._database.fetchval(_WROTE_AT, phone.key)
        return at

    async def message(self, id: str) -> PhoneMessage | None:
        row = await self._database.fetchrow("SELECT * FROM simulator_message WHERE id = $1", id)
        return None if row is None else message_of(row)

    async def files_in_use(self, keys: Sequence[str]) -> set[str]:
        return {it[0] for it in await self._database.fetch(_FILES, list(keys))}

    async def read(self, phone: Identity) -> None:
        async with self._database.connection() as connection, connection.transaction():
            # Held first, so that no other change of this phone takes the same seq.
            seq = await connection.fetchval(
                "SELECT seq + 1 FROM simulator_phone WHERE phone = $1 FOR UPDATE", phone.key
            )
            if seq is None or await connection.execute(_READ, phone.key, seq) == "UPDATE 0":
                return
            await connection.execute(
                "UPDATE simulator_phone SET seq = $2 WHERE phone = $1", phone.key, seq
            )
        self._rings.ring(NEWS, topic_of(phone.key))

    async def amend(
        self, phone: Identity, id: str, verb: Verb, text: str, *, at: datetime
    ) -> PhoneMessage:
        async with self._database.connection() as connection, connection.transaction():
            held = await HeldPhone.hold(connection, phone)
            message = await amend(
                connection, held, id, lambda it, seq: it.amend(verb, text, by=Side.OUT, seq=seq)
            )
            amendment = PhoneAmendment(message_id=id, verb=verb, text=text, at=at)
            await tell(connection, held, amendment)
            await held.save()
        self._rings.ring(NEWS, topic_of(phone.key))
        return message

    async def set_typing(self, phone: Identity, typing: bool, *, at: datetime) -> None:
        async with self._database.connection() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO simulator_phone (phone, number) VALUES ($1, $2) "
                "ON CONFLICT DO NOTHING",
                phone.key,
                phone.value,
            )
            await connection.execute(_TYPE, phone.key, typing, at)
        self._rings.ring(NEWS)

    async def all(self) -> list[PhoneView]:
        return [
            PhoneView(
                phone=phone_of(row),
                last=message_of(row) if row["used"] else None,
                unread=row["unread"],
            )
            for row in await self._database.fetch(_PHONES)
        ]

    async def put(
        self,
        phone: Identity,
        *,
        name: str | None = None,
        online: bool | None = None,
        missing: bool | None = None,
        at: datetime,
    ) -> Phone:
        async with self._database.connection() as connection, connection.transaction():
            network = await network_held(connection)
            held = await HeldPhone.hold(connection, phone)
            held.phone = held.phone.put(name=name, online=online, missing=missing)
            if held.phone.online:
                after = await held.catch_up(network, at=at)
                if after != network:
                    await save_network(connection, after)
            await held.save()
        self._rings.ring(NEWS, topic_of(phone.key))
        return held.phone
