"""Bots and sessions: each is held by one bot at a time, and in trouble alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pytest

from helpdesk.configuration import SettingsError
from helpdesk.domain.bridge import Report, StateReported, TypingShown
from helpdesk.domain.change import Event
from helpdesk.domain.dead_letter import DeadLetter
from helpdesk.domain.errors import ConflictError, UnavailableError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import Session, SessionState
from helpdesk.holding import Holder, Terms
from helpdesk.ports.bridge import Bridge, Sink
from helpdesk.ports.broker import INBOUND, commands_of
from helpdesk.ports.leases import lease_of
from helpdesk.ports.outbox import Envelope
from helpdesk.sessions import GatherDead, HoldSessions, ServeSession, forwarding, serving
from tests.support.builders import PHONE, a_session, fresh
from tests.support.clock import NOON
from tests.support.team import Firm, a_firm
from tests.usecases.paper_bridge import PaperBridge

PATIENCE: Final = 60.0  # seconds; nothing is judged by its speed


@dataclass
class Numbers:
    """Our numbers as WhatsApp knows them: which bot is connected to each."""

    connected: dict[SessionId, list[str]] = field(default_factory=dict)
    typed: list[tuple[str, SessionId]] = field(default_factory=list)
    most: int = 0
    connections: int = 0  # so far
    broken: set[SessionId] = field(default_factory=set)


@dataclass(kw_only=True)
class Wire(PaperBridge):
    """A bridge of one bot to one of the numbers."""

    numbers: Numbers
    bot: str
    session: SessionId
    preset: bool = False

    async def run(self, sink: Sink) -> None:
        if self.session in self.numbers.broken:
            raise RuntimeError("broken")
        bots = self.numbers.connected.setdefault(self.session, [])
        bots.append(self.bot)
        self.numbers.connections += 1
        self.numbers.most = max(self.numbers.most, len(bots))
        try:
            await sink(StateReported(at=NOON, session_id=self.session, state=CONNECTED))
            await asyncio.Event().wait()
        finally:
            bots.remove(self.bot)

    async def set_typing(self, address: Identity) -> None:
        self.numbers.typed.append((self.bot, self.session))


CONNECTED: Final = SessionState.CONNECTED


@dataclass
class World:
    firm: Firm
    numbers: Numbers = field(default_factory=Numbers)
    reports: list[Report] = field(default_factory=list)
    tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    def start(self, bot: str, *, mine: Callable[[Session], bool] = lambda _: True) -> None:
        """Start a bot; they share store, broker and leases."""

        async def open_bridge(session: Session) -> Bridge:
            if session.bridge == "strange":
                raise SettingsError("bridge = 'strange': there is no such adapter.")
            return Wire(numbers=self.numbers, bot=bot, session=session.id)

        hold = HoldSessions(
            store=self.firm.store,
            holder=Holder(leases=self.firm.cases.leases(), owner=bot),
            terms=Terms.of(1.0),
            mine=mine,
            serve=ServeSession(
                broker=self.firm.cases.broker(),
                open_bridge=open_bridge,
                forward=self.firm.cases.forward_report(),
                forwarding=partial(forwarding, self.firm.cases),
                serving=partial(serving, self.firm.cases),
                now=self.firm.now,
                tell_again=0.05,
            ),
            look_again=0.05,
        )
        self.tasks[bot] = asyncio.create_task(hold())

    async def stop(self, bot: str) -> None:
        self.tasks[bot].cancel()
        await asyncio.wait({self.tasks[bot]})

    async def add(self, name: str, **properties: str) -> Session:
        session = a_session(name, **properties)
        await self.firm.office.keep(session)
        return session

    def bots_of(self, session: Session) -> list[str]:
        return self.numbers.connected.get(session.id, [])

    async def hear(self, envelope: Envelope) -> None:
        assert isinstance(envelope.event, Report)
        self.reports.append(envelope.event)

    async def types(self, session: Session) -> bool:
        """Let somebody type; False while nobody serves the session."""
        event: Event = TypingShown(at=NOON, session_id=session.id, address=PHONE)
        envelope = Envelope(id=fresh(), event=event, correlation="c")
        try:
            await self.firm.cases.broker().publish(commands_of(session.id), envelope, key="k")
        except UnavailableError:
            return False
        return True


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_firm() as firm, AsyncExitStack() as stack:
        it = World(firm)
        await stack.enter_async_context(firm.cases.broker().serve(INBOUND, it.hear))
        yield it
        for bot in it.tasks:
            await it.stop(bot)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


async def test_one_bot_serves_every_session_and_new_ones_as_they_come(world: World) -> None:
    first = world.firm.office.session
    second = await world.add("Second")
    world.start("a")
    await until(lambda: world.bots_of(first) == world.bots_of(second) == ["a"])
    third = await world.add("Third")
    await until(lambda: world.bots_of(third) == ["a"])
    assert await world.types(third)
    assert world.numbers.typed == [("a", third.id)]
    assert {it.session_id for it in world.reports} == {first.id, second.id, third.id}


async def test_commands_that_die_are_kept_also_of_a_session_that_is_new(world: World) -> None:
    letters = asyncio.Queue[DeadLetter]()
    broker = world.firm.cases.broker()
    gather = GatherDead(store=world.firm.store, broker=broker, keep=letters.put, look_again=0.05)
    task = asyncio.create_task(gather())
    new = await world.add("New")
    for session in (world.firm.office.session, new):
        async with broker.serve(commands_of(session.id), _refuse), asyncio.timeout(PATIENCE):
            while not await world.types(session):
                await asyncio.sleep(0.01)
        assert letters.get_nowait().queue == commands_of(session.id)
    task.cancel()
    await asyncio.wait({task})


async def _refuse(_: Envelope) -> None:
    raise ConflictError


async def test_what_is_connected_says_so_again_and_again(world: World) -> None:
    session = world.firm.office.session
    world.start("a")
    await until(lambda: len(world.reports) > 3)
    told = {(it.session_id, it.state) for it in world.reports if isinstance(it, StateReported)}
    assert told == {(session.id, CONNECTED)}


async def test_of_two_bots_one_serves_and_the_other_takes_over(world: World) -> None:
    session = world.firm.office.session
    world.start("a")
    await until(lambda: world.bots_of(session) == ["a"])
    world.start("b")
    await asyncio.sleep(0.3)
    assert await world.types(session)
    await world.stop("a")
    await until(lambda: world.bots_of(session) == ["b"])
    assert await world.types(session)
    assert [bot for bot, _ in world.numbers.typed] == ["a", "b"]
    assert world.numbers.most == 1


async def test_many_sessions_are_shared_out_and_none_is_held_twice(world: World) -> None:
    for n in range(6):
        await world.add(str(n))
    for bot in ("a", "b", "c"):
        world.start(bot)
    await until(lambda: sum(map(len, world.numbers.connected.values())) == 7)
    await world.stop("b")
    await until(lambda: sum(map(len, world.numbers.connected.values())) == 7)
    assert world.numbers.most == 1


async def test_a_bot_serves_only_the_bridges_that_it_is_told_to(world: World) -> None:
    session, other = world.firm.office.session, await world.add("Other", bridge="other")
    world.start("a", mine=lambda it: it.bridge == "other")
    await until(lambda: world.bots_of(other) == ["a"])
    assert world.bots_of(session) == []


async def test_a_bridge_that_fails_is_run_again_and_disturbs_no_other(world: World) -> None:
    session, broken = world.firm.office.session, await world.add("Broken")
    world.numbers.broken.add(broken.id)
    world.start("a")
    await until(lambda: world.bots_of(session) == ["a"])
    await asyncio.sleep(0.2)
    assert world.bots_of(broken) == []
    world.numbers.broken.clear()
    await until(lambda: world.bots_of(broken) == ["a"])


async def test_a_session_whose_adapter_is_unknown_says_so(world: World) -> None:
    strange = await world.add("Strange", bridge="strange")
    world.start("a")

    def failed() -> list[str]:
        mine = (it for it in world.reports if it.session_id == strange.id)
        return [it.reason for it in mine if isinstance(it, StateReported)]

    await until(failed)
    assert failed()[0] == "bridge = 'strange': there is no such adapter."
    await until(lambda: world.bots_of(world.firm.office.session) == ["a"])


async def test_a_bot_that_was_succeeded_is_cut_off(world: World) -> None:
    session = world.firm.office.session
    world.start("a")
    await until(lambda: world.bots_of(session) == ["a"])
    thief = await world.firm.cases.leases().acquire(lease_of(session.id), owner="a", seconds=60)
    assert thief is not None  # as if "a" had slept, and another had come and gone
    await until(lambda: world.numbers.connections == 2 and world.bots_of(session) == ["a"])
    assert world.numbers.most == 1


async def test_a_session_that_is_not_a_bot_s_any_more_is_let_go_and_may_come_back(
    world: World,
) -> None:
    session, wanted = world.firm.office.session, True
    world.start("a", mine=lambda _: wanted)
    await until(lambda: world.bots_of(session) == ["a"])
    wanted = False
    await until(lambda: world.bots_of(session) == [])
    wanted = True
    await until(lambda: world.bots_of(session) == ["a"])


async def test_what_is_held_outlives_a_store_that_does_not_answer(world: World) -> None:
    session, looked = world.firm.office.session, 0

    def mine(_: Session) -> bool:
        nonlocal looked
        looked += 1
        if looked in range(3, 6):
            raise UnavailableError("no database")
        return True

    world.start("a", mine=mine)
    await until(lambda: world.bots_of(session) == ["a"])
    task = world.tasks["a"]
    await until(lambda: looked > 8)
    assert world.bots_of(session) == ["a"]
    assert not task.done()
    assert world.numbers.most == 1
