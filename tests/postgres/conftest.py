"""Ports of the postgres adapter, on a database of their own."""

from collections.abc import AsyncIterator

import pytest

from helpdesk.opening import Opening
from helpdesk.ports.store import Store
from tests.support.office import Office
from tests.support.postgres import postgres_opening


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/postgres/" in item.path.as_posix():
            item.add_marker(pytest.mark.postgres)


@pytest.fixture
async def opening() -> AsyncIterator[Opening]:
    async with postgres_opening() as it:
        yield it


@pytest.fixture
async def store(opening: Opening) -> Store:
    it: Store = await opening.port("store")
    return it


@pytest.fixture
async def office(store: Store) -> Office:
    return await Office(store).furnish()
