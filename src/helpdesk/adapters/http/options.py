"""How this installation is reached, and what its HTTP shows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector

from helpdesk.ports.bridge import Abilities
from helpdesk.ports.webhook import Webhook

STATIC: Final = Path(__file__).parent / "static"  # the built dashboard

# Component -> None when it is fine, else what is wrong with it.
Ready = Callable[[], Awaitable[Mapping[str, str | None]]]


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


async def nothing_to_measure() -> None:
    """Bring no gauge up to date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """What whoever keeps us running asks for.

    `measure` is called before `/metrics` answers, to set gauges in `registry` that cost a question
    (the depth of the outbox, say).
    """

    ready: Ready
    registry: CollectorRegistry = field(default_factory=_registry)
    measure: Callable[[], Awaitable[None]] = nothing_to_measure


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """`base_url` is where browsers and clients reach us, without a slash at the end."""

    base_url: str
    probes: Probes
    version: str
    abilities: Abilities
    locale: str = "pt-BR"
    trusted_proxies: int = 0  # how many proxies in front append to X-Forwarded-For
    max_body_bytes: int = 1_048_576
    heartbeat_seconds: float = 15.0  # of the feed
    static: Path = STATIC
    connects: tuple[str, ...] = ()  # origins that dashboards talk to besides
    shows: tuple[str, ...] = ()  # origins from which they show files besides
    keep_feed: timedelta = timedelta(hours=48)  # how far back it can be replayed
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)  # by the bridge's name

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def is_behind_proxy(self) -> bool:
        """Whether a peer on this machine may be a proxy that speaks for anybody.

        We speak no TLS ourselves, so an https address means a proxy.
        """
        return self.trusted_proxies > 0 or self.is_https
