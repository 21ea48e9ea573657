"""Emoji on messages: one of each side, the newest, whatever comes late."""

from itertools import permutations

import pytest

from helpdesk.domain.attendance import Party
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.reaction import Reaction, joined, shown, valid_emoji
from tests.support.clock import after

THUMB = Reaction(Party.CLIENT, "👍", after(seconds=1))
HEART = Reaction(Party.CLIENT, "❤️", after(seconds=2))
GONE = Reaction(Party.CLIENT, "", after(seconds=3))
OURS = Reaction(Party.ATTENDANT, "😀", after(seconds=2))


def test_in_any_order_each_side_has_its_newest_reaction() -> None:
    for order in permutations((THUMB, HEART, OURS)):
        known: tuple[Reaction, ...] = ()
        for it in order:
            known = joined(known, it)
        assert set(known) == {HEART, OURS}


def test_one_that_was_taken_back_is_not_shown_and_does_not_come_back() -> None:
    known = joined(joined(joined((), HEART), GONE), HEART)
    assert shown(known) == ()
    assert shown(joined(known, OURS)) == (OURS,)


@pytest.mark.parametrize(
    "emoji", ["", "👍", "👩🏽\u200d🚒", "❤️", "🏴\U000e0067\U000e0062\U000e007f", "1️⃣"]
)
def test_an_emoji_is_one_however_it_is_made(emoji: str) -> None:
    assert valid_emoji(emoji) == emoji


@pytest.mark.parametrize("text", ["ok", "\0", "\ud83d", "\u202e", "👍" * 33, "<b>"])
def test_a_text_is_no_emoji(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        valid_emoji(text)
    assert refused.value.field == "emoji"
