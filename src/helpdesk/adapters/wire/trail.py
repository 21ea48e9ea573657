"""The trail of a message on the wire, and the one of what is being handled.

As text, so that a column and a header can hold it: "" or a JSON array of arrays.  One that cannot
be read, as of a newer release, is none: a message is worth more than its trail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final

import msgspec

from helpdesk.domain.journey import Hop, StepName, Trail

_CURRENT: Final = ContextVar[Trail]("trail", default=())
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(list[tuple[StepName, datetime, str, int | None]])


def current() -> Trail:
    """What led to what is being handled; nothing outside of anything."""
    return _CURRENT.get()


@contextmanager
def bound(trail: Trail) -> Iterator[None]:
    """Handle something that came this way."""
    token = _CURRENT.set(trail)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def encode(trail: Trail) -> str:
    """Write a trail."""
    if not trail:
        return ""
    hops = [(it.name, it.at, it.process, it.attempt) for it in trail]
    return _ENCODER.encode(hops).decode()


def decode(text: str) -> Trail:
    """Read what `encode` wrote."""
    if not text:
        return ()
    try:
        return tuple(Hop(*it) for it in _DECODER.decode(text))
    except msgspec.MsgspecError:
        return ()
