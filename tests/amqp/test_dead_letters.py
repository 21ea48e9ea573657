"""What dies in RabbitMQ: kept byte for byte, told by whom, and no burden on its neighbours."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aio_pika import Message
from structlog.testing import capture_logs

from helpdesk.adapters.amqp.broker import AmqpBroker, opened
from helpdesk.adapters.amqp.connection import Link, single_use
from helpdesk.adapters.amqp.declaring import Declaring
from helpdesk.adapters.amqp.names import Names, slot_of
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.topology import Topology
from helpdesk.domain.dead_letter import DeadLetter, DeathReason
from helpdesk.domain.errors import ConflictError
from helpdesk.ports.broker import INBOUND, Queue
from helpdesk.ports.outbox import Envelope
from tests.support.rabbitmq import sweep
from tests.support.reports import enveloped

MINE, OTHER = Queue("session.1"), Queue("session.2")
DIED: dict[str, Any] = {
    "dead-reason": "refused",
    "dead-attempts": 1,
    "dead-first": "2026-01-01T00:00:00+00:00",
    "dead-last": "2026-01-01T00:00:00+00:00",
}


async def refusing(_: Envelope) -> None:
    raise ConflictError


async def test_what_somebody_else_wrote_is_kept_byte_for_byte(
    broker: AmqpBroker, its: AmqpOptions
) -> None:
    letters, flowed = asyncio.Queue[DeadLetter](), asyncio.Event()

    async def handle(_: Envelope) -> None:
        flowed.set()

    foreign = Message(b"\x00\xffnot ours", type="strange", headers={"key": "a", "n": 7})
    with capture_logs():
        async with broker.gather(INBOUND, letters.put), broker.serve(INBOUND, handle):
            await broker.publish(INBOUND, enveloped(), key="z")  # now there is an exchange
            async with single_use(its, "stranger") as it, it.channel() as channel:
                exchange = await channel.get_exchange(Names(its.prefix).exchange(INBOUND))
                await exchange.publish(foreign, slot_of("a"))
            letter = await asyncio.wait_for(letters.get(), 60)
            flowed.clear()
            await broker.publish(INBOUND, enveloped(), key="a")
            await asyncio.wait_for(flowed.wait(), 60)
    assert (letter.body, letter.type, letter.key) == (foreign.body, "strange", "a")
    assert (letter.reason, letter.queue) == (DeathReason.UNREADABLE, INBOUND)


async def test_what_is_lost_with_its_consumer_too_often_is_given_up_by_the_broker(
    its: AmqpOptions,
) -> None:
    fragile = replace(its, delivery_limit=1)
    letters, deliveries, sent = asyncio.Queue[DeadLetter](), 0, enveloped()
    publishing, consuming = Link(fragile, "publishing"), Link(fragile, "consuming")

    async def handle(_: Envelope) -> None:
        nonlocal deliveries
        deliveries += 1
        await (await consuming.connection()).close()
        await asyncio.sleep(0.1)

    runs = [asyncio.create_task(it.run()) for it in (publishing, consuming)]
    broker = AmqpBroker(fragile, publishing=publishing, consuming=consuming)
    with capture_logs():
        async with (
            opened(fragile) as other,
            other.gather(INBOUND, letters.put),
            broker.serve(INBOUND, handle),
        ):
            await other.publish(INBOUND, sent, key="a")
            letter = await asyncio.wait_for(letters.get(), 60)
    for it in runs:
        it.cancel()
    await asyncio.wait(runs)
    assert (letter.envelope_id, letter.reason) == (sent.id, DeathReason.LOST)
    assert (letter.queue, letter.key, letter.correlation) == (INBOUND, "a", sent.correlation)
    assert deliveries == 2
    assert abs(datetime.now(UTC) - letter.last_at) < timedelta(minutes=5)


async def test_letters_wait_for_somebody_who_keeps_them(
    broker: AmqpBroker, its: AmqpOptions
) -> None:
    letters, dead = asyncio.Queue[DeadLetter](), Names(its.prefix).dead(INBOUND)

    async def handle(it: Envelope) -> None:
        raise ValueError(f"no {it.correlation}")

    with capture_logs():
        async with broker.serve(INBOUND, handle):
            await broker.publish(INBOUND, enveloped(3), key="a")
            async with asyncio.timeout(60):
                while not await Topology(its).ready_in(dead):
                    await asyncio.sleep(0.1)
        async with broker.gather(INBOUND, letters.put):
            letter = await asyncio.wait_for(letters.get(), 60)
    assert letter.detail == "no cause-3"


async def test_each_session_has_a_queue_of_the_dead(broker: AmqpBroker, its: AmqpOptions) -> None:
    dead = [Names(its.prefix).dead(it) for it in (MINE, OTHER)]
    with capture_logs():
        async with broker.serve(MINE, refusing), broker.serve(OTHER, refusing):
            for queue in (MINE, OTHER):
                await broker.publish(queue, enveloped(), key="a")
            async with asyncio.timeout(60):
                while [await Topology(its).ready_in(it) for it in dead] != [1, 1]:
                    await asyncio.sleep(0.1)
    assert await Topology(its).ready_in(Names(its.prefix).former_dead) is None
    await sweep(its, MINE, OTHER)


async def test_what_earlier_releases_declared_goes_on(broker: AmqpBroker, its: AmqpOptions) -> None:
    """A session's queue that sends its dead to those of all, where one waits."""
    names, letters = Names(its.prefix), asyncio.Queue[DeadLetter]()
    old = Message(b"{}", type="old", headers={"dead-queue": MINE, **DIED}, message_id="1")
    async with single_use(its, "earlier") as connection:
        declaring = Declaring(connection, its.timeout)
        await declaring.ensure_work(names.work(MINE), dead=names.former_dead, delivery_limit=9)
        await declaring.put(names.former_dead, old)
    with capture_logs():
        async with (
            broker.gather(INBOUND, letters.put),
            broker.gather(MINE, letters.put),
            broker.serve(MINE, refusing),
        ):
            await broker.publish(MINE, sent := enveloped(), key="a")
            found = [await asyncio.wait_for(letters.get(), 60) for _ in range(2)]
    assert {(it.queue, it.message_id) for it in found} == {(MINE, "1"), (MINE, str(sent.id))}
    await sweep(its, MINE)
