"""A peer for each bridge; the simulator's keeps its state in any store."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import aiohttp
import pytest

from helpdesk.opening import Opening
from tests.support.clock import StoppedClock
from tests.support.graph.peer import CloudPeer
from tests.support.graph.server import FakeGraph
from tests.support.memory import memory_opening
from tests.support.phone_peer import PhonePeer, Sink
from tests.support.postgres import postgres_opening
from tests.support.simulator_peer import SimulatorPeer
from tests.support.whatsapp_web.peer import VenomPeer
from tests.support.whatsapp_web.stage import Stage

Installation: TypeAlias = Callable[[], AbstractAsyncContextManager[Opening]]
VENOM = [pytest.mark.venom, pytest.mark.slow, pytest.mark.xdist_group("venom")]
PEERS = [
    pytest.param(memory_opening, id="memory"),
    pytest.param(postgres_opening, id="postgres", marks=pytest.mark.postgres),
    pytest.param("cloud", id="cloud"),
    pytest.param(None, id="venom", marks=VENOM),
]


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(params=PEERS)
async def peer(request: pytest.FixtureRequest, clock: StoppedClock) -> AsyncIterator[PhonePeer]:
    if request.param == "cloud":
        async with _cloud(clock) as it:
            yield it
        return
    if request.param is None:
        stage: Stage = request.getfixturevalue("stage")
        await stage.set(clock)
        yield VenomPeer(stage, clock)
        return
    async with _simulator(request.param, clock) as it:
        yield it


@asynccontextmanager
async def _simulator(installed: Installation, clock: StoppedClock) -> AsyncIterator[PhonePeer]:
    async with installed() as opening:
        yield SimulatorPeer(await opening.port("simulator"), clock)


@asynccontextmanager
async def _cloud(clock: StoppedClock) -> AsyncIterator[CloudPeer]:
    fake = FakeGraph()
    await fake.up()
    try:
        async with memory_opening() as opening, aiohttp.ClientSession() as http:
            yield CloudPeer(fake, http, await opening.port("media"), clock)
    finally:
        await fake.close()


@pytest.fixture
def sink() -> Sink:
    return Sink()
