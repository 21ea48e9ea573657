"""The database dies, hangs, or has no room: the helpdesk says so, and goes on when it is back."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Final

import pytest

from tests.faults.judgement import judge
from tests.faults.load import Load, Witness, load_of
from tests.support.desk import Visitor, eventually
from tests.support.server import Server

SEED: Final = 7


async def works_again(load: Load) -> None:
    """Wait until promises are made again."""
    before = load.promises

    async def since() -> int:
        return load.promises - before

    await eventually(since, lambda it: it > 20, patience=60)


async def test_a_database_that_is_killed_again_and_again_costs_nothing_but_time(
    server: Server, visitor: Visitor
) -> None:
    load = await load_of(visitor, SEED)
    witness, pid = Witness(load.desk), server.pid
    async with witness.watching():
        async with load.going_on():
            for _ in range(5):
                await works_again(load)
                os.kill(server.postmaster(), signal.SIGKILL)
                await asyncio.sleep(0.1)
            await works_again(load)
        await judge(load, witness)
    assert server.pid == pid
    assert server.is_ready()


@pytest.mark.slow
async def test_a_database_that_hangs_is_answered_for_and_works_again(
    server: Server, visitor: Visitor
) -> None:
    load = await load_of(visitor, SEED)
    witness = Witness(load.desk)
    async with witness.watching():
        async with load.going_on():
            await works_again(load)
            frozen = family(server.postmaster())
            for it in frozen:
                os.kill(it, signal.SIGSTOP)
            try:
                await eventually(lambda: number(load), lambda it: it > 3, patience=60)
                assert not await asyncio.to_thread(server.is_ready)
            finally:
                for it in reversed(frozen):
                    os.kill(it, signal.SIGCONT)
            await works_again(load)
        await judge(load, witness)


async def number(load: Load) -> int:
    """How often somebody was asked to come back later."""
    return len(load.refusals)


def family(postmaster: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
    return [postmaster, *map(int, children.split())]
