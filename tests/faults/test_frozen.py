"""Who is frozen, by SIGSTOP, and comes back: nothing is lost, and nobody does what is another's."""

import asyncio
import random
import re
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.faults.judgement import judge
from tests.faults.load import Witness, load_of
from tests.faults.storm import SETTINGS, entering
from tests.faults.test_database import works_again
from tests.support.desk import Desk, Json, Visitor, eventually
from tests.support.server import Server
from tests.support.split import Split, split

SEED: Final = 5
LONG: Final = 60.0  # seconds; nothing is judged by its speed
QUICK: Final = {
    **SETTINGS,
    "HELPDESK__AMQP__HEARTBEAT_SECONDS": "2",
    "HELPDESK__AMQP__TIMEOUT_SECONDS": "2",
    "HELPDESK__BOT__LEASE_SECONDS": "3",
}
HANDLED: Final = re.compile(
    r'^helpdesk_deliveries_total\{outcome="handled",queue="session"\} (\S+)', re.MULTILINE
)


@asynccontextmanager
async def office(place: Path, *, bot: int) -> AsyncIterator[tuple[Split, Visitor]]:
    async with (
        split(place, api=1, consumer=1, bot=bot, **QUICK) as its,
        entering(its, place, random.Random(SEED)) as visitor,
    ):
        yield its, visitor


@pytest.mark.slow
async def test_a_broker_that_freezes_and_comes_back_costs_nothing_but_time(tmp_path: Path) -> None:
    async with office(tmp_path, bot=1) as (its, visitor):
        load = await load_of(visitor, SEED)
        witness = Witness(load.desk)
        async with witness.watching():
            async with load.going_on():
                await works_again(load)
                its.node.freeze()
                try:
                    await until_unwell(its.of("bot") + its.of("consumer"))
                    await asyncio.sleep(4)
                finally:
                    its.node.thaw()
                await works_again(load)
            await judge(load, witness)
        for it in its.servers.values():
            await asyncio.to_thread(it.wait_until_ready)


async def until_unwell(servers: list[Server]) -> None:
    """Wait until all of them say that they are not ready."""

    async def ready() -> list[bool]:
        return await asyncio.gather(*(asyncio.to_thread(it.is_ready) for it in servers))

    await eventually(ready, lambda them: not any(them), patience=LONG)


@pytest.mark.slow
async def test_a_bot_that_wakes_after_its_lease_sends_nothing(tmp_path: Path) -> None:
    async with office(tmp_path, bot=2) as (its, visitor):
        desk, phone = await visitor.desk(), visitor.phone("+5511987654321")
        await phone.writes("Olá")
        attendance = await desk.attendance_of(phone.number)
        await arrived(desk, [await desk.reply(attendance["id"], "answer 0")])

        owner = await holder(its)
        before = await asyncio.to_thread(handled, its.servers[owner])
        its.freeze(owner)
        replies = [await desk.reply(attendance["id"], f"answer {n}") for n in range(1, 11)]
        await arrived(desk, replies)
        successor = await holder(its)
        assert successor != owner

        its.thaw(owner)
        await eventually(lambda: logged(its.servers[owner], "lease_lost"), patience=LONG)
        replies += [await desk.reply(attendance["id"], f"answer {n}") for n in range(11, 16)]
        await arrived(desk, replies)

        assert await asyncio.to_thread(handled, its.servers[owner]) == before
        assert {it for reply in replies for it in await senders(desk, reply)} == {successor}
        assert await phone.received() == [f"answer {n}" for n in range(16)]
        assert await holder(its) == successor


@pytest.mark.slow
async def test_a_bot_frozen_in_the_middle_of_sending_doubles_nothing(tmp_path: Path) -> None:
    async with office(tmp_path, bot=2) as (its, visitor):
        desk, phone = await visitor.desk(), visitor.phone("+5511987654322")
        await phone.writes("Olá")
        attendance = await desk.attendance_of(phone.number)
        await desk.patch("/simulator/state", {"latency_ms": 2000})
        owner = await holder(its)
        reply = await desk.reply(attendance["id"], "answer")
        await asyncio.sleep(0.5)  # it is being sent, or about to be
        its.freeze(owner)
        await desk.patch("/simulator/state", {"latency_ms": 0})
        await arrived(desk, [reply])
        assert await holder(its) != owner
        its.thaw(owner)
        await eventually(lambda: logged(its.servers[owner], "lease_lost"), patience=LONG)
        await arrived(desk, [await desk.reply(attendance["id"], "another")])
        assert await phone.received() == ["answer", "another"]


async def holder(its: Split) -> str:
    """Name the bot that holds the session."""
    rows = await its.ask("SELECT owner FROM lease WHERE name LIKE 'session:%'")
    return str(rows[0]["owner"]).partition("/")[0]


async def arrived(desk: Desk, replies: list[Json]) -> None:
    async def states() -> list[str]:
        return [(await desk.message(it))["delivery"] for it in replies]

    await eventually(states, lambda them: set(them) == {"delivered"}, patience=LONG)


async def senders(desk: Desk, reply: Json) -> list[str]:
    """Name the processes that sent it, by its journey."""

    async def sendings() -> list[Json]:
        steps = await desk.items(f"/v1/messages/{reply['id']}/journey")
        return [it for it in steps if it["name"] == "sending"]

    return [it["process"] for it in await eventually(sendings)]


async def logged(server: Server, what: str) -> bool:
    return what in await asyncio.to_thread(server.logged)


def handled(server: Server) -> float:
    """How many commands it carried out since it started."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        found = HANDLED.search(answer.read().decode())
    return float(found[1]) if found else 0.0
