"""Every use case, wired to memory and a stopped clock, with a small firm to work in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from dependency_injector import providers

from helpdesk.adapters.wire import trail
from helpdesk.container import UseCases
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.care import Care
from helpdesk.domain.change import Event
from helpdesk.domain.client import Client
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendanceId, MessageId
from helpdesk.domain.message import Content, Kind, Message
from helpdesk.domain.sector import Policy, Sector
from helpdesk.domain.silence import Silence
from helpdesk.domain.views import AttendanceFilter
from helpdesk.filing import Filing
from helpdesk.meters import Meters
from helpdesk.opening import bridges_here, capabilities_of, is_bridge
from helpdesk.ports.board import Board
from helpdesk.ports.directory import Directory
from helpdesk.ports.feed import Feed
from helpdesk.ports.leases import Lease
from helpdesk.ports.outbox import Destination, Outbox
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.store import Store
from helpdesk.settings import Settings
from tests.support.builders import fresh, phone
from tests.support.clock import StoppedClock
from tests.support.memory import memory_opening
from tests.support.office import Office

Kept = TypeVar("Kept", bound=Event)

LINK: Final = "https://desk.example.com/f/"
ALL: Final = 100_000
PORTS: Final = (
    *("store", "outbox", "board", "directory", "feed", "ticks", "leases", "journey", "broker"),
    *("media", "conversion", "dead_letters", "push"),
)


class PlainPasswords:
    """Hides nothing and costs nothing, but counts what it would have cost."""

    def __init__(self) -> None:
        self.worked = 0  # hashings and comparisons: each takes the same time

    async def hash(self, password: str) -> str:
        self.worked += 1
        await asyncio.sleep(0.01)  # others go on meanwhile, as they do
        return f"hash of {password}"

    async def verify(self, hashed: str, password: str) -> bool:
        self.worked += 1
        return hashed == f"hash of {password}"


class Tokens:
    """Secrets that a test can guess: secret-token-1, secret-token-2."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        return f"secret-token-{next(self._numbers)}"


