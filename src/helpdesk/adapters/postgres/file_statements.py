"""The statements that note which objects of the media store a message needs."""

from collections.abc import Sequence
from typing import Final

from helpdesk.adapters.postgres.writing import Statement
from helpdesk.domain.ids import MessageId

_FILES_LEFT: Final = "DELETE FROM media_use WHERE message_id = $1 AND sha256 <> ALL ($2::text[])"
_FILES_NEEDED: Final = """
INSERT INTO media_use (message_id, sha256) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING
"""


def files_left(of: MessageId, now: Sequence[str]) -> Statement:
    return Statement(_FILES_LEFT, (of, now))


def files_needed(of: MessageId, now: Sequence[str]) -> Statement:
    return Statement(_FILES_NEEDED, (of, now))
