"""Events through the Firestore adapter, beside raw writes of the same documents."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from benchmarks import table
from benchmarks.process import memory
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.usecases.project_feed import ProjectFeed
from helpdesk.domain.visibility import audience_of
from helpdesk.neighbours import Firebase
from helpdesk.opening import Opening, opening
from helpdesk.ports.feed import Feed
from helpdesk.ports.outbox import Envelope
from helpdesk.settings import Adapters, Settings
from tests.support.builders import an_attendance, fresh, received
from tests.support.google import service_account

EVENTS: Final = 5000
ROUNDS: Final = 3
TOGETHER: Final = 400  # documents of one raw commit
_PUSHED: Final = 500


async def measure(place: Path) -> None:
    place.mkdir(parents=True)
    async with service_account(place) as account:
        with _firestore() as host:
            os.environ["FIRESTORE_EMULATOR_HOST"] = host
            firebase = Firebase(credentials=account.path, api_key="a-key")
            chosen = Adapters(feed="firebase")
            settings = Settings(data_dir=str(place / "data"), adapters=chosen, firebase=firebase)
            async with opening(settings) as opened:
                await _compare(opened)
            os.environ.pop("FIRESTORE_EMULATOR_HOST")


async def _compare(opened: Opening) -> None:
    store, feed = await opened.port("store"), await opened.port("feed")
    before, _ = memory(os.getpid())
    live = await opened.port("live")
    imported, _ = memory(os.getpid())
    project = ProjectFeed(store=store, feed=feed, live=live)
    raw, ours, count = [], [], 0
    for _ in range(ROUNDS):
        await _advance(project, await feed.head())
        await _tell(feed)
        documents = await _documents(feed, await feed.head() - EVENTS)
        count = len(documents)
        raw.append(EVENTS / await _raw(documents))
        ours.append(EVENTS / await _projected(project))
    grown, _ = memory(os.getpid())
    raw_rate, rate = median(raw), median(ours)
    table.show(
        "Events into Firestore",
        ("", "events/s", "documents/s", "of raw", "MB"),
        [
            ("raw firestore_async, batches", raw_rate, raw_rate * count / EVENTS, 1.0, ""),
            ("from the feed, cursor kept", rate, rate * count / EVENTS, rate / raw_rate, ""),
            ("memory before Google's libraries", "", "", "", before),
            ("with them", "", "", "", imported),
            ("at the end", "", "", "", grown),
        ],
        f"""{EVENTS:,} messages of clients, {count / EVENTS:.1f} documents each, median of {ROUNDS};
        both in the same run, in turns.  Raw: the same documents, made before, {TOGETHER} a commit,
        one commit after the other.  Ours: read from PostgreSQL, made into documents, written,
        and the cursor kept.  Firestore is the tests' stand-in, in a process of its own.  Memory:
        RSS of this process, documents for the comparison included.""",
    )


async def _tell(feed: Feed) -> None:
    """Let clients write to people who have their attendances."""
    at, holder = datetime.now(UTC), AttendantId(fresh())
    held: Attendance = an_attendance(at=at).state.take(holder, at=at).state
    told = []
    for _ in range(EVENTS):
        heard, message = received(held, "Olá, tudo bem?", at=at)
        held = heard.state
        [event] = message.events
        told.append((Envelope(id=fresh(), event=event, correlation="bench"), audience_of(event)))
    for start in range(0, EVENTS, _PUSHED):
        await feed.push(told[start : start + _PUSHED])


async def _documents(feed: Feed, since: int) -> list[tuple[str, dict[str, Any]]]:
    from helpdesk.adapters.firebase.documents import documents_of  # noqa: PLC0415 - measured above

    keep, head = timedelta(hours=48), await feed.head()
    found: list[tuple[str, dict[str, Any]]] = []
    async for item in feed.follow(since):
        found += [(it.path, it.content) for it in documents_of(item, keep=keep)]
        if item.cursor == head:
            break
    return found


async def _raw(documents: Sequence[tuple[str, dict[str, Any]]]) -> float:
    """Write as one would by hand; return how long it took."""
    from google.cloud.firestore import AsyncClient  # noqa: PLC0415 - imported late, as ours is

    client = AsyncClient(project="raw")
    began = perf_counter()
    for start in range(0, len(documents), TOGETHER):
        batch = client.batch()
        for path, content in documents[start : start + TOGETHER]:
            batch.set(client.document(path), content)
        await batch.commit()
    return perf_counter() - began


async def _projected(project: ProjectFeed) -> float:
    head, began = await project.feed.head(), perf_counter()
    running = asyncio.create_task(project())
    while await _cursor(project) != head:
        await asyncio.sleep(0.02)
    took = perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took


async def _cursor(project: ProjectFeed) -> int | None:
    async with project.store.transaction() as work:
        return await work.projection.cursor()


async def _advance(project: ProjectFeed, cursor: int) -> None:
    async with project.store.transaction() as work:
        await work.projection.advance(cursor)


@contextmanager
def _firestore() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.firestore_server"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        yield server.stdout.readline().strip()
    finally:
        server.communicate()
