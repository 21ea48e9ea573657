"""What can be configured, with its defaults; `configuration.py` reads it.

Every key with its default, unit and meaning is in config/helpdesk.example.toml, which a test keeps
equal to this module.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from helpdesk.domain.care import Care
from helpdesk.domain.file import MediaKind
from helpdesk.domain.patience import Patience
from helpdesk.domain.silence import CHECK_EVERY, CLOSE_AFTER, Silence
from helpdesk.neighbours import (
    Amqp,
    Cloud,
    Firebase,
    Postgres,
    SimulatorSettings,
    Smtp,
    Venom,
    Webhook,
    WebPushSettings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """Each value is a folder in helpdesk/adapters."""

    store: str = "postgres"  # also serves board, outbox and ticks
    feed: str = "postgres"
    broker: str = "local"
    bridge: str = "whatsapp.simulator"
    media: str = "local"
    conversion: str = "pyav"
    push: str = "webpush"


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""  # as clients reach us; empty: http://host:port
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-For
    max_body_bytes: int = 1_048_576

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """For `/livez`, `/readyz` and `/metrics` of any role; the API has them at its own port too."""

    host: str = "127.0.0.1"
    port: int = 0  # 0: none


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    bridges: str = ""  # adapters, with commas: only their sessions are held; empty: all
    lease_seconds: float = 10.0  # until a session passes on from a bot that died

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(it.strip() for it in self.bridges.split(",") if it.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSettings:
    """Defaults for sectors that do not say otherwise."""

    close_after_seconds: int = int(CLOSE_AFTER.total_seconds())
    check_every_seconds: int = int(CHECK_EVERY.total_seconds())

    @property
    def policy(self) -> Silence:
        return Silence(
            close_after=timedelta(seconds=self.close_after_seconds),
            check_every=timedelta(seconds=self.check_every_seconds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSettings:
    """What a client is asked when an attendance closed; `{link}` stands for the page."""

    message: str = "Seu atendimento foi encerrado. Como foi? Avalie aqui: {link}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    level: str = "info"  # debug, info, warning, error
    format: str = "auto"  # auto: readable on a terminal, else json


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    name: str = ""  # in journeys, logs and metrics; empty: role@host:pid
    stop_seconds: float = 20.0  # how long a process may take to say good-bye
    nice: int = 0  # how far a consumer or bot stands back behind others on the machine


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """How a client's file is asked for, when it cannot be fetched at once."""

    shared: bool = False  # whether every process sees the same data_dir
    retry_first_seconds: float = 2.0  # pauses double from here
    retry_longest_seconds: float = 600.0  # to here
    retry_hours: float = 72.0  # until it is given up

    @property
    def patience(self) -> Patience:
        return Patience(
            first=timedelta(seconds=self.retry_first_seconds),
            longest=timedelta(seconds=self.retry_longest_seconds),
            hold_out=timedelta(hours=self.retry_hours),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """Telling admins that a number is down."""

    by: str = ""  # adapters, with commas: webhook, smtp; empty: nobody is told
    grace_seconds: int = 120  # a number that is back within this time is nobody's business

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(it.strip() for it in self.by.split(",") if it.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    feed_hours: int = 48  # how long a dashboard may be away without reloading everything
    journey_days: int = 30  # how long one may ask which way a message went
    claims_days: int = 14  # how long a delivery is remembered to be one already handled
    image_days: int = 0  # how long files of each kind are kept; 0: for ever
    sticker_days: int = 0
    audio_days: int = 0
    voice_days: int = 0
    video_days: int = 0
    document_days: int = 0
    upload_hours: int = 24  # after which a file that belongs to no message is deleted

    @property
    def files(self) -> dict[MediaKind, timedelta]:
        """How long files are kept; kinds that are kept for ever are not in it."""
        days = {it: getattr(self, f"{it}_days") for it in MediaKind}
        return {it: timedelta(days=of) for it, of in days.items() if of}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionSettings:
    workers: int = 1  # processes at once, each of up to 1 GiB for a moment
    seconds: float = 30.0  # of computing, for one file
    film_seconds: float = 180.0  # the same, to encode a film; one at a time, in one process more


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    data_dir: str = "./.helpdesk"
    locale: str = "pt-BR"  # pt-BR, en, es: before a person has chosen
    adapters: Adapters = field(default_factory=Adapters)
    http: Http = field(default_factory=Http)
    health: Health = field(default_factory=Health)
    postgres: Postgres = field(default_factory=Postgres)
    amqp: Amqp = field(default_factory=Amqp)
    bot: Bot = field(default_factory=Bot)
    simulator: SimulatorSettings = field(default_factory=SimulatorSettings)
    cloud: Cloud = field(default_factory=Cloud)
    silence: SilenceSettings = field(default_factory=SilenceSettings)
    feedback: FeedbackSettings = field(default_factory=FeedbackSettings)
    care: Care = field(default_factory=Care)
    venom: Venom = field(default_factory=Venom)
    conversion: ConversionSettings = field(default_factory=ConversionSettings)
    telemetry: Telemetry = field(default_factory=Telemetry)
    process: Process = field(default_factory=Process)
    retention: Retention = field(default_factory=Retention)
    media: MediaSettings = field(default_factory=MediaSettings)
    firebase: Firebase = field(default_factory=Firebase)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    webhook: Webhook = field(default_factory=Webhook)
    smtp: Smtp = field(default_factory=Smtp)
    webpush: WebPushSettings = field(default_factory=WebPushSettings)

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).expanduser().absolute()
