"""Duplicates and disorder at every hop, made on purpose: nobody notices."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from aio_pika.abc import AbstractIncomingMessage

from helpdesk.adapters.amqp.connection import single_use
from helpdesk.adapters.amqp.messages import copy_of
from helpdesk.adapters.amqp.names import SLOTS, Names
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.neighbours import Amqp, Postgres
from helpdesk.opening import opening
from helpdesk.ports.broker import INBOUND
from helpdesk.settings import Adapters, Settings
from helpdesk.supervisor import Service, keep
from helpdesk.wiring import use_cases
from tests.faults.judgement import Kept, judge
from tests.faults.load import Load, Witness, load_of
from tests.faults.storm import SETTINGS, entering
from tests.faults.test_database import works_again
from tests.support.desk import Desk, Phone
from tests.support.split import Split, split

SEED: Final = 17
LATE: Final = 1.5  # seconds by which a copy comes late, at most
READER: Final = "+5511300009999"
QUOTES: Final = 5
ECHO: Final = "echo"  # a header: a copy is not copied


@pytest.mark.slow
async def test_duplicates_and_disorder_at_every_hop_have_no_effect(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        its = await stack.enter_async_context(split(tmp_path, api=1, consumer=2, bot=1, **SETTINGS))
        chance = random.Random(SEED)
        visitor = await stack.enter_async_context(entering(its, tmp_path, chance))
        load = await load_of(visitor, SEED)
        witness = Witness(load.desk)
        await stack.enter_async_context(witness.watching())
        echoed = await stack.enter_async_context(echoing(its, chance))
        await stack.enter_async_context(relaying_too(its))
        reader = visitor.phone(READER)
        async with load.going_on(), asyncio.TaskGroup() as group:
            group.create_task(sending_twice(load))
            quotes = await quoting(load.desk, reader)
        await asyncio.sleep(LATE)
        await judge(load, witness)
        assert quotes.items() <= (await quoted(load.desk, reader)).items()
    assert len(echoed) > 60


async def sending_twice(load: Load) -> None:
    """Let the network say some things twice, three times."""
    for _ in range(3):
        await load.desk.patch("/simulator/state", {"duplicate_next": 10})
        await works_again(load)


async def quoting(desk: Desk, phone: Phone) -> dict[str, str]:
    """Let somebody quote each answer as soon as the phone shows it; return what quotes what."""
    quotes: dict[str, str] = {}
    for n in range(QUOTES):
        await phone.writes(f"question {n}")
        attendance = await desk.attendance_of(phone.number, status="open")
        await desk.reply(attendance["id"], f"answer {n}.")
        answer = await phone.receives(f"answer {n}.")
        await phone.writes(f"thanks {n}", quote=answer["id"])
        quotes[f"thanks {n}"] = answer["text"]
    return quotes


async def quoted(desk: Desk, phone: Phone) -> dict[str, str]:
    """What the helpdesk shows of each quote; of what it shows no quote of, nothing."""
    kept = await Kept.of(desk, [phone])
    return {it["text"]: it["quote"]["text"] for it in kept.all() if it["quote"]}


@asynccontextmanager
async def echoing(its: Split, chance: random.Random) -> AsyncIterator[list[str]]:
    """Put a late copy of every report on the inbound queue; yield the ids of what was copied."""
    options = AmqpOptions(url=its.node.url, prefix=its.prefix)
    echoed: list[str] = []
    async with single_use(options, "echo") as connection, connection.channel() as channel:
        exchange = await channel.get_exchange(Names(its.prefix).exchange(INBOUND), ensure=False)
        heard = await channel.declare_queue(exclusive=True)
        for slot in range(SLOTS):
            await heard.bind(exchange, str(slot))

        async def repeat(message: AbstractIncomingMessage) -> None:
            if ECHO in message.headers:
                return
            await asyncio.sleep(chance.uniform(0, LATE))
            await exchange.publish(copy_of(message, {ECHO: True}), str(message.routing_key))
            echoed.append(str(message.message_id))

        await heard.consume(repeat, no_ack=True)
        yield echoed


@asynccontextmanager
async def relaying_too(its: Split) -> AsyncIterator[None]:
    """Relay beside the consumer that does, without asking for a lease."""
    settings = Settings(
        adapters=Adapters(broker="amqp"),
        amqp=Amqp(url=its.node.url, prefix=its.prefix),
        postgres=Postgres(dsn=its.cluster.dsn, migrate_on_start=False, pool_size=4),
    )
    async with opening(settings, process="rogue") as opened:
        cases = await use_cases(opened, "store", "outbox", "broker", "journey", "feed")
        relays: dict[str, Service] = {"feed": cases.relay_to_feed(), "bots": cases.relay_to_bots()}
        tasks = [asyncio.create_task(keep(name, it)) for name, it in relays.items()]
        try:
            yield
        finally:
            for it in tasks:
                it.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
