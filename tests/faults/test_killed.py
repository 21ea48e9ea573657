"""kill -9 of the helpdesk at any moment loses nothing that was promised, and doubles nothing."""

import asyncio
import random
from typing import Final

import pytest
import structlog

from tests.faults.judgement import judge
from tests.faults.load import Witness, load_of
from tests.support.desk import Visitor
from tests.support.server import Server

ROUNDS: Final = 30
SEED: Final = 20261123

log = structlog.get_logger()


@pytest.mark.slow
async def test_thirty_kills_under_load_lose_nothing_and_double_nothing(
    server: Server, visitor: Visitor
) -> None:
    load, moments = await load_of(visitor, SEED), random.Random(SEED)
    witness = Witness(load.desk)
    async with witness.watching():
        async with load.going_on():
            for number in range(ROUNDS):
                if number % 3:  # at work; else at any moment of the start
                    await asyncio.to_thread(server.wait_until_ready)
                await asyncio.sleep(moments.uniform(0, 0.8))
                server.kill()
                server.spawn()
            await asyncio.to_thread(server.wait_until_ready)
            await asyncio.sleep(0.5)
        kept = await judge(load, witness)
    assert witness.connections > ROUNDS // 3
    assert load.promises > ROUNDS
    log.info("killed", promises=load.promises, closed=load.closed, kept=len(kept.all()))
