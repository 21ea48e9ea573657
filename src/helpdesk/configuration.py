"""Reading the configuration: a TOML file, then `HELPDESK__SECTION__KEY` variables, then checks.

An unknown key, a wrong type or a value out of range is refused at start, with where it stands and
how to mend it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, get_type_hints
from urllib.parse import urlsplit

import msgspec

from helpdesk.domain.file import MediaKind
from helpdesk.neighbours import SECRETS
from helpdesk.settings import Settings

DEFAULT_FILE: Final = Path("helpdesk.toml")  # read when it is there and --config is not given
PREFIX: Final = "HELPDESK__"
HIDDEN: Final = "********"
NAME_LIMIT: Final = 60  # characters of a process's name: an exemplar holds no more
_HOST: Final = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:\d+)?")
LOCALES: Final = ("pt-BR", "en", "es")


class SettingsError(Exception):
    """Says which key, where it stands, and the remedy."""


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the file, if one is given, and the environment, which wins.

    Raises:
        SettingsError: the first thing that is wrong.
    """
    types = dict(_keys(Settings))
    values: dict[str, Any] = {}
    for key, value in _from_file(file):
        values[key] = _converted(key, value, types, where=str(file), strict=True)
    for key, value in _from_environment(environment):
        name = PREFIX + key.upper().replace(".", "__")
        values[key] = _converted(key, value, types, where=f"the environment ({name})", strict=False)
    settings = msgspec.convert(_nested(values), Settings)
    _check(settings)
    return settings


def shown(settings: Settings) -> dict[str, Any]:
    """Flatten for `config show`; secrets are hidden, empty ones shown as empty."""
    flat = dict(_flat(msgspec.to_builtins(settings)))
    return {k: HIDDEN if k in SECRETS and v else v for k, v in flat.items()}


def _keys(section: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(section)
    for it in fields(section):
        kind = hints[it.name]
        if is_dataclass(kind):
            yield from _keys(kind, f"{prefix}{it.name}.")  # type: ignore[arg-type]
        else:
            yield prefix + it.name, kind


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _from_file(file: Path | None) -> Iterator[tuple[str, Any]]:
    if file is None:
        return
    try:
        text = file.read_text("utf-8")
        tree = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: is not TOML: {error}.") from error
    yield from _flat(tree)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in environment.items():
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX).lower().replace("__", "."), value


def _converted(key: str, value: Any, types: Mapping[str, Any], *, where: str, strict: bool) -> Any:
    if key not in types:
        close = difflib.get_close_matches(key, types, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(types)}."
        raise SettingsError(f"{where}: unknown key {key}; {hint}")
    try:
        return msgspec.convert(value, types[key], strict=strict)
    except msgspec.ValidationError as error:
        given = HIDDEN if key in SECRETS else repr(value)
        kind = getattr(types[key], "__name__", types[key])
        raise SettingsError(f"{where}: {key} = {given}: give a value of type {kind}.") from error


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *path, name = key.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[name] = value
    return tree


def _check(it: Settings) -> None:
    """Refuse values whose type is right and whose size is not."""
    day = 86_400
    for key, value, low, high in (
        ("http.port", it.http.port, 0, 65_535),
        ("health.port", it.health.port, 0, 65_535),
        ("http.trusted_proxies", it.http.trusted_proxies, 0, 10),
        ("http.max_body_bytes", it.http.max_body_bytes, 16_384, 64 * 1_048_576),
        ("postgres.pool_size", it.postgres.pool_size, 4, 200),
        ("postgres.timeout_seconds", it.postgres.timeout_seconds, 0.1, 300),
        ("cloud.timeout_seconds", it.cloud.timeout_seconds, 1, 300),
        ("amqp.partitions", it.amqp.partitions, 1, 64),
        ("amqp.attempts", it.amqp.attempts, 1, 100),
        ("amqp.delivery_limit", it.amqp.delivery_limit, 1, 1_000_000),
        ("amqp.timeout_seconds", it.amqp.timeout_seconds, 0.5, 60),
        ("amqp.heartbeat_seconds", it.amqp.heartbeat_seconds, 2, 600),
        ("bot.lease_seconds", it.bot.lease_seconds, 2, 60),
        ("process.stop_seconds", it.process.stop_seconds, 0.5, 600),
        ("process.nice", it.process.nice, 0, 19),
        ("silence.close_after_seconds", it.silence.close_after_seconds, 1, 30 * day),
        ("silence.check_every_seconds", it.silence.check_every_seconds, 1, day),
        ("retention.feed_hours", it.retention.feed_hours, 1, 24 * 90),
        ("retention.journey_days", it.retention.journey_days, 1, 3650),
        ("retention.claims_days", it.retention.claims_days, 1, 365),
        *_alert_ranges(it),
        *_file_ranges(it),
        *_care_ranges(it),
    ):
        if not low <= value <= high:
            raise SettingsError(f"{key} = {value}: give {low} to {high}.")
    for key, choice, allowed in (
        ("locale", it.locale, LOCALES),
        ("telemetry.level", it.telemetry.level, ("debug", "info", "warning", "error")),
        ("smtp.security", it.smtp.security, ("starttls", "tls", "none")),
        ("telemetry.format", it.telemetry.format, ("auto", "json", "console")),
    ):
        if choice not in allowed:
            raise SettingsError(f"{key} = {choice!r}: give one of {', '.join(allowed)}.")
    _check_texts(it)


