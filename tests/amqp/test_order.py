"""What one client wrote is handled in order, whoever handles it and whoever dies."""

import asyncio
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from helpdesk.adapters.amqp.broker import AmqpBroker, opened
from helpdesk.adapters.amqp.names import Names
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.topology import Topology
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.reports import typing

KEYS, EACH = 12, 25


def numbered(key: int, number: int) -> Envelope:
    return Envelope(id=uuid4(), event=typing(key), correlation=f"{key}/{number}")


async def publish_all(broker: AmqpBroker, numbers: range = range(EACH)) -> None:
    async def one(key: int) -> None:
        for it in numbers:
            await broker.publish(INBOUND, numbered(key, it), key=str(key))

    await asyncio.gather(*(one(key) for key in range(KEYS)))


def handled(lines: list[str]) -> dict[int, list[int]]:
    """The numbers of each key, each where it was handled first."""
    found = defaultdict[int, list[int]](list)
    for line in lines:
        key, number = map(int, line.split("/"))
        if number not in found[key]:
            found[key].append(number)
    return found


IN_ORDER = {key: list(range(EACH)) for key in range(KEYS)}


async def until(fact: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not fact():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def consumer(its: AmqpOptions, ledger: Path) -> AsyncIterator["subprocess.Popen[bytes]"]:
    """Run a consumer in a process of its own; whatever happens, it ends here."""
    arguments = ("tests.support.amqp_consumer", its.url, its.prefix, str(ledger))
    process = subprocess.Popen([sys.executable, "-m", *arguments])
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


async def test_a_killed_consumer_leaves_the_order_to_the_next(
    broker: AmqpBroker, its: AmqpOptions, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    ledger.touch()

    def lines() -> list[str]:
        return ledger.read_text().splitlines()

    async with consumer(its, ledger) as first, consumer(its, ledger) as second:
        publishing = asyncio.create_task(publish_all(broker))
        await until(lambda: len(lines()) > 40)
        first.kill()
        await until(lambda: handled(lines()) == IN_ORDER)
        await publishing
        second.send_signal(signal.SIGTERM)
        await asyncio.to_thread(second.wait, 30)
        assert second.returncode == 0


async def test_two_consumers_share_the_work_and_never_a_client(
    broker: AmqpBroker, its: AmqpOptions
) -> None:
    at_work, taken = set[str](), defaultdict[str, list[str]](list)

    def of(name: str) -> Callable[[Envelope], "asyncio.Future[None]"]:
        async def handle(it: Envelope) -> None:
            key = it.correlation.partition("/")[0]
            assert key not in at_work, "two at once"
            at_work.add(key)
            await asyncio.sleep(0.002)
            taken[name].append(it.correlation)
            taken["all"].append(it.correlation)
            at_work.remove(key)

        return handle  # type: ignore[return-value]

    async with asyncio.timeout(60), opened(its) as other, broker.serve(INBOUND, of("one")):
        await publish_all(broker, range(1))
        async with other.serve(INBOUND, of("other")):
            turn = 1
            while not taken["other"] or len(taken["all"]) < KEYS * turn:
                # The other gets its share when the first lets go of it, which takes a moment.
                if len(taken["all"]) == KEYS * turn:
                    await publish_all(broker, range(turn, turn + 1))
                    turn += 1
                await asyncio.sleep(0.02)
    found = handled(taken["all"])
    assert found == {key: list(range(turn)) for key in range(KEYS)}
    assert len(taken["all"]) == KEYS * turn  # nothing twice: each was let go of in order


async def test_leaving_while_handling_redelivers_in_order(
    broker: AmqpBroker, its: AmqpOptions
) -> None:
    taken, begun = list[str](), asyncio.Event()

    async def slow(it: Envelope) -> None:
        begun.set()
        await asyncio.sleep(0.1)
        taken.append(it.correlation)

    async with broker.serve(INBOUND, slow):
        await publish_all(broker)
        await begun.wait()
        before = len(taken)
    assert len(taken) <= before + KEYS, "it began anew while it was leaving"

    async def quick(it: Envelope) -> None:
        taken.append(it.correlation)

    async with opened(its) as other, other.serve(INBOUND, quick):
        await until(lambda: len(taken) >= KEYS * EACH)
    assert (handled(taken), len(taken)) == (IN_ORDER, KEYS * EACH)


@pytest.mark.slow
async def test_the_number_of_partitions_changes_without_loss_or_disorder(
    broker: AmqpBroker, its: AmqpOptions
) -> None:
    taken = list[str]()

    async def handle(it: Envelope) -> None:
        await asyncio.sleep(0.002)
        taken.append(it.correlation)

    more = replace(its, partitions=5)
    async with broker.serve(INBOUND, handle):
        await publish_all(broker, range(10))
        publishing = asyncio.create_task(publish_all(broker, range(10, EACH)))
        async with opened(more) as newer, newer.serve(INBOUND, handle):
            await publishing
            await until(lambda: len(taken) >= KEYS * EACH)
            await _is_divided(more, partitions=5)
    assert handled(taken) == IN_ORDER


async def _is_divided(its: AmqpOptions, *, partitions: int) -> None:
    """Wait until only the wanted division is left."""
    topology, names = Topology(its), Names(its.prefix)
    async with asyncio.timeout(60):
        while True:
            layouts = (await topology.layouts(INBOUND, change=False)).layouts
            if len(layouts) == 1:
                break
            await asyncio.sleep(0.2)
    assert layouts[0].partitions == partitions
    assert [await topology.ready_in(it) for it in names.partitions(INBOUND, layouts[0])] == [0] * 5
