"""What a queue between bots and consumers promises, whichever broker carries it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.local.broker import LocalBroker
from helpdesk.adapters.wire import correlation
from helpdesk.adapters.wire import events as wire
from helpdesk.domain.dead_letter import DeathReason
from helpdesk.domain.errors import ConflictError, ForbiddenError, UnavailableError
from helpdesk.ports.broker import INBOUND, Broker, Queue, commands_of
from helpdesk.ports.outbox import Envelope
from tests.support.consuming import Consumer, Graveyard
from tests.support.rabbitmq import amqp_broker
from tests.support.reports import SESSION
from tests.support.reports import enveloped as envelope


@asynccontextmanager
async def local() -> AsyncIterator[Broker]:
    yield LocalBroker(patience=0.2, pauses=(0.01, 0.01))


@pytest.fixture(
    params=[
        pytest.param(local, id="local"),
        pytest.param(amqp_broker, id="amqp", marks=pytest.mark.rabbitmq),
    ]
)
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Broker]:
    opened: AbstractAsyncContextManager[Broker] = request.param()
    async with opened as it, asyncio.timeout(20):
        yield it


async def publish_all(broker: Broker, queue: Queue, *envelopes: Envelope, key: str) -> None:
    await asyncio.gather(*(broker.publish(queue, it, key=key) for it in envelopes))


async def test_an_envelope_arrives_as_it_was_sent(broker: Broker) -> None:
    consumer, sent = Consumer(), envelope()
    async with broker.serve(INBOUND, consumer):
        await broker.publish(INBOUND, sent, key="a")
        await consumer.has_taken(1)
    assert consumer.taken == [sent]


async def test_its_correlation_is_bound_while_it_is_handled(broker: Broker) -> None:
    heard = asyncio.Queue[str]()

    async def handle(_: Envelope) -> None:
        await heard.put(correlation.current())

    async with broker.serve(INBOUND, handle):
        await broker.publish(INBOUND, envelope(7), key="a")
        assert await heard.get() == "cause-7"
    assert correlation.current() == ""


async def test_queues_do_not_mix(broker: Broker) -> None:
    inbound, commands = Consumer(), Consumer()
    first, second = envelope(1), envelope(2)
    mine = commands_of(SESSION)
    async with broker.serve(INBOUND, inbound), broker.serve(mine, commands):
        await broker.publish(INBOUND, first, key="a")
        await broker.publish(mine, second, key="a")
        await inbound.has_taken(1)
        await commands.has_taken(1)
    assert (inbound.taken, commands.taken) == ([first], [second])


async def test_one_key_is_handled_in_order_and_one_at_a_time(broker: Broker) -> None:
    running, most, taken = 0, 0, list[Envelope]()

    async def handle(it: Envelope) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001 * (len(taken) % 3))
        taken.append(it)
        running -= 1

    sent = [envelope(n) for n in range(100)]
    async with broker.serve(INBOUND, handle):
        await publish_all(broker, INBOUND, *sent, key="a")
        while len(taken) < 100:
            await asyncio.sleep(0.01)
    assert (taken, most) == (sent, 1)


async def test_an_envelope_that_fails_at_first_keeps_its_place(broker: Broker) -> None:
    consumer = Consumer(UnavailableError())
    sent = [envelope(n) for n in range(3)]
    async with broker.serve(INBOUND, consumer):
        await publish_all(broker, INBOUND, *sent, key="a")
        await consumer.has_taken(3)
    assert consumer.taken == sent


async def test_different_keys_are_handled_at_the_same_time(broker: Broker) -> None:
    together, met = asyncio.Barrier(10), asyncio.Event()

    async def handle(_: Envelope) -> None:
        await together.wait()
        met.set()

    async with broker.serve(INBOUND, handle):
        sent = (broker.publish(INBOUND, envelope(n), key=str(n)) for n in range(10))
        await asyncio.gather(*sent)
        await met.wait()


@pytest.mark.parametrize("failure", [UnavailableError(), ZeroDivisionError()], ids=repr)
async def test_what_failed_is_delivered_again(broker: Broker, failure: Exception) -> None:
    consumer, sent = Consumer(failure), envelope()
    with capture_logs():
        async with broker.serve(INBOUND, consumer):
            await broker.publish(INBOUND, sent, key="a")
            await consumer.has_taken(1)
    assert (consumer.deliveries, consumer.taken) == (2, [sent])


@pytest.mark.parametrize("refusal", [ConflictError(), ForbiddenError()], ids=repr)
async def test_what_was_refused_is_put_aside(broker: Broker, refusal: Exception) -> None:
    consumer, next_one = Consumer(refusal), envelope(2)
    with capture_logs() as logs:
        async with broker.gather(INBOUND, Graveyard()), broker.serve(INBOUND, consumer):
            await broker.publish(INBOUND, envelope(1), key="a")
            await broker.publish(INBOUND, next_one, key="a")
            await consumer.has_taken(1)
    assert (consumer.deliveries, consumer.taken) == (2, [next_one])
    level = "warning" if isinstance(refusal, ForbiddenError) else "info"
    assert [it["log_level"] for it in logs if it["event"] == "delivery_refused"] == [level]


async def test_a_dead_letter_says_what_died_and_why(broker: Broker) -> None:
    dead, sent, grave = Consumer(ConflictError("Too late.")), envelope(3), Graveyard()
    began = datetime.now(UTC)
    with capture_logs():
        async with broker.gather(INBOUND, grave), broker.serve(INBOUND, dead):
            await broker.publish(INBOUND, sent, key="a")
            letter = await grave.first()
    name, body = wire.encode(sent.event)
    assert (letter.queue, letter.key, letter.envelope_id) == (INBOUND, "a", sent.id)
    assert (letter.type, letter.body, letter.correlation) == (name, body, sent.correlation)
    assert letter.trail == sent.trail
    assert (letter.reason, letter.error) == (DeathReason.REFUSED, "conflict")
    assert (letter.detail, letter.attempts) == ("Too late.", 1)
    assert began <= letter.first_at <= letter.last_at <= datetime.now(UTC)


async def test_what_breaks_its_handler_again_and_again_is_put_aside(broker: Broker) -> None:
    poison, grave, taken = envelope(1), Graveyard(), list[Envelope]()
    flowed, deliveries = asyncio.Event(), 0

    async def handle(it: Envelope) -> None:
        nonlocal deliveries
        if it.id == poison.id:
            deliveries += 1
            raise ZeroDivisionError("by zero")
        taken.append(it)
        flowed.set()

    neighbour, follower = envelope(2), envelope(3)
    with capture_logs():
        async with broker.gather(INBOUND, grave), broker.serve(INBOUND, handle):
            publishing = [
                asyncio.create_task(broker.publish(INBOUND, it, key=key))
                for it, key in ((poison, "a"), (neighbour, "b"), (follower, "a"))
            ]
            await flowed.wait()
            letter = await grave.first()
            await asyncio.gather(*publishing)
            while len(taken) < 2:
                await asyncio.sleep(0.01)
    assert (letter.envelope_id, letter.reason) == (poison.id, DeathReason.EXHAUSTED)
    assert (letter.error, letter.detail) == ("ZeroDivisionError", "by zero")
    assert letter.attempts == deliveries > 1
    assert {it.id for it in taken} == {neighbour.id, follower.id}


async def test_a_letter_that_cannot_be_kept_is_not_forgotten(broker: Broker) -> None:
    dead, grave = Consumer(ConflictError()), Graveyard(UnavailableError())
    with capture_logs():
        async with broker.gather(INBOUND, grave), broker.serve(INBOUND, dead):
            sent = envelope(1)
            while True:
                dead.failures = [ConflictError()]
                try:
                    await broker.publish(INBOUND, sent, key="a")
                except UnavailableError:
                    continue
                break
            letter = await grave.first()
    assert letter.envelope_id == sent.id


async def test_leaving_waits_for_what_is_being_handled(broker: Broker) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def handle(_: Envelope) -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    async with broker.serve(INBOUND, handle):
        publishing = asyncio.create_task(broker.publish(INBOUND, envelope(), key="a"))
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, may_end.set)
    assert ended.is_set()
    await publishing


async def test_what_is_published_before_somebody_serves_waits_for_them(broker: Broker) -> None:
    consumer, sent = Consumer(), [envelope(n) for n in range(5)]
    publishing = asyncio.create_task(publish_all(broker, INBOUND, *sent, key="a"))
    await asyncio.sleep(0.05)
    async with broker.serve(INBOUND, consumer):
        await publishing
        await consumer.has_taken(5)
    assert consumer.taken == sent


async def test_what_waits_is_counted_until_it_is_handled(broker: Broker) -> None:
    begun, may_end, mine = asyncio.Event(), asyncio.Event(), commands_of(SESSION)

    async def handle(_: Envelope) -> None:
        begun.set()
        await may_end.wait()

    async def waiting(queue: Queue) -> int:
        return (await broker.backlog(INBOUND, mine))[queue]

    assert await waiting(INBOUND) == 0
    async with broker.serve(INBOUND, handle):
        publishing = [
            asyncio.create_task(broker.publish(INBOUND, envelope(n), key="a")) for n in range(900)
        ]
        await begun.wait()
        while await waiting(INBOUND) < 300:  # the others may be with their handler
            await asyncio.sleep(0.01)
        assert await waiting(mine) == 0
        may_end.set()
        await asyncio.gather(*publishing)
        while await waiting(INBOUND):
            await asyncio.sleep(0.01)


async def test_a_healthy_broker_answers_a_ping(broker: Broker) -> None:
    await broker.ping()


async def test_each_queue_has_its_own_dead(broker: Broker) -> None:
    """Who gathers for one does not get another's, and one that nobody keeps holds up no other."""
    mine, grave, others, sent = commands_of(SESSION), Graveyard(), Graveyard(), envelope(1)
    with capture_logs():
        async with (
            broker.gather(mine, grave),
            broker.gather(INBOUND, others),
            broker.serve(mine, Consumer(ConflictError())),
        ):
            await broker.publish(mine, sent, key="a")
            letter = await grave.first()
    assert (letter.queue, letter.envelope_id, others.kept) == (mine, sent.id, [])
