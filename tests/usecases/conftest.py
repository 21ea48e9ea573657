"""One firm for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.support.team import Firm, a_firm


@pytest.fixture
async def firm() -> AsyncIterator[Firm]:
    async with a_firm() as it:
        yield it
