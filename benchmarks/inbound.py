"""How many messages of clients are stored a second, and how soon a dashboard has them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeAlias
from uuid import uuid4

from benchmarks import disk, limit, table
from benchmarks.http import Connection
from benchmarks.office import CONNECTIONS, PEOPLE, Office, office
from helpdesk.container import UseCases
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Content, Kind
from helpdesk.opening import opening
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from helpdesk.settings import Settings
from helpdesk.wiring import use_cases

Say: TypeAlias = Callable[[str, str], Coroutine[Any, Any, None]]  # a phone's number, a text

SECONDS: Final = 10
AT_ONCE: Final = 64  # reports with the broker, as the bridge hands them over
STORED: Final = "SELECT count(*) FROM message WHERE direction = 'inbound'"


async def measure(place: Path) -> float:
    """Return the rate from end to end."""
    async with consumer(place / "consumer") as (cases, data):
        await _publish(cases, seconds=2)
        before = await limit.rate(data, limit.INBOUND, seconds=SECONDS // 2)
        consumed = await _publish(cases, seconds=SECONDS)
        after = await limit.rate(data, limit.INBOUND, seconds=SECONDS // 2)
    async with office(place / "office") as it:
        async with posting(it) as say:
            whole = await through(it, say)
        machine = await limit.rate(it.data, limit.INBOUND, seconds=SECONDS // 2)
    bare = (before + after) / 2
    table.show(
        "Messages of clients",
        ("", "per second", "of pgbench"),
        [
            ("pgbench, the same rows", bare, 1.0),
            ("stored: broker and consumer", consumed, consumed / bare),
            ("pgbench, on the server of the next line", machine, 1.0),
            ("stored: simulated phone, bridge, broker, consumer", whole, whole / machine),
        ],
        f"""{PEOPLE} people who have open attendances, {SECONDS} s each.  Broker and consumer: a
        process of their own, {AT_ONCE} reports under way, nothing else runs.  Simulated phones:
        POST /simulator/phones/… over {CONNECTIONS} connections to the real server, which stores
        each message on the phone first, and relays its events meanwhile; until the last one was
        stored.""",
    )
    return whole


@asynccontextmanager
async def consumer(place: Path) -> AsyncIterator[tuple[UseCases, Path]]:
    """The consumer's part of the process, on an embedded database of its own."""
    settings = replace(Settings(), data_dir=str(place))
    async with opening(settings) as opened:
        cases = await use_cases(opened, "store", "outbox", "broker", "media")
        await cases.found()(password="correct horse battery")
        consume = cases.consume_reports()

        async def handle(envelope: Envelope) -> None:
            await consume(envelope.event)

        async with cases.broker().serve(INBOUND, handle):
            yield cases, settings.data_path


async def _publish(cases: UseCases, *, seconds: float) -> float:
    async with cases.store().transaction() as work:
        session = (await work.sessions.all())[0].id
    people = callers()
    broker, until, done = cases.broker(), perf_counter() + seconds, 0

    async def report(mine: list[Identity]) -> None:
        nonlocal done
        while perf_counter() < until:
            for it in mine:
                written = envelope(session, it, done)
                await broker.publish(INBOUND, written, key=written.event.key)  # type: ignore[attr-defined]
                done += 1

    began = perf_counter()
    await asyncio.gather(*(report(people[n::AT_ONCE]) for n in range(AT_ONCE)))
    return done / (perf_counter() - began)


def callers() -> list[Identity]:
    """The same people as those of the office."""
    return [Identity.phone(f"+5511300{n:05}") for n in range(PEOPLE)]


def envelope(session: SessionId, sender: Identity, number: int) -> Envelope:
    at = datetime.now(UTC)
    report = InboundMessage(
        at=at,
        session_id=session,
        provider_id=str(uuid4()),
        sender=(sender,),
        sender_name="",
        content=Content(Kind.TEXT, f"message number {number}"),
        sent_at=at,
        quote_provider_id=None,
    )
    return Envelope(id=uuid4(), event=report, correlation="")


@asynccontextmanager
async def posting(it: Office) -> AsyncIterator[Say]:
    """Phones that speak over HTTP."""
    async with it.connections() as connections:
        free = asyncio.Queue[Connection]()
        for one in connections:
            free.put_nowait(one)

        async def say(phone: str, text: str) -> None:
            connection = await free.get()
            answer = await connection.post(f"/simulator/phones/{phone}/messages", {"text": text})
            assert json.loads(answer)["text"] == text
            free.put_nowait(connection)

        yield say


async def write(it: Office, say: Say, *, seconds: float) -> None:
    """Let people write as fast as their phones can."""
    until = perf_counter() + seconds

    async def go_on(number: int) -> None:
        while True:
            for phone in it.phones[number::CONNECTIONS]:
                if perf_counter() > until:
                    return
                await say(phone, "Olá de novo")

    await asyncio.gather(*(go_on(n) for n in range(CONNECTIONS)))


async def through(it: Office, say: Say) -> float:
    """Messages a second, until the bridge is rid of the last one, since it is stored."""
    await write(it, say, seconds=2)
    await it.is_quiet()
    stored = await it.count(STORED)
    began = perf_counter()
    await write(it, say, seconds=SECONDS)
    await it.has_told()
    return (await it.count(STORED) - stored) / (perf_counter() - began)


async def _is_worked_off(it: Office) -> None:
    before, stored = -1, await it.count(STORED)
    while stored > before:
        await asyncio.sleep(1)
        before, stored = stored, await it.count(STORED)
    await it.is_quiet()


async def latency(it: Office, say: Say, rate: float, where: str) -> None:
    """From the phone to a dashboard, at a given rate, when nothing waits in queues any more."""
    await _is_worked_off(it)
    async with it.desk.feed() as feed:
        sent: dict[str, float] = {}
        took: list[float] = []

        async def listen() -> None:
            while True:
                frame = await feed.next_frame()
                if frame.get("event") == "message.received.v1":
                    at = sent.get(frame["payload"]["message"]["text"])
                    if at is not None:  # what was written before this may still be told
                        took.append(perf_counter() - at)

        listening = asyncio.create_task(listen())
        with disk.durable_writes(it.data) as writes:
            await _speak(it, say, rate, sent)
        await it.is_quiet()
        await asyncio.sleep(0.2)
        listening.cancel()
    rows = [
        ("a message, at half of what gets through", rate, took),
        ("a page on the same disk", len(writes) / SECONDS, writes),
    ]
    table.show(
        f"From the phone to the dashboard, {where}",
        ("", "per second", "p50 ms", "p99 ms", "longest ms"),
        [(name, often, *table.percentiles(it), max(it) * 1000) for name, often, it in rows],
        f"""{len(took):,} messages of {PEOPLE} people at even intervals for {SECONDS} s: from before
        the phone says it until the WebSocket of a dashboard has the event.  Below: how long
        {disk.SIZE // 1024} KiB that a thread writes meanwhile take to be durable.  A message waits
        for three such writes, and for each with all that come after it.""",
    )


async def _speak(it: Office, say: Say, rate: float, sent: dict[str, float]) -> None:
    """Note when each text began."""
    async with asyncio.TaskGroup() as group:
        began = perf_counter()
        for number in range(int(rate * SECONDS)):
            await asyncio.sleep(began + number / rate - perf_counter())
            text = f"number {number}"
            sent[text] = perf_counter()
            group.create_task(say(it.phones[number % PEOPLE], text))
