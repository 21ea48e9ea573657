"""Roles in processes of their own, with RabbitMQ between them."""

import asyncio
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks import limit, table
from benchmarks.inbound import callers, envelope, latency
from benchmarks.office import CONNECTIONS, PEOPLE, Office, furnished
from benchmarks.process import memory
from benchmarks.replies import figures as replies
from helpdesk.neighbours import Amqp, Postgres
from helpdesk.opening import opening
from helpdesk.ports.broker import INBOUND
from helpdesk.settings import Adapters, Settings
from helpdesk.wiring import use_cases
from tests.support.split import DATABASE, Split, split

SECONDS: Final = 10
BACKLOG: Final = 8000  # messages that wait for consumers
CONSUMERS: Final = (1, 2, 4)
_STORED: Final = "SELECT count(*) FROM message WHERE direction = 'inbound'"


async def measure(place: Path) -> None:
    place.mkdir()
    async with split(
        place,
        DATABASE | {"fsync": "on"},
        api=1,
        consumer=max(CONSUMERS),
        bot=1,
        HELPDESK__TELEMETRY__LEVEL="warning",
    ) as its:
        api = its.of("api")[0]
        async with furnished(api, its.folder / "database") as it:
            before = await limit.rate(it.data, limit.INBOUND, seconds=SECONDS // 2)
            stored = {count: await _drain(its, it, count) for count in CONSUMERS}
            after = await limit.rate(it.data, limit.INBOUND, seconds=SECONDS // 2)
            _show_inbound(stored, (before + after) / 2)
            await latency(it, max(stored.values()) / 2, "through RabbitMQ")
            where = f"one API, {max(CONSUMERS)} consumers, one bot"
            await replies(it, "Replies, through RabbitMQ", where)
        _show_memory(its)


async def _drain(its: Split, it: Office, consumers: int) -> float:
    """Let so many consumers work off what waits; messages a second."""
    names = [name for name in its.servers if name.startswith("consumer")]
    for name in names:
        await asyncio.to_thread(its.servers[name].stop)
    await _publish(its, BACKLOG)
    known = await it.count(_STORED)
    await asyncio.to_thread(its.start, *names[:consumers])
    # The first tenth is not counted: by then every consumer is at work.
    while (begun := await it.count(_STORED) - known) < BACKLOG // 10:
        await asyncio.sleep(0.05)
    began = perf_counter()
    while (done := await it.count(_STORED) - known) < BACKLOG:
        await asyncio.sleep(0.05)
    rate = (done - begun) / (perf_counter() - began)
    if others := names[consumers:]:
        await asyncio.to_thread(its.start, *others)
    await it.is_quiet()
    return rate


async def _publish(its: Split, count: int) -> None:
    settings = replace(
        Settings(),
        adapters=Adapters(broker="amqp"),
        amqp=Amqp(url=its.node.url, prefix=its.prefix),
        postgres=Postgres(dsn=its.cluster.dsn),
    )
    async with opening(settings) as opened:
        cases = await use_cases(opened, "store", "broker")
        async with cases.store().transaction() as work:
            session = (await work.sessions.all())[0].id
        people, broker = callers(), cases.broker()

        async def write(number: int) -> None:
            mine = people[number::CONNECTIONS]
            for turn in range(count // CONNECTIONS):
                told = envelope(session, mine[turn % len(mine)], turn)
                await broker.publish(INBOUND, told, key=told.event.key)  # type: ignore[attr-defined]

        await asyncio.gather(*(write(n) for n in range(CONNECTIONS)))


def _show_inbound(stored: dict[int, float], machine: float) -> None:
    table.show(
        "Messages of clients, through RabbitMQ",
        ("", "per second", "of pgbench"),
        [
            ("pgbench, the same rows", machine, 1.0),
            *(
                (f"stored by {count} consumer{'s' * (count > 1)}", rate, rate / machine)
                for count, rate in stored.items()
            ),
        ],
        f"""{BACKLOG:,} messages of {PEOPLE} people wait in the queues before the consumers are
        started; from the first tenth to the last one stored.  The relays of the outbox are at
        work meanwhile, and so are RabbitMQ and PostgreSQL, on the same cores.""",
    )


def _show_memory(its: Split) -> None:
    most: dict[str, float] = {}
    for server in its.servers.values():
        most[server.role] = max(most.get(server.role, 0.0), memory(server.pid)[0])
    table.show(
        "Memory of a role, after all this",
        ("", "RSS, MB", "target"),
        [(role, mb, "100") for role, mb in most.items()],
        "The largest process of each role, from /proc.",
    )
