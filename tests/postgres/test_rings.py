"""Two processes, one database: what one writes wakes the other; a lost ring costs a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from helpdesk.adapters.system.bells import Bells
from helpdesk.domain.sector import TeamChanged
from helpdesk.domain.visibility import Audience
from helpdesk.opening import Opening, opening
from helpdesk.ports.feed import CursorTooOldError, Feed, FeedItem
from helpdesk.ports.outbox import Destination, Envelope, Outbox
from helpdesk.ports.store import Store
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.postgres import administration, postgres_opening

SOON = 0.4  # seconds; under half of what looking now and then would take
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def both() -> AsyncIterator[tuple[Opening, Opening]]:
    """The same installation in two processes, as far as the adapter can tell."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(postgres_opening())
        other = await stack.enter_async_context(opening(one.settings))
        for it in (one, other):
            for port in ("store", "outbox", "feed"):
                await it.port(port)
        await asyncio.sleep(0.1)  # until both listen
        yield one, other


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every topic that is rung, in either."""
    topics, ring = list[str](), Bells.ring

    def listening(it: Bells, *rung: str) -> None:
        topics.extend(rung)
        ring(it, *rung)

    monkeypatch.setattr(Bells, "ring", listening)
    return topics


async def tell(store: Store) -> None:
    async with store.transaction() as work:
        await work.emit(TeamChanged(at=NOON))


async def push(feed: Feed, count: int = 1) -> None:
    everyone = Audience(everyone=True)
    await feed.push(
        [
            (Envelope(id=fresh(), event=TeamChanged(at=NOON), correlation=""), everyone)
            for _ in range(count)
        ]
    )


async def comes_soon(items: AsyncIterator[FeedItem], writer: Feed) -> int:
    """Push something, and return its cursor when it has come at once to who follows already."""
    waiting = asyncio.ensure_future(anext(items))
    await asyncio.sleep(0.05)
    begun = monotonic()
    await push(writer)
    item = await waiting
    assert monotonic() - begun < SOON
    return item.cursor


async def test_a_commit_wakes_the_relay_of_another_process(both: tuple[Opening, Opening]) -> None:
    store: Store = await both[0].port("store")
    outbox: Outbox = await both[1].port("outbox")
    async with outbox.listen(Destination.FEED) as bell:
        for _ in range(3):
            waiting = asyncio.ensure_future(bell(5))
            await asyncio.sleep(0.05)
            begun = monotonic()
            await tell(store)
            await waiting
            assert monotonic() - begun < SOON


async def test_whoever_relays_is_not_woken_by_way_of_others(both: tuple[Opening, Opening]) -> None:
    """What it writes itself it hears at once, and others are not told until it ends."""
    store: Store = await both[0].port("store")
    here, there = [await it.port("outbox") for it in both]
    async with there.listen(Destination.FEED) as far:
        async with here.listen(Destination.FEED) as near:
            await far(0.2)
            await tell(store)
            assert await near(1)
            assert not await far(0.2)
        await tell(store)
        assert await far(SOON)


async def test_a_push_reaches_followers_in_another_process(both: tuple[Opening, Opening]) -> None:
    writer: Feed = await both[0].port("feed")
    reader: Feed = await both[1].port("feed")
    items = aiter(reader.follow(0))
    for cursor in (1, 2, 3):
        assert await comes_soon(items, writer) == cursor


async def test_pushes_at_once_from_two_processes_miss_nobody(
    both: tuple[Opening, Opening],
) -> None:
    writers: list[Feed] = [await it.port("feed") for it in both]
    seen: list[int] = []

    async def follow(feed: Feed) -> None:
        async for item in feed.follow(0):
            seen.append(item.cursor)
            if item.cursor == 400:
                return

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for feed in writers:
            group.create_task(follow(feed))
        for n in range(80):
            group.create_task(push(writers[n % 2], 5))
    assert sorted(seen) == sorted([*range(1, 401)] * 2)


async def test_nobody_is_told_of_what_nobody_listens_to(
    both: tuple[Opening, Opening], told: list[str]
) -> None:
    store: Store = await both[0].port("store")
    outbox: Outbox = await both[1].port("outbox")
    await tell(store)
    await asyncio.sleep(0.2)
    assert told == ["outbox:feed"]  # in the process that wrote it
    async with outbox.listen(Destination.FEED) as bell:
        assert await bell(SOON)  # it may have missed something
        assert not await bell(0.1)
        await tell(store)
        assert await bell(SOON)
    await tell(store)
    await asyncio.sleep(0.2)  # until it is not listened to any more
    told.clear()
    await tell(store)
    await asyncio.sleep(0.2)
    assert told == ["outbox:feed"]


async def test_who_follows_in_no_hurry_is_not_told_of_each_push(
    both: tuple[Opening, Opening], told: list[str]
) -> None:
    writer: Feed = await both[0].port("feed")
    reader: Feed = await both[1].port("feed")
    items = aiter(reader.follow(0, hurry=False))
    for cursor in (1, 2):
        await push(writer)
        assert (await anext(items)).cursor == cursor
    await asyncio.sleep(0.2)
    assert told == ["feed", "feed"]  # in the process that pushed
    hurried = aiter(reader.follow(2))
    for cursor in (3, 4):
        assert await comes_soon(hurried, writer) == cursor


async def cursors(feed: Feed, since: int, upto: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(60):
        async for item in feed.follow(since):
            found.append(item.cursor)
            if item.cursor == upto:
                return found
    raise AssertionError


async def test_who_was_away_for_more_than_is_at_hand_misses_nothing(
    both: tuple[Opening, Opening],
) -> None:
    feed: Feed = await both[0].port("feed")
    assert await feed.head() == 0
    staying = asyncio.create_task(cursors(feed, 0, 3001))  # something is at hand while one follows
    for _ in range(6):
        await push(feed, 500)
    await cursors(feed, 2990, 3000)  # until what is at hand begins at 1001
    for since in (0, 999, 1000, 1001, 2998):
        assert await cursors(feed, since, 3000) == [*range(since + 1, 3001)]
    await push(feed)
    assert await staying == [*range(1, 3002)]


async def test_who_follows_after_a_while_without_followers_misses_nothing(
    both: tuple[Opening, Opening],
) -> None:
    feed: Feed = await both[0].port("feed")
    for upto in (3, 6, 9):
        following = asyncio.create_task(cursors(feed, upto - 3, upto))
        await push(await both[1].port("feed"), 3)
        assert await following == [*range(upto - 2, upto + 1)]


async def test_a_process_that_starts_late_shows_what_was_before(
    both: tuple[Opening, Opening],
) -> None:
    await push(await both[0].port("feed"), 700)
    async with opening(both[0].settings) as late:
        feed: Feed = await late.port("feed")
        following = asyncio.create_task(cursors(feed, 100, 701))
        await asyncio.sleep(0.2)
        await push(feed)
        assert await following == [*range(101, 702)]


async def test_a_slow_follower_is_told_when_what_it_missed_was_forgotten(
    both: tuple[Opening, Opening],
) -> None:
    feed: Feed = await both[0].port("feed")
    await push(feed, 600)
    async with opening(both[0].settings) as late:
        slow: Feed = await late.port("feed")
        items = aiter(slow.follow(0))
        assert (await anext(items)).cursor == 1
        await feed.prune(before=datetime.now(UTC) + timedelta(hours=1))
        with pytest.raises(CursorTooOldError):
            async for _ in items:
                pass


async def test_whoever_follows_lives_through_broken_connections(
    both: tuple[Opening, Opening],
) -> None:
    writer: Feed = await both[0].port("feed")
    reader: Feed = await both[1].port("feed")
    items = aiter(reader.follow(0))
    await push(writer)
    assert (await anext(items)).cursor == 1
    async with administration(both[0].settings.postgres.dsn) as admin:
        await admin.execute(CUT)
        for _ in range(3):
            await admin.execute("UPDATE feed_head SET cursor = cursor + 1")
            await admin.execute(
                "INSERT INTO feed_item (cursor, id, type, body, correlation, audience)"
                " SELECT cursor, gen_random_uuid(), 'team.changed.v1',"
                " '{\"at\":\"2026-11-23T12:00:00Z\"}', '', '{\"everyone\":true}' FROM feed_head"
            )
        async with asyncio.timeout(60):
            assert [(await anext(items)).cursor for _ in range(3)] == [2, 3, 4]
    async with asyncio.timeout(60):  # and it is woken again
        while True:
            waiting = asyncio.ensure_future(anext(items))
            await asyncio.sleep(0.5)
            begun = monotonic()
            await push(writer)
            await waiting
            if monotonic() - begun < SOON:
                return


async def test_whoever_follows_lives_through_what_nobody_thought_of(
    both: tuple[Opening, Opening],
) -> None:
    writer: Feed = await both[0].port("feed")
    reader: Feed = await both[1].port("feed")
    items = aiter(reader.follow(0))
    await push(writer)
    assert (await anext(items)).cursor == 1
    async with administration(both[0].settings.postgres.dsn) as admin:
        await admin.execute("ALTER TABLE feed_item RENAME TO feed_item_lost")
        await asyncio.sleep(1.5)  # every process has looked for it
        await admin.execute("ALTER TABLE feed_item_lost RENAME TO feed_item")
    await push(writer)
    async with asyncio.timeout(60):
        assert (await anext(items)).cursor == 2
