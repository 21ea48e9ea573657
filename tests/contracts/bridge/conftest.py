"""A peer for each bridge; the adapters of the store that keeps its state are those of all."""

import pytest

from helpdesk.opening import Opening
from tests.support.clock import StoppedClock
from tests.support.phone_peer import (
    PhonePeer,
    SimulatorPeer,
    Sink,
)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def peer(opening: Opening, clock: StoppedClock) -> PhonePeer:
    return SimulatorPeer(await opening.port("simulator"), clock)


@pytest.fixture
def sink() -> Sink:
    return Sink()
