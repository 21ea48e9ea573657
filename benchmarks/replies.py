"""How many replies a second are accepted, and what becomes of them meanwhile."""

import asyncio
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks import limit, table
from benchmarks.http import Connection
from benchmarks.office import CONNECTIONS, PEOPLE, Office, office
from helpdesk.domain.usecases.relay_outbox import PER_SECOND

SECONDS: Final = 10
_DELIVERED: Final = """
SELECT count(*) FROM message WHERE direction = 'reply' AND delivery IN ('delivered', 'read')
"""


async def measure(place: Path) -> None:
    async with office(place) as it:
        await figures(it, "Replies", "embedded PostgreSQL, one process for everything")


async def figures(it: Office, title: str, where: str) -> None:
    before = await limit.rate(it.data, limit.REPLY, seconds=SECONDS // 2)
    await load(it, seconds=2)  # so that every connection has prepared its statements
    await it.is_quiet()
    arrived = await it.count(_DELIVERED)
    began = perf_counter()
    took = await load(it, seconds=SECONDS)
    accepted = len(took) / (perf_counter() - began)
    meanwhile = (await it.count(_DELIVERED) - arrived) / SECONDS
    await it.is_quiet()
    all_of_it = len(took) / (perf_counter() - began)
    after = await limit.rate(it.data, limit.REPLY, seconds=SECONDS // 2)
    machine, (p50, p99) = (before + after) / 2, table.percentiles(took)
    table.show(
        title,
        ("", "per second", "of pgbench", "p50 ms", "p99 ms"),
        [
            ("pgbench, the same rows", machine, 1.0, "", ""),
            ("accepted: POST …/replies answered by 201", accepted, accepted / machine, p50, p99),
            ("of these, on the phone and told meanwhile", meanwhile, meanwhile / machine, "", ""),
            ("all of them on the phone and told", all_of_it, all_of_it / machine, "", ""),
        ],
        f"""{CONNECTIONS} connections, {PEOPLE} attendances, {SECONDS} s, {where}.  pgbench: mean of
        a run before and one after.  Of one number {PER_SECOND:.0f} replies a second leave, as
        many as WhatsApp takes of it.  The last line: from the first request until every reply was
        delivered and the outbox was empty.""",
    )


async def load(it: Office, *, seconds: float) -> list[float]:
    """Write replies as fast as they are accepted; return how long each took."""
    until, took = perf_counter() + seconds, list[float]()

    async def write(number: int, connection: Connection) -> None:
        mine = it.attendances[number::CONNECTIONS]
        while True:
            for attendance in mine:
                began = perf_counter()
                if began > until:
                    return
                path = f"/v1/attendances/{attendance}/replies"
                await connection.post(path, {"text": f"message number {len(took)}"})
                took.append(perf_counter() - began)

    async with it.connections() as connections:
        await asyncio.gather(*(write(n, one) for n, one in enumerate(connections)))
    return took
