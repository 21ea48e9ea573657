"""The page that says what bridges can do is made of what they declare."""

from tests.support.matrix import PAGE, page


def test_the_page_says_what_the_bridges_declare() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
