"""What waits for its message: quotes, and amendments, which are kept as they are on the wire."""

from typing import Final, cast

from helpdesk.adapters.postgres.unit import Unit
from helpdesk.adapters.wire.events import decode, encode
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.report import AmendmentReported
from helpdesk.ports.early import OF_MESSAGE, OF_SESSION

# Those of one message are parked under its claim, one after another; of a session's limit a few
# more may pass at once, which harms nobody.
_PARK: Final = """
INSERT INTO parked_amendment (session_id, provider_id, type, body)
SELECT $1, $2, $3, $4
WHERE (SELECT count(*) FROM parked_amendment WHERE session_id = $1 AND provider_id = $2) < $5
  AND (
    SELECT count(*)
    FROM (SELECT FROM parked_amendment WHERE session_id = $1 LIMIT $6) AS of_session
  ) < $6
RETURNING true
"""
_TAKE: Final = """
DELETE FROM parked_amendment WHERE session_id = $1 AND provider_id = $2
RETURNING ordinal, type, body
"""
_PARK_QUOTE: Final = """
INSERT INTO parked_quote (session_id, provider_id, message_id) VALUES ($1, $2, $3)
"""
_TAKE_QUOTES: Final = """
DELETE FROM parked_quote WHERE session_id = $1 AND provider_id = $2 RETURNING message_id
"""
PRUNE_EARLY: Final = """
WITH quotes AS (DELETE FROM parked_quote WHERE parked_at < $1)
DELETE FROM parked_amendment WHERE parked_at < $1
"""


class Early:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def park(self, report: AmendmentReported) -> bool:
        about = report.session_id, report.provider_id, *encode(report)
        return bool(await self._unit.fetchval(_PARK, *about, OF_MESSAGE, OF_SESSION))

    async def take(self, session: SessionId, provider_id: str) -> list[AmendmentReported]:
        found = await self._unit.fetch(_TAKE, session, provider_id)
        ordered = sorted(found, key=lambda it: it["ordinal"])
        return [cast(AmendmentReported, decode(it["type"], it["body"])) for it in ordered]

    async def park_quote(self, session: SessionId, provider_id: str, by: MessageId) -> None:
        await self._unit.execute(_PARK_QUOTE, session, provider_id, by)

    async def take_quotes(self, session: SessionId, provider_id: str) -> list[MessageId]:
        found = await self._unit.fetch(_TAKE_QUOTES, session, provider_id)
        return sorted(it["message_id"] for it in found)  # ids grow with time
