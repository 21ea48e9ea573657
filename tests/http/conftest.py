"""A site for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.http.site import Site, open_site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as it:
        yield it


@pytest.fixture
async def pulsing() -> AsyncIterator[Site]:
    """A site whose heart beats twenty times a second."""
    async with open_site(heartbeat_seconds=0.05) as it:
        yield it
