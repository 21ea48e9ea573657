"""What tests of the Cloud API's adapter stand on."""

from collections.abc import AsyncIterator

import pytest

from tests.support.graph.server import FakeGraph


@pytest.fixture
async def fake() -> AsyncIterator[FakeGraph]:
    """A Graph server, on loopback."""
    it = FakeGraph()
    await it.up()
    yield it
    await it.close()
