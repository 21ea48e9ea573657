"""What runs in a process of each role, from opening the adapters to the last good-bye."""

import dataclasses
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from typing import Final

from helpdesk.adapters.cron.scheduler import Scheduler
from helpdesk.adapters.http.app import make_app, make_probes, serve
from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.options import HttpOptions, Probes
from helpdesk.adapters.system.courtesy import urgent
from helpdesk.callers import are_configured, open_webhooks
from helpdesk.container import UseCases
from helpdesk.domain.patience import Patience
from helpdesk.domain.session import Session
from helpdesk.domain.usecases.grant_live import GrantLive
from helpdesk.domain.usecases.keep_files import KeepFiles
from helpdesk.domain.usecases.play_phone import PlayPhone
from helpdesk.domain.usecases.tell_outages import TellOutages
from helpdesk.health import Health
from helpdesk.holding import Holder, Tenure, Terms
from helpdesk.limits import STORING, within
from helpdesk.listening import open_grants, open_ping, open_projection, watch_live
from helpdesk.meters import Meters
from helpdesk.opening import Opening, check_adapters, connects, must_be_shared, opening, shows
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.broker import INBOUND
from helpdesk.sessions import GatherDead, HoldSessions, ServeSession, forwarding, serving
from helpdesk.settings import Settings
from helpdesk.supervisor import Service
from helpdesk.templating import TemplatesByBridge, template_cases
from helpdesk.wiring import use_cases

SIMULATOR: Final = "whatsapp.simulator"

RELAY_LEASE: Final = 5.0  # seconds; a dashboard waits so long for news when a consumer is killed
HOST_SHOWN: Final = 40  # characters; names that are made up differ at the end
PRESENCE_SWEEP: Final = timedelta(seconds=20)
ROUTING_SWEEP: Final = timedelta(minutes=1)
OUTAGES_SWEEP: Final = timedelta(seconds=5)
TELLING: Final = Patience(first=timedelta(seconds=10), longest=timedelta(minutes=15))
CODE_SWEEP: Final = timedelta(seconds=20)
RIGHTS_SWEEP: Final = timedelta(seconds=5)
HOUSE_KEEPING: Final = timedelta(hours=1)


class Role(StrEnum):
    ALL = "all"
    API = "api"
    CONSUMER = "consumer"
    BOT = "bot"

    def includes(self, other: "Role") -> bool:
        """Whether a process of this role does what `other` does."""
        return self in (Role.ALL, other)


# Ports in which the processes of a split installation must be able to meet.
MEETING_POINTS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.ALL: (),
    Role.API: ("store", "feed", "media"),
    Role.CONSUMER: ("store", "broker", "feed", "media"),
    Role.BOT: ("store", "broker", "media"),
}

_FILES: Final = frozenset({"media", "conversion"})
PORTS: Final[Mapping[Role, frozenset[str]]] = {
    Role.API: _FILES
    | {"store", "outbox", "board", "directory", "ticks", "leases", "journey", "feed"}
    | {"dead_letters", "push"},
    Role.CONSUMER: _FILES
    | {"store", "outbox", "leases", "broker", "journey", "feed", "dead_letters", "push"},
    Role.BOT: _FILES | {"store", "leases", "broker"},
}


@dataclass(slots=True)
class Running:
    """A process that is up: where it listens, and what must be kept running."""

    stack: AsyncExitStack
    services: dict[str, Service] = field(default_factory=dict)
    address: str | None = None  # of the API, when this process has it
    password: str | None = None  # of the first admin, when it was made up just now


def _meeting_points(role: Role, settings: Settings) -> tuple[str, ...]:
    called = role is Role.API and are_configured(settings)
    return (*MEETING_POINTS[role], *(("broker",) if called else ()))


def _ports_of(role: Role, settings: Settings) -> frozenset[str]:
    """Name the ports that a role needs; one that is called by webhook needs the broker too."""
    wanted = {it for part, ports in PORTS.items() if role.includes(part) for it in ports}
    called = role.includes(Role.API) and are_configured(settings)
    return frozenset(wanted | ({"broker"} if called else set()))


