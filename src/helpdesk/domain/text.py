"""Texts of strangers: what any database stores, and what one line may show."""

import re
import unicodedata
from typing import Final

# They turn the direction of writing, also of what follows: "gpj.exe" reads as "exe.jpg".
_TURNING: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_LONE: Final = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Leave out NUL, and put U+FFFD in place of each lone surrogate."""
    if text.isascii() and "\0" not in text:  # nearly always
        return text
    return _LONE.sub("\ufffd", text).replace("\0", "")


def one_line(text: str) -> str:
    """Write a name, an address or a tag in one line that shows what it says.

    Without control characters, lone surrogates and marks that turn the direction of writing.
    """
    if not text.isprintable():
        text = "".join(c for c in text if c.isspace() or not _is_barred(c))
    return " ".join(text.split())


def _is_barred(c: str) -> bool:
    return c in _TURNING or unicodedata.category(c) in ("Cc", "Cs")
