"""What is left of what a stranger wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.text import one_line, storable


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (" Ana  Maria\t\nBraga ", "Ana Maria Braga"),
        ("a\0b\x1b[31m", "ab[31m"),
        ("Ana\ud83d", "Ana"),
        ("\u202egpj.exe\u2066", "gpj.exe"),
        ("a \u202e b", "a b"),
        ("👩🏽\u200d🚒 مريم\u200f", "👩🏽\u200d🚒 مريم\u200f"),
        ("<b>Rui</b> &amp;", "<b>Rui</b> &amp;"),
    ],
)
def test_a_line_shows_what_it_says(written: str, shown: str) -> None:
    assert one_line(written) == shown


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_becomes_a_line_that_is_stored_and_stays(text: str) -> None:
    line = one_line(text)
    line.encode()
    assert "\0" not in line
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_can_be_stored_and_what_could_be_stays_as_it_is(text: str) -> None:
    stored = storable(text)
    stored.encode()
    assert "\0" not in stored
    assert len(stored) == len(text.replace("\0", ""))
    assert storable(stored) == stored