def process_name(settings: Settings, role: Role) -> str:
    """Name this process for journeys, logs and metrics."""
    host = socket.gethostname()[-HOST_SHOWN:]
    return settings.process.name or f"{role}@{host}:{os.getpid()}"


@asynccontextmanager
async def start(
    settings: Settings, role: Role, *, admin_password: str | None
) -> AsyncIterator[Running]:
    """Open what the role needs and begin to listen; the services are the caller's to run.

    Raises:
        SettingsError: an adapter does not exist, or cannot be shared by a split role.
    """
    check_adapters(settings)
    for port in _meeting_points(role, settings):
        must_be_shared(port, settings, by=role)
    process = process_name(settings, role)
    async with opening(settings, process=process) as opened, AsyncExitStack() as stack:
        wanted = _ports_of(role, settings)
        meters = Meters(process=process, role=role, version=version("helpdesk"))
        cases = await use_cases(opened, *sorted(wanted), meters=meters)
        health = await _health(opened, cases, wanted, meters)
        probes = Probes(ready=health.ready, registry=meters.registry, measure=health.measure)
        running = Running(stack)
        found = cases.found()
        running.password = await found(password=admin_password)
        owner = f"{process}/{cases.new_token()()[:8]}"  # no process before or after it
        holder = Holder(leases=cases.leases(), owner=owner)
        if role.includes(Role.CONSUMER):
            await _consume(running, opened, cases, holder, requests=role.includes(Role.API))
        if role.includes(Role.BOT):
            running.services["sessions"] = _hold_sessions(opened, cases, holder, health)
        if role.includes(Role.API):
            await _listen(running, opened, cases, probes)
        if settings.health.port:
            own = serve(make_probes(probes), settings.health.host, settings.health.port)
            await stack.enter_async_context(own)
        yield running


async def _health(
    opened: Opening, cases: UseCases, wanted: frozenset[str], meters: Meters
) -> Health:
    health = Health(cases, wanted, meters.registry)
    if "feed" in wanted and (ping := await open_ping(opened)):
        health.ask("live", ping)
    return health


async def _consume(
    running: Running, opened: Opening, cases: UseCases, holder: Holder, *, requests: bool
) -> None:
    """Store what comes in, and relay; `requests`: this process answers some, which go first."""
    broker, keep_letter = cases.broker(), cases.dead_letters().keep
    await running.stack.enter_async_context(broker.gather(INBOUND, keep_letter))
    running.services["dead letters"] = GatherDead(
        store=cases.store(), broker=broker, keep=keep_letter
    )
    handle = within(STORING, cases.consume_reports())
    await running.stack.enter_async_context(broker.serve(INBOUND, handle))
    to_feed = partial(_lead, holder, "relay:feed", cases.relay_to_feed())
    running.services["relay to feed"] = to_feed if requests else urgent(to_feed)
    running.services["relay to bots"] = partial(_lead, holder, "relay:bots", cases.relay_to_bots())
    for name, work in (("follow", cases.follow_for_push()), ("send", cases.send_pushes())):
        running.services[f"push: {name}"] = partial(_lead, holder, f"push:{name}", work)
    if project := await open_projection(opened, cases):
        running.services["live"] = partial(_lead, holder, "live", project)
    running.services["fetching files"] = cases.order_fetches()
    running.services["converting files"] = cases.convert_media()


async def _lead(holder: Holder, name: str, relay: Service) -> None:
    """Relay while no other process does."""

    async def work(_: Tenure) -> None:
        await relay()

    await holder.hold(name, Terms.of(RELAY_LEASE), work)


def _hold_sessions(
    opened: Opening, cases: UseCases, holder: Holder, health: Health
) -> HoldSessions:
    bot = opened.settings.bot

    async def open_bridge(session: Session) -> Bridge:
        make: Callable[[Session], Bridge] = await opened.bridge(session.bridge)
        bridge = make(session)
        health.watch(session.id, bridge)
        return bridge

    return HoldSessions(
        store=cases.store(),
        holder=holder,
        terms=Terms.of(bot.lease_seconds),
        mine=lambda it: not bot.kinds or it.bridge in bot.kinds,
        serve=ServeSession(
            broker=cases.broker(),
            open_bridge=open_bridge,
            forward=cases.forward_report(),
            forwarding=partial(forwarding, cases),
            serving=partial(serving, cases),
            now=cases.now(),
        ),
    )


