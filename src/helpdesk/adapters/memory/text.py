"""Comparing text as people do who type in a hurry: accents and case aside."""

from unicodedata import combining, normalize


def fold(text: str) -> str:
    return "".join(c for c in normalize("NFKD", text).casefold() if not combining(c))
