"""Which messages were taken, so that what was missed can be told from what is known.

WhatsApp has no acknowledgement that a bridge on its web page could hold back: what our page got
counts as delivered.  So after a restart everything since `since` is asked for, and what stands here
is passed over.  A line lost with the machine's power only means a message told twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

KEPT: Final = 20_000  # ids
MARGIN: Final = timedelta(minutes=15)  # between WhatsApp's clock, the phones' and ours
FRESH: Final = timedelta(days=1)  # what lay unread before the first start, at most


class Journal:
    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seen_file = folder / "taken"
        self._since_file = folder / "since"
        self._seen: dict[str, None] = {}
        self._written = 0
        self._waiting: dict[str, float] = {}  # offered and not taken: when they were sent
        self._load()

    def _load(self) -> None:
        if self._seen_file.exists():
            lines = self._seen_file.read_text("utf-8").splitlines()
            self._seen = dict.fromkeys(lines[-KEPT:])
        self._rewrite()

    def _rewrite(self) -> None:
        fresh = self._seen_file.with_suffix(".new")
        fresh.write_text("".join(f"{it}\n" for it in self._seen), "utf-8")
        fresh.replace(self._seen_file)
        self._written = len(self._seen)

    @property
    def since(self) -> float:
        """The moment, in seconds, from which messages may have been missed."""
        try:
            return float(self._since_file.read_text())
        except (OSError, ValueError):
            return self._now().timestamp() // 1  # WhatsApp's moments are whole seconds

    @property
    def unread_since(self) -> float:
        return (self._now() - FRESH).timestamp()

    def alive(self) -> None:
        """Note that all is heard up to now, but for what waits to be taken."""
        at = min([(self._now()).timestamp(), *self._waiting.values()])
        fresh = self._since_file.with_suffix(".new")
        fresh.write_text(str(at - MARGIN.total_seconds()))
        fresh.replace(self._since_file)

    def knows(self, id: str) -> bool:
        return id in self._seen

    def offered(self, id: str, sent_at: float) -> None:
        self._waiting[id] = sent_at

    def taken(self, id: str) -> None:
        """Note that a message is safe with the helpdesk."""
        self._waiting.pop(id, None)
        self._seen[id] = None
        with self._seen_file.open("a", encoding="utf-8") as file:
            file.write(f"{id}\n")
        self._written += 1
        while len(self._seen) > KEPT:
            del self._seen[next(iter(self._seen))]
        if self._written > 2 * KEPT:
            self._rewrite()