async def _listen(running: Running, opened: Opening, cases: UseCases, probes: Probes) -> None:
    settings, called = opened.settings, are_configured(opened.settings)
    phones = None
    if settings.adapters.bridge == SIMULATOR:
        simulator = await opened.port("simulator")
        phones = PlayPhone(
            simulator=simulator, media=cases.media(), now=cases.now(), new_id=cases.new_id()
        )
    added = template_cases(cases, TemplatesByBridge(opened))
    grant_live = await open_grants(opened, cases)
    watch = watch_live(cases) if grant_live else None
    ours = {"play_phone", "grant_live", "watch_live"}
    names = {it.name for it in dataclasses.fields(Cases)} - {*ours, *added}
    made = {it: getattr(cases, it)() for it in names}
    http = Cases(**made, **added, play_phone=phones, grant_live=grant_live, watch_live=watch)
    options = HttpOptions(
        base_url=settings.http.base_url,
        probes=probes,
        version=version("helpdesk"),
        abilities=cases.abilities(),
        webhooks=await open_webhooks(opened, cases.forward_report()) if called else {},
        connects=connects(settings),
        shows=shows(settings),
        locale=settings.locale,
        keep_feed=timedelta(hours=settings.retention.feed_hours),
        trusted_proxies=settings.http.trusted_proxies,
        max_body_bytes=settings.http.max_body_bytes,
    )
    site = serve(make_app(http, options), settings.http.host, settings.http.port)
    port = await running.stack.enter_async_context(site)
    running.address = f"http://{settings.http.host}:{port}"
    keep_files = cases.keep_files(simulator=phones and phones.simulator)
    tell = cases.tell_outages(channels=await opened.channels(), patience=TELLING)
    running.services |= _jobs(cases, settings, keep_files, tell)
    if grant_live:
        running.services["live rights"] = _revoking(cases, grant_live)


def _revoking(cases: UseCases, grant_live: GrantLive) -> Service:
    async def revoke(_due_at: datetime) -> None:
        await grant_live.revoke()

    scheduler = Scheduler(cases.ticks(), cases.now())
    return partial(scheduler.run, RIGHTS_SWEEP, "live rights", revoke)


def _jobs(
    cases: UseCases, settings: Settings, keep_files: KeepFiles, tell_outages: TellOutages
) -> dict[str, Service]:
    """Schedule what happens by the clock; each moment once, however many processes there are."""
    scheduler = Scheduler(cases.ticks(), cases.now())
    close_silent, presence = cases.close_silent(), cases.presence()
    route_waiting, keep_house = cases.route_waiting(), cases.keep_house()
    drop_qr = cases.drop_qr()

    async def sweep_presence(_due_at: datetime) -> None:
        await presence.expire()

    async def sweep_waiting(_due_at: datetime) -> None:
        await route_waiting.everywhere()

    async def sweep_codes(_due_at: datetime) -> None:
        await drop_qr.expired()

    async def prune(_due_at: datetime) -> None:
        await keep_house()

    async def clean_up(_due_at: datetime) -> None:
        await keep_files()

    async def tell(_due_at: datetime) -> None:
        await tell_outages()

    tick = settings.silence.policy.tick
    return {
        "silence": partial(scheduler.run, tick, "silence", close_silent),
        "presence": partial(scheduler.run, PRESENCE_SWEEP, "presence", sweep_presence),
        "routing": partial(scheduler.run, ROUTING_SWEEP, "routing", sweep_waiting),
        "outages": partial(scheduler.run, OUTAGES_SWEEP, "outages", tell),
        "codes": partial(scheduler.run, CODE_SWEEP, "codes", sweep_codes),
        "files": partial(scheduler.run, HOUSE_KEEPING, "files", clean_up),
        "house": partial(scheduler.run, HOUSE_KEEPING, "house", prune),
    }
