"""The same history in memory and in PostgreSQL: the same answers, the same refusals, the same end.

Without this the tests that use memory would say little about what runs.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from copy import copy
from datetime import timedelta
from itertools import count
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.errors import DomainError
from helpdesk.domain.views import AttendanceFilter
from helpdesk.opening import Opening
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


@pytest.fixture
async def both() -> AsyncIterator[tuple[Opening, Opening]]:
    async with memory_opening() as memory, postgres_opening() as postgres:
        yield memory, postgres


@pytest.mark.postgres
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(UNITS, min_size=5, max_size=30))
async def test_memory_and_postgres_go_in_step(
    both: tuple[Opening, Opening], history: list[Unit]
) -> None:
    worlds = await two_worlds(both)
    for unit in [PRELUDE, *history]:
        one, other = [await outcome(it, unit) for it in worlds]
        assert one[1:] == other[1:]
        worlds = [one[0], other[0]]
    one_end, other_end = [await seen(it, world) for it, world in zip(both, worlds, strict=True)]
    assert one_end == other_end


async def two_worlds(both: tuple[Opening, Opening]) -> list[World]:
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
        return world, "failed", type(error) if len(steps) == 1 else None
    return after, "done", answers


async def seen(opening: Opening, world: World) -> list[object]:
    """Look at everything that people and relays can see."""
    board, directory = await opening.port("board"), await opening.port("directory")
    everything: list[object] = [await told(await opening.port("outbox"))]
    for viewer in world.office.team:
        everything.append(await board.counts(viewer))
        everything.append(await board.search(viewer, "ola", cursor=None, limit=100))
        for mine in (False, True):
            which = AttendanceFilter(mine=mine)
            everything.append(await board.attendances(viewer, which, cursor=None, limit=100))
    for id in world.attendances:
        everything.append(await board.history(id))
        everything.append(await board.messages(id, before=None, limit=100))
    everything += [await directory.client(id) for id in world.clients]
    everything.append(await directory.clients(f"{world.example}-", cursor=None, limit=100))
    everything.append(await directory.attendants(online_since=NOON + timedelta(minutes=5)))
    return everything


async def told(outbox: Outbox) -> Sequence[object]:
    """Read and settle what the relays would pass on."""
    entries = [
        it for destination in Destination for it in await outbox.pending(destination, limit=10_000)
    ]
    await outbox.settle([it.position for it in entries])
    return [it.envelope.event for it in entries]
