"""An emoji that one side put on a message.

Each side has at most one on a message.  One that was taken back is kept, with an empty emoji, so
that an older report which comes late does not bring it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.domain.attendance import Party
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId

EMOJI_LIMIT: Final = 32  # code points; a family with skin tones has 11


@dataclass(frozen=True, slots=True)
class Reaction:
    """`by` is the attendant who put it; None: the client, or another device of ours."""

    party: Party
    emoji: str  # empty: taken back
    at: datetime
    by: AttendantId | None = None


def joined(known: Iterable[Reaction], new: Reaction) -> tuple[Reaction, ...]:
    """Let `new` take the place of what its side put before, unless that is newer."""
    before = tuple(known)
    if any(it.party is new.party and it.at > new.at for it in before):
        return before
    return tuple(
        sorted((*(it for it in before if it.party is not new.party), new), key=lambda it: it.party)
    )


def shown(reactions: Iterable[Reaction]) -> tuple[Reaction, ...]:
    """Those that were not taken back."""
    return tuple(it for it in reactions if it.emoji)


def valid_emoji(text: str) -> str:
    """Return an emoji as it is; an empty one takes the reaction back.

    Raises:
        InvalidError: too long, or with letters, digits or control characters.
    """
    if len(text) > EMOJI_LIMIT or any(it.isalpha() or not it.isprintable() for it in _plain(text)):
        raise InvalidError("Give one emoji, or nothing to take it back.", field="emoji")
    return text


def _plain(text: str) -> str:
    """Without what joins and colours emoji: the joiner, variation selectors and tags."""
    return "".join(
        it
        for it in text
        if it not in "\u200d\ufe0e\ufe0f" and not "\U000e0020" <= it <= "\U000e007f"
    )
