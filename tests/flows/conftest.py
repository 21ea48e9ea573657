"""One real server for all flows with usual settings, and somebody who visits it."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from typing import Final

import pytest

from tests.support.desk import Desk, Phone, Visitor, visiting
from tests.support.server import Server, running

FIRST_NUMBER: Final = 5511_30_00_00_00  # landlines: no ninth digit comes into it
_NUMBERS: Final = count(FIRST_NUMBER)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("flows") / "data") as it:
        yield it


@pytest.fixture
async def visitor(server: Server) -> AsyncIterator[Visitor]:
    async with visiting(server) as it:
        yield it


@pytest.fixture
async def desk(visitor: Visitor) -> Desk:
    """The first admin's."""
    return await visitor.desk()


@pytest.fixture
def phone(visitor: Visitor) -> Phone:
    """Somebody who never wrote before."""
    return visitor.phone(new_number())


def new_number() -> str:
    """A number that no test had before, as clients of the API spell it."""
    return f"+{next(_NUMBERS)}"
