"""Changing a message that a simulated phone shows, while the phone's row is held."""

from collections.abc import Callable
from typing import Final

import asyncpg

from helpdesk.adapters.postgres.simulator_phone import HeldPhone
from helpdesk.adapters.postgres.simulator_rows import message_of
from helpdesk.adapters.wire import correlation
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.phone_amendment import PhoneAmendment
from helpdesk.domain.simulator import PhoneMessage

_AMEND: Final = """
UPDATE simulator_message SET
    text = $2, reaction_out = $3, reaction_in = $4, edited = $5, revoked = $6, seq = $7
WHERE id = $1
"""
_TELL: Final = """
INSERT INTO simulator_amendment (position, phone, message_id, verb, text, at, correlation)
VALUES (nextval('simulator_news'), $1, $2, $3, $4, $5, $6)
"""


async def amend(
    connection: asyncpg.Connection,
    held: HeldPhone,
    id: str,
    change: Callable[[PhoneMessage, int], PhoneMessage],
) -> PhoneMessage:
    """Store what `change` makes of the message and the phone's next `seq`.

    Raises:
        InvalidError: the phone does not show it, or `change` refused (field "message").
    """
    found = await connection.fetchrow(
        "SELECT * FROM simulator_message WHERE id = $1 AND phone = $2 AND number > 0",
        id,
        held.phone.number.key,
    )
    if found is None:
        raise InvalidError("There is no such message.", field="message")
    it = change(message_of(found), held.next_seq)
    held.step()
    about = it.reaction_out, it.reaction_in, it.edited, it.revoked
    await connection.execute(_AMEND, it.id, it.content.text, *about, it.seq)
    return it


async def tell(connection: asyncpg.Connection, held: HeldPhone, amendment: PhoneAmendment) -> None:
    """Let the bridge know."""
    it = amendment
    await connection.execute(
        _TELL, held.phone.number.key, it.message_id, it.verb, it.text, it.at, correlation.current()
    )