@dataclass(slots=True)
class Firm:
    """An office and all that can be done in it; sectors are served by hand until told otherwise."""

    office: Office
    cases: UseCases
    now: StoppedClock
    passwords: PlainPasswords
    simulator: Simulator

    @property
    def store(self) -> Store:
        return self.cases.store()

    @property
    def outbox(self) -> Outbox:
        return self.cases.outbox()

    @property
    def board(self) -> Board:
        return self.cases.board()

    @property
    def directory(self) -> Directory:
        return self.cases.directory()

    @property
    def feed(self) -> Feed:
        return self.cases.feed()

    async def told(self, *kinds: type[Kept]) -> list[Kept]:
        """List events of these kinds that were committed and not relayed, oldest first."""
        entries = [e for it in Destination for e in await self.outbox.pending(it, limit=ALL)]
        events = [it.envelope.event for it in sorted(entries, key=lambda it: it.position)]
        return [it for it in events if isinstance(it, kinds)]

    async def settle(self) -> None:
        """Forget all that was told so far."""
        for it in Destination:
            entries = await self.outbox.pending(it, limit=ALL)
            await self.outbox.settle([entry.position for entry in entries])

    async def attendance(self, id: AttendanceId) -> Attendance:
        return (await self.board.attendance(id)).attendance

    async def attendances(self) -> list[Attendance]:
        page = await self.board.attendances(
            self.office.dora, AttendanceFilter(), cursor=None, limit=ALL
        )
        return [it.attendance for it in page.items]

    async def message(self, id: MessageId) -> Message:
        return (await self.board.message(id)).message

    async def messages(self, of: AttendanceId) -> list[Message]:
        """List an attendance's messages by position."""
        page = await self.board.messages(of, before=None, limit=ALL)
        return [it.message for it in page.items]

    async def clients(self) -> list[Client]:
        return list((await self.directory.clients("", cursor=None, limit=ALL)).items)

    def report(self, *sender: Identity, text: str = "Olá", **properties: Any) -> InboundMessage:
        """What a bridge says when somebody wrote."""
        defaults: dict[str, Any] = {
            "session_id": self.office.session.id,
            "provider_id": f"wa-{fresh()}",
            "sender_name": "João",
            "sent_at": self.now(),
        }
        return InboundMessage(
            at=self.now(),
            sender=sender or (phone(1),),
            content=Content(Kind.TEXT, text),
            **(defaults | properties),
        )

    async def waiting(self, sector: Sector | None = None, *, text: str = "Olá") -> Attendance:
        """Let somebody new write and wait."""
        opened = await self.office.attend(sector=sector, at=self.now())
        return (await self.office.hear(opened, text, at=self.now()))[0]

    async def held(self, by: Attendant, sector: Sector | None = None) -> Attendance:
        """Let somebody new write and `by` take it."""
        it = await self.waiting(sector)
        taken = it.take(by.id, at=self.now())
        await self.office.save(taken)
        return taken.state

    async def lease(self, by: str = "bot") -> Lease:
        """The lease of the session, for a bot; anew, when it is the bot's already."""
        lease = await self.cases.leases().acquire("session", owner=by, seconds=60)
        assert lease
        return lease

    async def change(self, sector: Sector, **properties: Any) -> Sector:
        changed = replace(sector, **properties)
        await self.office.keep(changed)
        return changed

    async def route(self, sector: Sector) -> Sector:
        """Let routing assign what comes to the sector."""
        return await self.change(sector, policy=Policy.LEAST_BUSY)

    async def hire(self, name: str, *sectors: Sector, **properties: Any) -> Attendant:
        """Add an attendant to the sectors."""
        ids = frozenset(it.id for it in sectors)
        defaults: dict[str, Any] = {"id": fresh(), "email": f"{name.lower()}@example.com"}
        hired = replace(self.office.ana, name=name, sectors=ids, **(defaults | properties))
        await self.office.keep(hired)
        return hired

    async def come(self, *attendants: Attendant) -> None:
        """Open a dashboard."""
        for it in attendants:
            await self.cases.presence().beat(it.id, "tab")

    def later(self, **by: float) -> datetime:
        return self.now.advance(**by)


@asynccontextmanager
async def a_firm(*, furnished: bool = True) -> AsyncIterator[Firm]:
    """Open an office in memory and wire every use case to it; unfurnished, nobody is there."""
    now, passwords = StoppedClock(), PlainPasswords()
    async with memory_opening() as opening:
        ports = {it: await opening.port(it) for it in PORTS}
        constants = {
            "passwords": passwords,
            "correlation": str,  # nobody said: empty
            "now": now,
            "new_id": fresh,
            "new_token": Tokens(),
            "draw": lambda text: f"a picture of {text}".encode(),
            "silence": Silence(),
            "base_url": LINK.removesuffix("/f/"),
            "feedback_message": "Como foi? {link}",
            "abilities": capabilities_of,
            "is_a_bridge": is_bridge,
            "bridges": bridges_here(Settings()),
            "bridge_name": "whatsapp.simulator",
            "sector_name": "Atendimento",
            "keep_feed": timedelta(hours=48),
            "keep_claims": timedelta(days=14),
            "keep_journeys": timedelta(days=30),
            "way_here": trail.current,
            "process": "firm@test:1",
            "filing": Filing.of(Settings()),
            "alert_grace": timedelta(minutes=2),
            "care": Care(),
            "watch": Meters().watch,
            "lost": Meters().lost,
        }
        cases = UseCases(**{k: providers.Object(v) for k, v in (ports | constants).items()})
        office = Office(cases.store())
        office.sales = replace(office.sales, policy=Policy.MANUAL)
        if furnished:
            await office.furnish()
        simulator: Simulator = await opening.port("simulator")
        yield Firm(office, cases, now, passwords, simulator)
