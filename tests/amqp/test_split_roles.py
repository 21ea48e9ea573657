"""Real processes of each role, started by the CLI: how they stop, and wait out trouble."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from tests.support.apart import Apart, apart
from tests.support.desk import Desk, Phone, Visitor, eventually
from tests.support.rabbitmq import Node

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
async def office(node: Node, tmp_path: Path) -> AsyncIterator[Apart]:
    async with apart(node, tmp_path) as it:
        yield it


async def texts(desk: Desk, attendance: str) -> list[str]:
    return [it["text"] for it in await desk.messages(attendance) if it["direction"] == "inbound"]


async def has_all(desk: Desk, attendance: str, wanted: list[str]) -> None:
    await eventually(
        lambda: texts(desk, attendance), lambda it: len(it) >= len(wanted), patience=60
    )
    assert await texts(desk, attendance) == wanted


async def writes_all(phone: Phone, wanted: list[str]) -> None:
    for it in wanted:
        await phone.writes(it)
        await asyncio.sleep(0.01)


async def test_a_rolling_restart_under_load_loses_and_doubles_nothing(office: Apart) -> None:
    api, consumer, bot = await office.start("api", "consumer", "bot")
    visitor = await office.visit(api)
    desk, phone = await visitor.desk(), visitor.phone("+5511300000001")
    await phone.writes("0")
    attendance = (await desk.attendance_of(phone.number))["id"]
    await desk.does(attendance, "take")

    writing = asyncio.create_task(writes_all(phone, [str(n) for n in range(1, 60)]))
    replying = asyncio.create_task(_answers(desk, attendance, [f"r{n}" for n in range(30)]))
    for old in (consumer, bot):
        await office.start(old.role)
        assert await asyncio.to_thread(old.stop) == 0, old.error("it did not end in order")
    await asyncio.gather(writing, replying)

    await has_all(desk, attendance, [str(n) for n in range(60)])
    wanted = [f"r{n}" for n in range(30)]
    await eventually(phone.received, lambda it: len(it) >= len(wanted), patience=60)
    assert await phone.received() == wanted


async def _answers(desk: Desk, attendance: str, wanted: list[str]) -> None:
    for it in wanted:
        await desk.reply(attendance, it)
        await asyncio.sleep(0.03)


async def test_a_frozen_broker_is_told_and_everything_waits_visibly(
    office: Apart, node: Node
) -> None:
    api, consumer, bot = await office.start("api", "consumer", "bot")
    visitor = await office.visit(api)
    desk, phone = await visitor.desk(), visitor.phone("+5511300000002")
    await phone.writes("before")
    attendance = (await desk.attendance_of(phone.number))["id"]
    await desk.does(attendance, "take")
    node.freeze()
    try:
        said = await phone.writes("meanwhile")
        replied = await desk.reply(attendance, "answer")  # 201: it is stored
        for it in (consumer, bot):
            await eventually(partial(asyncio.to_thread, it.is_ready), lambda ready: not ready)
        assert await asyncio.to_thread(api.is_ready)  # it needs no broker
        assert await phone.ticks(said) == "sent"  # not acknowledged upstream
        assert (await desk.message(replied))["delivery"] == "queued"
        assert await texts(desk, attendance) == ["before"]
    finally:
        node.thaw()
    await has_all(desk, attendance, ["before", "meanwhile"])
    await phone.receives("answer")
    await desk.delivered_as(replied, "delivered")
    for it in (consumer, bot):
        await eventually(partial(asyncio.to_thread, it.is_ready))


STUCK = "+5511300000003"
SLOW = {"HELPDESK__POSTGRES__TIMEOUT_SECONDS": "60"}


@asynccontextmanager
async def stuck(office: Apart, visitor: Visitor) -> AsyncIterator[None]:
    """Inside, whoever stores a message waits for us."""
    rival = await asyncpg.connect(office.environment["HELPDESK__POSTGRES__DSN"])
    try:
        async with rival.transaction():
            await rival.execute("LOCK TABLE client IN EXCLUSIVE MODE")
            await visitor.phone(STUCK).writes("stuck")
            yield
    finally:
        await rival.close()


async def test_a_second_signal_ends_at_once_and_the_deadline_in_order(office: Apart) -> None:
    api, _ = await office.start("api", "bot")
    visitor = await office.visit(api)
    async with stuck(office, visitor):
        (patient,) = await office.start("consumer", **SLOW)
        await _is_waiting(office)
        assert patient.process is not None
        patient.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(1)
        assert patient.process.poll() is None, "it did not wait for what is being handled"
        patient.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(patient.process.wait, 60) == -signal.SIGTERM

        (hasty,) = await office.start("consumer", HELPDESK__PROCESS__STOP_SECONDS="2", **SLOW)
        await _is_waiting(office)
        # `stop` has less patience than the statement that it waits for.
        assert await asyncio.to_thread(hasty.stop) == 0
    await office.start("consumer")
    desk = await visitor.desk()
    attendance = await desk.attendance_of(STUCK)
    assert await texts(desk, attendance["id"]) == ["stuck"]


async def _is_waiting(office: Apart) -> None:
    """Return when a consumer waits for the locked table."""
    looking = await asyncpg.connect(office.environment["HELPDESK__POSTGRES__DSN"])
    try:
        query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        await eventually(lambda: looking.fetchval(query))
    finally:
        await looking.close()
