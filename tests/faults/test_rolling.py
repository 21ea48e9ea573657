"""Every process is stopped in order and started again, under load: nothing is lost."""

import asyncio
import random
from pathlib import Path
from typing import Final

import pytest

from tests.faults.judgement import judge
from tests.faults.load import Witness, load_of
from tests.faults.storm import SETTINGS, entering
from tests.faults.test_database import works_again
from tests.support.split import split

SEED: Final = 3


@pytest.mark.slow
async def test_a_rolling_restart_of_every_role_loses_nothing(tmp_path: Path) -> None:
    async with (
        split(tmp_path, api=2, consumer=2, bot=2, **SETTINGS) as its,
        entering(its, tmp_path, random.Random(SEED)) as visitor,
    ):
        load = await load_of(visitor, SEED)
        witness = Witness(load.desk)
        async with witness.watching():
            async with load.going_on():
                for name in ("api-1", "consumer-1", "bot-1", "bot-2"):
                    await works_again(load)
                    await asyncio.to_thread(its.roll, name)
                await works_again(load)
            await judge(load, witness)
