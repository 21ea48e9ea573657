"""How often somebody may try: token buckets in this process's memory, bounded in number.

Several api processes each count for themselves; the limits are against guessing, not for billing.
"""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Final

from helpdesk.adapters.http.problems import too_many

KEYS: Final = 10_000  # some 2 MB; the longest unused is forgotten first


class Allowance:
    """For each key `burst` tries at once, then one more every `seconds`."""

    def __init__(
        self,
        *,
        burst: int,
        seconds: float,
        keys: int = KEYS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._burst, self._seconds, self._keys, self._clock = burst, seconds, keys, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tries, as of when

    def take(self, key: str) -> None:
        """Use up one try.

        Raises:
            RefusedError: 429, none is left.
        """
        left = self._now(key)
        if left < 1:
            raise too_many(ceil((1 - left) * self._seconds))
        self._keep(key, left - 1)

    def give_back(self, key: str) -> None:
        """Take a try for not done."""
        self._keep(key, min(self._now(key) + 1, self._burst))

    def _now(self, key: str) -> float:
        left, at = self._left.get(key, (float(self._burst), self._clock()))
        return min(left + (self._clock() - at) / self._seconds, self._burst)

    def _keep(self, key: str, left: float) -> None:
        self._left[key] = left, self._clock()
        self._left.move_to_end(key)
        if len(self._left) > self._keys:
            self._left.popitem(last=False)


class Limits:
    """The allowances of one application."""

    def __init__(self) -> None:
        # Tries that fail.  An office behind one address has many people with one typo each.
        self.sign_in_by_address = Allowance(burst=30, seconds=10)
        self.sign_in_by_email = Allowance(burst=10, seconds=30)
        self.feedback = Allowance(burst=60, seconds=2)