def _alert_ranges(it: Settings) -> Iterator[tuple[str, float, float, float]]:
    yield "alerts.grace_seconds", it.alerts.grace_seconds, 1, 86_400
    yield "webhook.timeout_seconds", it.webhook.timeout_seconds, 0.1, 60
    yield "smtp.port", it.smtp.port, 1, 65_535
    yield "smtp.timeout_seconds", it.smtp.timeout_seconds, 0.1, 60


def _care_ranges(it: Settings) -> Iterator[tuple[str, float, float, float]]:
    yield "care.seconds_apart", it.care.seconds_apart, 0, 60
    yield "care.jitter", it.care.jitter, 0, 1
    yield "care.chats_a_day", it.care.chats_a_day, 0, 1000


def _file_ranges(it: Settings) -> Iterator[tuple[str, float, float, float]]:
    """What may be set of files: each key, its value, and from where to where it may be."""
    day, kept = 86_400, it.retention
    yield "retention.upload_hours", kept.upload_hours, 1, 24 * 90
    yield "conversion.workers", it.conversion.workers, 1, 64
    yield "conversion.seconds", it.conversion.seconds, 1, 3600
    yield "conversion.film_seconds", it.conversion.film_seconds, 1, 3600
    yield "media.retry_first_seconds", it.media.retry_first_seconds, 0.05, day
    yield "media.retry_longest_seconds", it.media.retry_longest_seconds, 0.05, day
    yield "media.retry_hours", it.media.retry_hours, 0.001, 24 * 30
    for kind in MediaKind:
        yield f"retention.{kind}_days", getattr(kept, f"{kind}_days"), 0, 36_500


def _check_texts(it: Settings) -> None:
    if len(it.process.name) > NAME_LIMIT or not it.process.name.isprintable():
        raise SettingsError(f"process.name: give up to {NAME_LIMIT} printable characters.")
    if "{link}" not in it.feedback.message:
        raise SettingsError("feedback.message: put {link} where the address of the page belongs.")
    if it.http.public_url and not it.http.public_url.startswith(("http://", "https://")):
        raise SettingsError("http.public_url: give an address such as https://desk.example.com.")
    _check_cloud(it)
    _check_postgres(it)
    _check_amqp(it)
    if 60 % min(it.silence.check_every_seconds, 60):
        raise SettingsError("silence.check_every_seconds: under a minute, give a divisor of 60.")


def _check_cloud(it: Settings) -> None:
    if not it.cloud.base_url.startswith(("http://", "https://")):
        raise SettingsError("cloud.base_url: give an address such as https://graph.facebook.com.")
    if not it.cloud.version.startswith("v"):
        raise SettingsError("cloud.version: give a version of the Graph API, such as v26.0.")


def _check_postgres(it: Settings) -> None:
    for name in ("dsn", "replica_dsn"):
        given = getattr(it.postgres, name)
        if given and not _leads_to_postgres(given):
            raise SettingsError(
                f"postgres.{name}: give an address such as postgresql://user:password@host/database,"
                " with what is special in the password percent-encoded."
            )


def _leads_to_postgres(dsn: str) -> bool:
    """Whether the driver can read it; what it says of one that it cannot may show the password."""
    try:
        parts = urlsplit(dsn)
    except ValueError:  # a bracket that is not closed
        return False
    hosts = parts.netloc.rpartition("@")[2].split(",")
    return parts.scheme in ("postgresql", "postgres") and all(map(_HOST.fullmatch, hosts))


def _check_amqp(it: Settings) -> None:
    given = it.amqp.url or it.adapters.broker == "amqp"
    if given and not it.amqp.url.startswith(("amqp://", "amqps://")):
        raise SettingsError("amqp.url: give an address such as amqp://user:password@host/vhost.")
    if not it.amqp.prefix or len(it.amqp.prefix) > 100:
        raise SettingsError("amqp.prefix: give 1 to 100 characters.")
