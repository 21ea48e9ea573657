"""The web application on the memory adapters, and people who call it."""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from argon2.profiles import CHEAPEST
from dependency_injector import providers
from prometheus_client import CollectorRegistry

from helpdesk.adapters.http.app import LONGEST_LINE, make_app
from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.options import HttpOptions, Probes
from helpdesk.adapters.system.passwords import Argon2Passwords
from helpdesk.adapters.whatsapp.simulator.templates import SampleTemplates
from helpdesk.container import UseCases
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.usecases.grant_live import GrantLive
from helpdesk.domain.usecases.play_phone import PlayPhone
from helpdesk.domain.usecases.sign_in import token_hash
from helpdesk.listening import watch_live
from helpdesk.opening import Opening, capabilities_of
from helpdesk.ports.identity import Identity
from helpdesk.ports.repositories import SignIn
from helpdesk.ports.system import Clock
from helpdesk.templating import template_cases
from helpdesk.wiring import use_cases
from tests.support.memory import memory_opening
from tests.support.office import Office

PORTS: Final = (
    *("store", "outbox", "board", "directory", "journey", "feed", "broker"),
    *("media", "conversion", "dead_letters", "leases", "push"),
)
PHONE: Final = "+5511987654321"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self
        code: str = self.json["code"]
        return code

    @property
    def fields(self) -> set[str]:
        """The fields that a problem names."""
        return {it["field"] for it in self.json["errors"]}


@dataclass(slots=True)
class Site:
    client: TestClient[Request, Application]
    office: Office
    cases: UseCases
    http: Cases
    options: HttpOptions
    _tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, of: Attendant) -> str:
        """Sign somebody in, without a password."""
        token = self._tokens.setdefault(of.name, f"token-of-{of.name}")
        sign_in = SignIn(
            token_hash=token_hash(token),
            attendant_id=of.id,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        async with self.office.store.transaction() as work:
            await work.sign_ins.open(sign_in)
        return token

    async def call(
        self,
        route: str,
        *,
        by: Attendant | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """Ask like "GET /v1/me"; `by` sends a bearer token."""
        method, _, path = route.partition(" ")
        sent = {"Authorization": f"Bearer {await self.token(by)}"} if by else {}
        sent |= dict(headers or {})
        more.setdefault("allow_redirects", False)
        async with self.client.request(method, path, headers=sent, **more) as it:
            return Answer(it.status, it.headers.copy(), await it.read())

    def another(self, http: Cases | None = None) -> Application:
        """The same site, or one with other use cases, as an application that nobody serves yet."""
        probes = replace(self.options.probes, registry=CollectorRegistry())
        return make_app(http or self.http, replace(self.options, probes=probes))

    async def relay(self) -> None:
        """Push to the feed what was committed."""
        while await self.cases.relay_to_feed().once():
            pass

    async def waiting(self, text: str = "Olá") -> Attendance:
        """A new client's attendance in the queue of sales."""
        heard, _ = await self.office.hear(await self.office.attend(), text)
        return heard

    async def held_by(self, attendant: Attendant) -> Attendance:
        """An attendance of sales that somebody answers."""
        answered, _ = await self.office.answer(await self.waiting(), attendant)
        return answered


async def ready() -> Mapping[str, str | None]:
    return {"store": None}


def listening(cases: UseCases, identity: Identity) -> GrantLive:
    """Let dashboards listen elsewhere."""
    return GrantLive(store=cases.store(), feed=cases.feed(), now=cases.now(), identity=identity)


def http_cases(cases: UseCases, phones: PlayPhone | None, identity: Identity | None) -> Cases:
    """All that the API can be asked; numbers have the simulator's templates."""
    added = template_cases(cases, SampleTemplates())
    ours = {"play_phone", "grant_live", "watch_live"}
    names = {it.name for it in dataclasses.fields(Cases)} - {*ours, *added}
    return Cases(
        **{it: getattr(cases, it)() for it in names},
        **added,
        play_phone=phones,
        grant_live=listening(cases, identity) if identity else None,
        watch_live=watch_live(cases) if identity else None,
    )


@asynccontextmanager
async def open_site(
    *,
    simulator: bool = True,
    probes: Probes | None = None,
    identity: Identity | None = None,
    now: Clock | None = None,
    opening: Callable[[], AbstractAsyncContextManager[Opening]] = memory_opening,
    **options: Any,
) -> AsyncIterator[Site]:
    """Serve in this process."""
    async with opening() as opened:
        cases = await use_cases(opened, *PORTS)
        if now:
            cases.now.override(providers.Object(now))
        # As the real ones, but a thousand times as fast.
        passwords = Argon2Passwords(parameters=CHEAPEST)
        cases.passwords.override(providers.Object(passwords))
        play_phone = PlayPhone(
            simulator=await opened.port("simulator"),
            media=await opened.port("media"),
            now=cases.now(),
            new_id=cases.new_id(),
        )
        http = http_cases(cases, play_phone if simulator else None, identity)
        defaults: dict[str, Any] = {
            "base_url": "http://127.0.0.1:8080",
            "probes": probes or Probes(ready=ready),
            "version": "1.2.3",
            "abilities": capabilities_of,
            "static": Path("/nonexistent"),
        }
        wanted = HttpOptions(**(defaults | options))
        office = await Office(store=await opened.port("store")).furnish()
        # No cookies are kept: a test says what it sends.
        jar = aiohttp.DummyCookieJar()
        server = TestServer(make_app(http, wanted))
        await server.start_server(max_line_size=LONGEST_LINE)
        async with TestClient(server, cookie_jar=jar) as client:
            yield Site(client, office, cases, http, wanted)
