"""Logs: readable on a terminal, JSON otherwise; no secret and no whole phone number in them."""

import logging
import re
import sys
from contextlib import suppress
from functools import partial
from typing import Any, Final, TextIO, cast

import structlog

from helpdesk.settings import Telemetry

_PHONE: Final = re.compile(r"\+(\d{4})\d{2,9}(\d{2})\b")


def configure(settings: Telemetry, process: str = "") -> None:
    """Set up structlog for this process, and hand it what libraries log.

    Each line bears the name of the `process`, if it has one.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    readable = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if process and not readable:  # at a terminal there is but one
        processors.append(partial(_name, process))
    # No values of local variables: there are passwords, codes and clients' messages among them.
    if readable:
        plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        processors += [structlog.processors.format_exc_info, mask_phones, plain]
    else:
        transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        tracebacks = structlog.processors.ExceptionRenderer(transformer)
        processors += [tracebacks, mask_phones, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Bridge()], level=max(level, logging.WARNING), force=True)


def _name(process: str, _logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {"process": process, **event}


def mask_phones(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep the country, area and last two digits of what looks like an E.164 number."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    """The same within tracebacks, which are lists of dicts."""
    if isinstance(value, str):
        return _PHONE.sub(r"+\1…\2", value)
    if isinstance(value, list):
        return [_masked(it) for it in value]
    if isinstance(value, dict):
        return {key: _masked(it) for key, it in value.items()}
    return value


class _Unfailing:
    """A line that cannot be written is lost, and nothing else: the disk may be full.

    Who logs does so where something failed already, and is not prepared for more.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        with suppress(OSError):
            return self._file.write(line)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


class _Bridge(logging.Handler):
    """Takes what libraries say with the standard library's logging."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        method = getattr(log, record.levelname.lower(), log.error)
        method(record.getMessage(), exc_info=record.exc_info or None)
