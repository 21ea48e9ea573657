"""Roles in processes of their own: whatever is killed, nothing is lost, doubled or out of order."""

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
import structlog

from tests.faults.storm import Plan, brewing, weather

SEED: Final = 20261125

log = structlog.get_logger()

# The long one, with 2,000 people and 30 kills, is `make soak`.
SHORT: Final = Plan(
    seed=SEED,
    api=2,
    consumer=2,
    people=60,
    messages=5,
    kills=8,
    broker_restarts=0,
    database_restarts=0,
    broker_freezes=0,  # has a test of its own
    pause=(0.5, 1.5),
    patience=240,
)


@pytest.mark.slow
async def test_a_storm_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    async with brewing(tmp_path, SHORT) as storm:
        outcome = await weather(storm, SHORT)
        figures = outcome.figures(storm.crowd)
    assert outcome.kills >= SHORT.kills
    log.info("weathered", **figures)


def test_a_seed_means_one_storm() -> None:
    storms = [list(islice(replace(SHORT, seed=it).blows(), 40)) for it in (1, 1, 2)]
    assert storms[0] == storms[1] != storms[2]
    planned = Counter(it.what for it in storms[0] if it.planned)
    assert sum(n for what, n in planned.items() if "-" in what) == SHORT.kills
    assert (planned["kill_broker"], planned["kill_database"]) == (1, 1)
