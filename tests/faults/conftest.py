"""A real server for each test that breaks things."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.desk import Visitor, visiting
from tests.support.server import Server, running

SETTINGS: Final = {
    "HELPDESK__TELEMETRY__LEVEL": "warning",  # a load with faults logs much
    "HELPDESK__POSTGRES__TIMEOUT_SECONDS": "2",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data", **SETTINGS) as it:
        yield it


@pytest.fixture
async def visitor(server: Server) -> AsyncIterator[Visitor]:
    async with visiting(server) as it:
        yield it
