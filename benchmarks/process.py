"""The idle process: how soon it is ready, how much memory it takes."""

import asyncio
import re
import time
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import table
from tests.support.server import Server

STARTS: Final = 5
IDLE: Final = 5.0  # seconds after the start


async def measure(place: Path) -> None:
    first, warm = [], []
    for number in range(STARTS):
        server = Server(place / f"data-{number}")
        first.append(_start(server))
        server.stop()
        warm.append(_start(server))
        server.stop()
    server = Server(place / "data").start()
    await asyncio.sleep(IDLE)
    rss, pss = memory(server.pid)
    server.stop()
    table.show(
        "The idle process",
        ("", "measured", "target"),
        [
            ("memory, RSS, MB", rss, "120"),
            ("memory, PSS, MB", pss, ""),
            ("first start to ready, s", median(first), "6"),
            ("warm start to ready, s", median(warm), "2"),
        ],
        f"""Everything in one process, without PostgreSQL's; memory {IDLE:.0f} s after the start,
        from /proc.  Starts: median of {STARTS}, from exec until /readyz answers 200, asked every
        20 ms.""",
    )


def _start(server: Server) -> float:
    began = time.perf_counter()
    server.start()
    return time.perf_counter() - began


def memory(pid: int) -> tuple[float, float]:
    """RSS and PSS in MB."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", told, re.MULTILINE))
    return int(found["Rss"]) / 1024, int(found["Pss"]) / 1024
