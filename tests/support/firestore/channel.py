"""What a WebChannel says to its browser: numbered arrays, kept until they are acknowledged."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.firestore.documents import Documents

DENIED: Final = "Missing or insufficient permissions."

# Whether whoever opened the channel may, by the rules: a method, and a document's path.
May = Callable[[str, str], bool]


@dataclass
class Channel:
    """One browser's connection; it outlives the requests that carry it."""

    documents: Documents
    may: May
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    arrays: list[tuple[int, Any]] = field(default_factory=list)  # not acknowledged yet
    last: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    pump: asyncio.Task[None] | None = None

    def say(self, message: Any) -> None:
        self.last += 1
        self.arrays.append((self.last, [message]))
        self.moved.set()

    def acknowledge(self, until: int) -> None:
        self.arrays = [it for it in self.arrays if it[0] > until]

    def take(self, message: Mapping[str, Any]) -> None:
        """Hear what the browser wants."""
        raise NotImplementedError

    async def run(self) -> None:
        """Say what comes by itself, until cancelled."""


def path_of(name: str) -> str:
    """Where a document is, as rules name it."""
    return "/databases" + name.partition("/databases")[2]
