"""The long storm: `make soak`, with `ARGS="--seed 7 --people 500"` for another one."""

import argparse
import asyncio
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.faults.storm import Plan, brewing, weather


def plan() -> Plan:
    """Take from the command line what is given there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    numbers = [it for it in fields(Plan) if it.type is int and it.name != "seed"]
    for it in numbers:
        name = f"--{it.name.replace('_', '-')}"
        parser.add_argument(name, type=int, default=it.default, help=f"default {it.default}")
    given: dict[str, Any] = vars(parser.parse_args())
    return Plan(**given)


async def soak(its: Plan) -> None:
    print(its)
    with tempfile.TemporaryDirectory(prefix="helpdesk-soak-") as folder:
        async with brewing(Path(folder), its) as storm:
            outcome = await weather(storm, its)
            for name, value in outcome.figures(storm.crowd).items():
                print(f"{name:24} {value}")
    print("Every promise was kept.")


if __name__ == "__main__":
    asyncio.run(soak(plan()))
