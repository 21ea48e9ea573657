"""The simulator's bridge when its own store fails, and under load."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.memory.simulator import MemorySimulator
from helpdesk.adapters.whatsapp.simulator.upstream import UNDER_WAY
from helpdesk.domain.bridge import InboundMessage, StateReported, TypingReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.simulator import News
from helpdesk.neighbours import SimulatorSettings
from helpdesk.opening import abilities_in
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.simulator import Account
from helpdesk.settings import Settings
from tests.support.builders import a_session
from tests.support.clock import StoppedClock
from tests.support.memory import memory_opening
from tests.support.phone_peer import Sink, eventually, running, texts
from tests.support.phones import told
from tests.support.simulator_peer import SimulatorPeer


def test_a_number_of_the_simulator_has_a_window_where_it_is_told_to() -> None:
    for told_to in (True, False):
        settings = Settings(simulator=SimulatorSettings(window_24h=told_to))
        assert abilities_in(settings)("whatsapp.simulator").window_24h is told_to
        assert abilities_in(settings)("whatsapp.cloud").window_24h


class FailingAccount:
    """Fails as often as it is told, then does what the account it stands for does."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.readings_to_fail = 0
        self.acknowledgements_to_fail = 0
        self.deliver = account.deliver
        self.mark_read = account.mark_read
        self.show_typing = account.show_typing

    async def news(self, *, limit: int, but: Sequence[int] = (), at: datetime) -> list[News]:
        if self.readings_to_fail:
            self.readings_to_fail -= 1
            raise UnavailableError
        return await self._account.news(limit=limit, but=but, at=at)

    async def acknowledge(self, positions: Sequence[int]) -> None:
        if self.acknowledgements_to_fail:
            self.acknowledgements_to_fail -= 1
            raise UnavailableError
        await self._account.acknowledge(positions)


class FailingSimulator(MemorySimulator):
    def __init__(self) -> None:
        super().__init__()
        self.failing = FailingAccount(self.account)
        self.account = self.failing  # type: ignore[assignment]  # it fits the same port


@pytest.fixture
def simulator() -> FailingSimulator:
    return FailingSimulator()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def peer(simulator: FailingSimulator, clock: StoppedClock) -> SimulatorPeer:
    return SimulatorPeer(simulator, clock)


@pytest.fixture
def sink() -> Sink:
    return Sink()


async def test_news_that_could_not_be_read_are_read_later(
    simulator: FailingSimulator, peer: SimulatorPeer, sink: Sink
) -> None:
    simulator.failing.readings_to_fail = 1
    await peer.say("oi")
    with capture_logs() as logs:
        async with running(peer.bridge(), sink):
            await sink.has(InboundMessage)
    assert [it["event"] for it in logs] == ["news_not_read"]


async def test_news_that_could_not_be_acknowledged_are_not_handed_on_twice(
    simulator: FailingSimulator, peer: SimulatorPeer, sink: Sink
) -> None:
    simulator.failing.acknowledgements_to_fail = 1

    async def acknowledged() -> bool:
        return await told(simulator) == []

    with capture_logs() as logs:
        async with running(peer.bridge(), sink):
            await peer.say("1")
            await sink.has(InboundMessage)
            await peer.say("2")
            await eventually(acknowledged)
    assert texts(sink) == ["1", "2"]
    assert [it["event"] for it in logs] == ["news_not_acknowledged"]


async def test_many_more_messages_than_fit_at_once_all_come_once_and_in_order(
    simulator: FailingSimulator, peer: SimulatorPeer, sink: Sink
) -> None:
    said = [str(n) for n in range(UNDER_WAY * 2 + 100)]
    for text in said:
        await peer.say(text)
    async with running(peer.bridge(), sink):
        await sink.has(InboundMessage, len(said))
    assert texts(sink) == said


async def test_typing_of_long_ago_is_not_told(
    simulator: FailingSimulator, peer: SimulatorPeer, sink: Sink, clock: StoppedClock
) -> None:
    await peer.type(True)
    clock.advance(seconds=60)

    async def forgotten() -> bool:
        return await told(simulator) == []

    async with running(peer.bridge(), sink):
        await eventually(forgotten)
    assert sink.of(TypingReported) == []


async def test_the_configured_bridge_and_broker_can_be_opened() -> None:
    async with memory_opening() as opening:
        bridge: Bridge = (await opening.port("bridge"))(a_session())
        broker = await opening.port("broker")
        async with broker.serve(INBOUND, lambda _: asyncio.sleep(0)):
            sink = Sink()
            async with running(bridge, sink):
                await sink.has(StateReported)
