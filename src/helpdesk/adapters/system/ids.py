"""Ids in the order of their making, and tokens that nobody guesses."""

import secrets
from collections.abc import Callable
from time import time_ns
from uuid import UUID

_COUNTER_BITS = 42  # 12 in rand_a and 30 in rand_b
_COUNTER_MAX = (1 << _COUNTER_BITS) - 1
_TAIL_BITS = 32


class Uuid7:
    """Makes ids of UUID version 7; within one instance each is greater than the one before.

    RFC 9562 section 6.2, method 1: a counter seeded with chance in every millisecond.  When the
    clock goes back, the counter goes on in the last millisecond seen.
    """

    def __init__(self, clock_ns: Callable[[], int] = time_ns) -> None:
        self._clock_ns = clock_ns
        self._millisecond = -1
        self._counter = 0

    def __call__(self) -> UUID:
        self._step(self._clock_ns() // 1_000_000)
        high, low = self._counter >> 30, self._counter & 0x3FFF_FFFF
        value = (self._millisecond & 0xFFFF_FFFF_FFFF) << 80
        value |= 0x7 << 76 | high << 64  # version, rand_a
        value |= 0b10 << 62 | low << _TAIL_BITS  # variant, the counter's rest
        return UUID(int=value | secrets.randbits(_TAIL_BITS))

    def _step(self, millisecond: int) -> None:
        if millisecond > self._millisecond:
            self._millisecond = millisecond
            # One bit less leaves room to count 2**41 ids in this millisecond.
            self._counter = secrets.randbits(_COUNTER_BITS - 1)
        elif self._counter < _COUNTER_MAX:
            self._counter += 1
        else:
            self._millisecond += 1
            self._counter = secrets.randbits(_COUNTER_BITS - 1)


def new_token() -> str:
    """Make 128 bits of chance, URL-safe: 22 characters."""
    return secrets.token_urlsafe(16)
