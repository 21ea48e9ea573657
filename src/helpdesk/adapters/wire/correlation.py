"""The correlation id: one text that follows a cause through queues, logs and the feed.

It lives in structlog's context variables, so that every log line bears it without being told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from structlog.contextvars import bind_contextvars, get_contextvars, reset_contextvars

KEY: Final = "correlation_id"


def current() -> str:
    """The id of what is being handled; empty outside of anything."""
    return str(get_contextvars().get(KEY, ""))


@contextmanager
def bound(correlation: str) -> Iterator[None]:
    """Handle something under this id."""
    tokens = bind_contextvars(**{KEY: correlation})
    try:
        yield
    finally:
        reset_contextvars(**tokens)
