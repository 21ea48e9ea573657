"""Roles in processes of their own, with RabbitMQ between them."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final, TypeAlias
from uuid import uuid4

from benchmarks import cpu, limit, replies, table
from benchmarks.inbound import STORED, Say, callers, envelope, latency, through, write
from benchmarks.office import CONNECTIONS, PEOPLE, Office, furnished
from benchmarks.process import memory
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.simulator import Said
from helpdesk.neighbours import Amqp, Postgres
from helpdesk.opening import opening
from helpdesk.ports.broker import INBOUND
from helpdesk.settings import Adapters, Settings
from helpdesk.wiring import use_cases
from tests.support.split import DATABASE, Split, split

Cost: TypeAlias = dict[str, float]

SECONDS: Final = 10
BACKLOG: Final = 8000  # messages that wait for consumers
CONSUMERS: Final = (1, 2, 4)


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
            drained = {count: await _drain(its, it, count) for count in CONSUMERS}
            best = max(drained, key=lambda count: drained[count][0])
            async with _phones(its) as say:
                wholes = {
                    count: await _whole_way(its, it, say, count) for count in sorted({1, best})
                }
                after = await limit.rate(it.data, limit.INBOUND, seconds=SECONDS // 2)
                rates = {count: rate for count, (rate, _) in drained.items()}
                _show_inbound(rates, wholes, (before + after) / 2)
                await _have(its, best)
                inward = await _cost_of_writing(its, it, say)
            where = f"one API, one bot, as many consumers as stored most ({best})"
            await replies.figures(it, "Replies, through RabbitMQ", where)
            _show_cpu(drained[1][1], inward, await _cost_of_replies(its, it))
        _show_memory(its)


async def _have(its: Split, consumers: int) -> None:
    """Let so many consumers run."""
    names = [it for it in its.servers if it.startswith("consumer")]
    for name in names[consumers:]:
        await asyncio.to_thread(its.servers[name].stop)
    if stopped := [it for it in names[:consumers] if its.servers[it].process is None]:
        await asyncio.to_thread(its.start, *stopped)


async def _drain(its: Split, it: Office, consumers: int) -> tuple[float, Cost]:
    """Let so many consumers work off what waits: messages a second, and what each cost."""
    await _have(its, 0)
    await _publish(its, BACKLOG)
    known = await it.count(STORED)
    await _have(its, consumers)
    # The first tenth is not counted: by then every consumer is at work.
    while (begun := await it.count(STORED) - known) < BACKLOG // 10:
        await asyncio.sleep(0.05)
    began, before = perf_counter(), cpu.used(its)
    while (done := await it.count(STORED) - known) < BACKLOG:
        await asyncio.sleep(0.05)
    rate = (done - begun) / (perf_counter() - began)
    await it.is_quiet()
    return rate, cpu.for_each(before, cpu.used(its), done - begun)


async def _whole_way(its: Split, it: Office, say: Say, consumers: int) -> float:
    """Messages a second from phones through so many consumers; show how late half of them are."""
    await _have(its, consumers)
    rate = await through(it, say)
    await latency(it, say, rate / 2, f"through RabbitMQ, {_so_many(consumers)}")
    return rate


async def _cost_of_writing(its: Split, it: Office, say: Say) -> Cost:
    stored, before = await it.count(STORED), cpu.used(its)
    await write(it, say, seconds=SECONDS / 2)
    await it.is_quiet()
    return cpu.for_each(before, cpu.used(its), await it.count(STORED) - stored)


async def _cost_of_replies(its: Split, it: Office) -> Cost:
    before = cpu.used(its)
    accepted = len(await replies.load(it, seconds=SECONDS / 2))
    await it.is_quiet()
    return cpu.for_each(before, cpu.used(its), accepted)


def _settings(its: Split) -> Settings:
    return replace(
        Settings(),
        adapters=Adapters(broker="amqp"),
        amqp=Amqp(url=its.node.url, prefix=its.prefix),
        postgres=Postgres(dsn=its.cluster.dsn),
    )


@asynccontextmanager
async def _phones(its: Split) -> AsyncIterator[Say]:
    """Phones of this process: nobody else spends time on them until WhatsApp tells the bot."""
    async with opening(_settings(its)) as opened:
        simulator = await opened.port("simulator")

        async def say(phone: str, text: str) -> None:
            said = Said(
                id=str(uuid4()),
                phone=Identity.phone(phone),
                content=Content(Kind.TEXT, text),
                quote=None,
                name=None,
            )
            await simulator.phones.say(said, at=datetime.now(UTC))

        yield say


async def _publish(its: Split, count: int) -> None:
    async with opening(_settings(its)) as opened:
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


def _so_many(consumers: int) -> str:
    return f"{consumers} consumer{'s' * (consumers > 1)}"


def _show_inbound(stored: dict[int, float], wholes: dict[int, float], machine: float) -> None:
    table.show(
        "Messages of clients, through RabbitMQ",
        ("", "per second", "of pgbench"),
        [
            ("pgbench, the same rows", machine, 1.0),
            *((f"stored by {_so_many(it)}", rate, rate / machine) for it, rate in stored.items()),
            *((f"phone, bot, {_so_many(it)}", rate, rate / machine) for it, rate in wholes.items()),
        ],
        f"""{BACKLOG:,} messages of {PEOPLE} people wait in the queues before the consumers are
        started; from the first tenth to the last one stored.  The relays of the outbox are at
        work meanwhile, and so are RabbitMQ and PostgreSQL, on the same cores.  The last lines: the
        whole way, which begins in simulated phones within the process that measures; until the last
        one is stored.""",
    )


def _show_cpu(drained: Cost, inward: Cost, outward: Cost) -> None:
    rows = [(it, drained[it], inward[it], outward[it]) for it in inward]
    sums = tuple(sum(it.values()) for it in (drained, inward, outward))
    table.show(
        "Processor time for each message, ms",
        ("", "stored from the queue", "phone to dashboard", "answer to ticks"),
        [*rows, ("all of it", *sums)],
        f"""User and system time from /proc, while so many messages went their way: {BACKLOG:,} that
        wait for one consumer; people who write as fast as their phones can; replies as fast as they
        are accepted, until each is delivered and told.  The machine has {os.cpu_count()} cores.""",
    )


def _show_memory(its: Split) -> None:
    most: dict[str, float] = {}
    for server in its.servers.values():
        if server.process is None:
            continue
        most[server.role] = max(most.get(server.role, 0.0), memory(server.pid)[0])
    table.show(
        "Memory of a role, after all this",
        ("", "RSS, MB", "target"),
        [(role, mb, "100") for role, mb in most.items()],
        "The largest process of each role, from /proc.",
    )
