"""The same history in memory and in PostgreSQL: the same answers, the same refusals, the same end.

Without this the tests that use memory would say little about what runs.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from copy import copy
from datetime import timedelta
from itertools import count, product
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.errors import DomainError
from helpdesk.domain.views import AttendanceFilter
from helpdesk.opening import Opening
from helpdesk.ports.board import Board
from helpdesk.ports.directory import Directory
from helpdesk.ports.outbox import Destination, Outbox
from tests.support.builders import a_sector
from tests.support.clock import NOON
from tests.support.memory import memory_opening
from tests.support.office import Office
from tests.support.postgres import postgres_opening
from tests.support.steps import STEPS, Nothing, World

Drawn: TypeAlias = tuple[str, int, int]
Unit: TypeAlias = tuple[bool, list[Drawn]]  # whether it fails in the end, and its steps

# What makes something is drawn more often than what needs it.
NAMES = [*STEPS, *["obtain", "begin", "hear"] * 4, *["answer", "take", "hand_over"] * 2]
DRAWN = st.tuples(st.sampled_from(NAMES), st.integers(0, 5), st.integers(0, 5))
UNITS = st.tuples(st.integers(0, 9).map(lambda n: n == 0), st.lists(DRAWN, min_size=1, max_size=3))
EXAMPLES = count(1)
PRELUDE: Unit = (
    False,
    [(name, n, n) for name in ("obtain", "begin", "hear", "answer") for n in range(3)],
)


class UndoneError(Exception):
    """The unit of work was drawn to fail."""


class Both(tuple[Opening, Opening]):
    """Memory's ports and PostgreSQL's."""

    __slots__ = ()

    def __repr__(self) -> str:  # a failing example is told with it
        return "both"


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    async with memory_opening() as memory, postgres_opening() as postgres:
        yield Both((memory, postgres))


@pytest.mark.postgres
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(UNITS, min_size=5, max_size=30))
async def test_memory_and_postgres_go_in_step(both: Both, history: list[Unit]) -> None:
    worlds = await two_worlds(both)
    for unit in [PRELUDE, *history]:
        one, other = [await outcome(it, unit) for it in worlds]
        assert one[1:] == other[1:]
        worlds = [one[0], other[0]]
    one_end, other_end = [await seen(it, world) for it, world in zip(both, worlds, strict=True)]
    assert one_end == other_end


async def two_worlds(both: Both) -> list[World]:
    """Make the same office in both, unknown to those of the examples before."""
    example = next(EXAMPLES)
    memory, postgres = [await it.port("store") for it in both]
    office = Office(memory, sales=a_sector("Sales"))
    twin = copy(office)
    twin.store = postgres
    return [World(await it.furnish(), example) for it in (office, twin)]


async def outcome(world: World, unit: Unit) -> tuple[World, str, object]:
    """Take the steps of one unit of work; what they answered, or how they failed."""
    fails, steps = unit
    after = world.fork()
    answers = []
    try:
        async with world.office.store.transaction() as work:
            for name, n, m in steps:
                with suppress(Nothing):
                    answers.append(await STEPS[name](work, after, n, m))
            if fails:
                raise UndoneError
    except (DomainError, UndoneError) as error:
        # A refusal may come at once or when the block ends, after another one.
        return world, "failed", None if fails or len(steps) > 1 else type(error)
    return after, "done", answers


async def seen(opening: Opening, world: World) -> list[object]:
    """Look at everything that people and relays can see; cursors are each adapter's own."""
    directory: Directory = await opening.port("directory")
    everything: list[object] = [await told(await opening.port("outbox"))]
    everything += await shown(await opening.port("board"), world)
    everything += [await directory.client(id) for id in world.clients]
    found = await directory.clients(f"{world.example}-", cursor=None, limit=100)
    everything.append(found.items)
    everything.append(await directory.attendants(online_since=NOON + timedelta(minutes=5)))
    return everything


async def shown(board: Board, world: World) -> list[object]:
    lists: list[object] = []
    office = world.office
    for viewer in office.team:
        lists.append(await board.counts(viewer))
        for sector, mine in product([office.sales, office.support], [False, True]):
            which = AttendanceFilter(mine=mine, sector_id=sector.id)
            page = await board.attendances(viewer, which, cursor=None, limit=100)
            lists.append(page.items)
        found = await board.search(viewer, f"ola {world.example}-", cursor=None, limit=100)
        lists.append(found.items)
    for id in world.attendances:
        lists.append(await board.history(id))
        lists.append((await board.messages(id, before=None, limit=100)).items)
    return lists


async def told(outbox: Outbox) -> Sequence[object]:
    """Read and settle what the relays would pass on."""
    entries = [
        it for destination in Destination for it in await outbox.pending(destination, limit=10_000)
    ]
    await outbox.settle([it.position for it in entries])
    return [it.envelope.event for it in entries]
