"""What the bridge sees and does in the simulated network."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.adapters.postgres.company import Company
from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.errors import TRANSLATED
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.simulator_amendment import amend
from helpdesk.adapters.postgres.simulator_phone import HeldPhone
from helpdesk.adapters.postgres.simulator_rows import (
    network_held,
    news_of,
    phone_of,
    save_network,
)
from helpdesk.adapters.wire import correlation
from helpdesk.adapters.wire.content import details_of
from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Outbound, SendResult
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.simulator import (
    TYPING_LASTS,
    News,
    Side,
    accepted,
    changed,
    on_its_way,
    refused,
)
from helpdesk.ports.simulator import NEWS, topic_of

_NEWS: Final = """
SELECT it.*, p.number AS phone_number, p.name, p.online, p.missing
FROM (
    SELECT position, phone, at, id, number, seq, direction, kind, text, details, quote, delivery,
           copies, correlation, reaction_out, reaction_in, edited, revoked, false AS typing,
           NULL AS verb, NULL AS amended
    FROM simulator_message
    WHERE position IS NOT NULL AND (held_until IS NULL OR held_until <= $3)
    UNION ALL
    SELECT position, phone, at, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 1, '', '', '',
           false, false, typing, NULL, NULL
    FROM simulator_typing
    UNION ALL
    SELECT position, phone, at, NULL, 0, 0, NULL, NULL, text, NULL, NULL, NULL, 1, correlation, '',
           '', false, false, false, verb, message_id
    FROM simulator_amendment
) it JOIN simulator_phone p USING (phone)
WHERE position <> ALL ($2)
  AND EXISTS (SELECT FROM simulator_network WHERE linked AND network AND NOT banned)
ORDER BY position LIMIT $1
"""
_ACKNOWLEDGE: Final = """
WITH due AS MATERIALIZED (
    SELECT id, phone, direction FROM simulator_message WHERE position = ANY ($1)
), held AS MATERIALIZED (
    SELECT phone FROM simulator_phone
    WHERE phone IN (SELECT phone FROM due WHERE direction = 'out')
    ORDER BY phone FOR NO KEY UPDATE
), phone AS (
    UPDATE simulator_phone SET seq = seq + 1 WHERE phone IN (SELECT phone FROM held)
    RETURNING phone, seq
), typed AS (
    DELETE FROM simulator_typing WHERE position = ANY ($1)
), amended AS (
    DELETE FROM simulator_amendment WHERE position = ANY ($1)
), told AS (
    UPDATE simulator_message it SET
        position = NULL, held_until = NULL,
        delivery = CASE it.delivery WHEN 'sent' THEN 'delivered' ELSE it.delivery END,
        seq = coalesce(phone.seq, it.seq)
    FROM due LEFT JOIN phone USING (phone)
    WHERE it.id = due.id AND it.position = ANY ($1)
    RETURNING it.phone, it.direction
)
SELECT DISTINCT phone FROM told WHERE direction = 'out'
"""
_DELIVER: Final = """
WITH phone AS (
    INSERT INTO simulator_phone AS it (phone, number, seq, last_number, last_id)
    SELECT $2, $3, 1, 1, $1
    FROM simulator_network
    WHERE linked AND network AND NOT banned AND fail_next = 0
      AND NOT EXISTS (SELECT FROM simulator_message WHERE id = $1)
    ON CONFLICT (phone) DO UPDATE SET
        seq = it.seq + 1, last_number = it.last_number + 1, last_id = excluded.last_id,
        typing_until = NULL
    WHERE it.online AND NOT it.missing
    RETURNING number AS phone_number, name, online, missing, seq, last_number
), message AS (
    INSERT INTO simulator_message
        (id, phone, number, seq, direction, kind, text, quote, delivery, at, correlation, details,
         position)
    SELECT $1, $2, last_number, seq, 'in', $4, $5, $6, 'delivered', $7, $8, $9,
           nextval('simulator_news')
    FROM phone
    ON CONFLICT (id) DO NOTHING
    RETURNING id
)
SELECT phone.*, $10::int FROM phone, message
"""
_MARK_READ: Final = """
WITH upto AS (
    SELECT number FROM simulator_message WHERE id = $2 AND phone = $1
), phone AS (
    UPDATE simulator_phone SET seq = seq + 1 FROM upto WHERE phone = $1 RETURNING seq
)
UPDATE simulator_message it SET delivery = 'read', seq = phone.seq
FROM phone, upto
WHERE it.phone = $1 AND it.direction = 'out' AND it.delivery <> 'read' AND it.number <= upto.number
"""
_SHOW_TYPING: Final = """
UPDATE simulator_phone SET
    seq = CASE WHEN typing_until > $2 THEN seq ELSE seq + 1 END, typing_until = $3
