"""Rows held by units of work until they end.

Two that wait for each other would wait for ever; like a database, the one that would close the
circle is refused.
"""

import asyncio
from collections.abc import Hashable
from typing import TypeAlias

from helpdesk.domain.errors import UnavailableError

Held: TypeAlias = tuple[Hashable, ...]  # what kind of thing, and which


class Holder:
    """One unit of work, as others wait for it."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.waits_for: Holder | None = None

    def would_wait_for(self, other: "Holder") -> bool:
        """Whether this one waits for `other`, directly or over others."""
        at: Holder | None = self
        while at is not None and at is not other:
            at = at.waits_for
        return at is other


class Holds:
    def __init__(self) -> None:
        self._holders: dict[Held, Holder] = {}

    async def hold(self, holder: Holder, *what: Hashable) -> None:
        """Wait until nobody else holds it, then hold it until `release`.

        Raises:
            UnavailableError: whoever holds it waits for `holder`.
        """
        while not self.try_hold(holder, *what):
            other = self._holders[what]
            if other.would_wait_for(holder):
                raise UnavailableError("Two units of work wait for each other.")
            holder.waits_for = other
            try:
                await other.ended.wait()
            finally:
                holder.waits_for = None

    def try_hold(self, holder: Holder, *what: Hashable) -> bool:
        """Hold it unless somebody else does."""
        return self._holders.setdefault(what, holder) is holder

    def release(self, holder: Holder) -> None:
        """Let go of everything and wake those who wait."""
        self._holders = {it: by for it, by in self._holders.items() if by is not holder}
        holder.ended.set()