WHERE phone = $1
"""


class Account:
    def __init__(self, database: Database, rings: Rings) -> None:
        self._database = database
        self._company = Company(database)
        self._rings = rings

    async def news(self, *, limit: int, but: Sequence[int] = (), at: datetime) -> list[News]:
        return [news_of(it) for it in await self._database.fetch(_NEWS, limit, list(but), at)]

    async def acknowledge(self, positions: Sequence[int]) -> None:
        changed = await self._database.fetch(_ACKNOWLEDGE, list(positions))
        self._rings.ring(*(topic_of(it["phone"]) for it in changed))

    async def deliver(self, message: Outbound, *, at: datetime) -> SendResult:
        with TRANSLATED:
            found = await self._company.alter(
                _DELIVER,
                str(message.message_id),
                message.address.key,
                message.address.value,
                message.content.kind,
                message.content.text,
                message.quote_provider_id,
                at,
                correlation.current(),
                details_of(message.content),
                turn=(message.address.key,),
            )
        if found:
            result = accepted(message, phone_of(found[0]))
        else:
            result = await self._deliver_unusually(message, at)
        self._rings.ring(NEWS, topic_of(message.address.key))
        return result

    async def _deliver_unusually(self, message: Outbound, at: datetime) -> SendResult:
        async with self._database.connection() as connection, connection.transaction():
            network = await network_held(connection)
            network.must_be_up()
            known = await connection.fetchval(
                "SELECT true FROM simulator_message WHERE id = $1", str(message.message_id)
            )
            if network.fail_next and not known:
                await save_network(connection, network.refuse_one())
                return refused("The simulator was told to refuse it.")
            held = await HeldPhone.hold(connection, message.address)
            if known:
                return accepted(message, held.phone)
            if held.phone.missing:
                return refused("This number is not on WhatsApp.")
            await held.add(on_its_way(message, at=at))
            if held.phone.online:
                await held.arrive(str(message.message_id))
                await held.save()
            return accepted(message, held.phone)

    async def amend(
        self, phone: Identity, id: str, verb: Verb, text: str, *, at: datetime
    ) -> SendResult:
        async with self._database.connection() as connection, connection.transaction():
            network = await network_held(connection)
            network.must_be_up()
            if network.fail_next:
                await save_network(connection, network.refuse_one())
                return refused("The simulator was told to refuse it.")
            held = await HeldPhone.hold(connection, phone)
            try:
                await amend(
                    connection, held, id, lambda it, seq: it.amend(verb, text, by=Side.IN, seq=seq)
                )
            except InvalidError as error:
                return refused(error.detail)
            await held.save()
        self._rings.ring(topic_of(phone.key))
        return changed(id)

    async def mark_read(self, phone: Identity, id: str) -> None:
        await self._database.execute(_MARK_READ, phone.key, id)
        self._rings.ring(topic_of(phone.key))

    async def show_typing(self, phone: Identity, *, at: datetime) -> None:
        await self._database.execute(_SHOW_TYPING, phone.key, at, at + TYPING_LASTS)
        self._rings.ring(topic_of(phone.key))
