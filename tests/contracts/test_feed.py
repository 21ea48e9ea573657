"""The feed: whoever comes back with a cursor gets exactly what was missed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from time import monotonic
from typing import TypeAlias

import pytest

from helpdesk.domain.client import ClientChanged
from helpdesk.domain.ids import AttendantId, ClientId, SectorId
from helpdesk.domain.visibility import Audience
from helpdesk.ports.feed import CursorTooOldError, Feed, FeedItem
from helpdesk.ports.outbox import Envelope
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.waiting import race, soon

Entry: TypeAlias = tuple[Envelope, Audience]

HOUR = timedelta(hours=1)
AT_ONCE = 0.25  # seconds; under half of what a slow poll would take


def an_entry(audience: Audience | None = None) -> Entry:
    event = ClientChanged(at=NOON, client_id=ClientId(fresh()))
    envelope = Envelope(id=fresh(), event=event, correlation=f"cause-{event.client_id}")
    return envelope, audience or Audience(everyone=True)


def entries(count: int) -> list[Entry]:
    return [an_entry() for _ in range(count)]


def shown(items: Sequence[FeedItem]) -> list[Entry]:
    return [(it.envelope, it.audience) for it in items]


async def taken(feed: Feed, since: int, count: int) -> list[FeedItem]:
    """Follow from `since` until `count` items came."""
    async with following(feed, since) as items:
        return [await soon(anext(items)) for _ in range(count)]


@asynccontextmanager
async def following(
    feed: Feed, since: int, *, hurry: bool = True
) -> AsyncIterator[AsyncIterator[FeedItem]]:
    items = feed.follow(since, hurry=hurry)
    try:
        yield items
    finally:
        close = getattr(items, "aclose", None)
        if close is not None:
            await close()


async def test_who_is_in_no_hurry_misses_nothing(feed: Feed) -> None:
    pushed = entries(3)
    await feed.push(pushed[:1])
    async with following(feed, 0, hurry=False) as items:
        found = [await soon(anext(items))]
        await feed.push(pushed[1:2])
        found.append(await soon(anext(items)))
        async with following(feed, 0) as hurried:  # who comes meanwhile does not wait with it
            assert shown([await soon(anext(hurried)) for _ in range(2)]) == pushed[:2]
            await feed.push(pushed[2:])
            assert shown([await soon(anext(hurried))]) == pushed[2:]
        found.append(await soon(anext(items)))
    assert shown(found) == pushed


async def test_it_begins_before_the_first(feed: Feed) -> None:
    assert await feed.head() == 0


async def test_what_was_pushed_comes_in_order_with_everything_it_had(feed: Feed) -> None:
    audience = Audience(
        attendants=frozenset({AttendantId(fresh()), AttendantId(fresh())}),
        managers_of=frozenset({SectorId(fresh())}),
        members_of=frozenset({SectorId(fresh()), SectorId(fresh())}),
    )
    pushed = [an_entry(), an_entry(audience), an_entry(Audience())]
    await feed.push(pushed[:2])
    await feed.push(pushed[2:])
    items = await taken(feed, 0, 3)
    assert shown(items) == pushed
    assert items[-1].cursor == await feed.head()


async def test_nothing_to_push_is_no_step(feed: Feed) -> None:
    await feed.push([])
    assert await feed.head() == 0


async def test_who_comes_back_gets_what_came_after_the_cursor(feed: Feed) -> None:
    pushed = entries(5)
    await feed.push(pushed)
    items = await taken(feed, 0, 5)
    for seen, item in enumerate(items[:-1], start=1):
        assert shown(await taken(feed, item.cursor, 5 - seen)) == pushed[seen:]


async def test_a_follower_is_woken_at_once(feed: Feed) -> None:
    await feed.push(entries(1))
    took = []
    async with following(feed, await feed.head()) as items:
        for _ in range(5):
            coming = asyncio.ensure_future(anext(items))
            await asyncio.sleep(0.05)
            assert not coming.done()
            pushed = entries(1)
            begun = monotonic()
            await feed.push(pushed)
            assert shown([await soon(coming)]) == pushed
            took.append(monotonic() - begun)
    assert median(took) < AT_ONCE


async def test_every_follower_gets_everything(feed: Feed) -> None:
    followers = [asyncio.create_task(taken(feed, 0, 6)) for _ in range(5)]
    pushed = entries(6)
    for it in pushed:
        await feed.push([it])
    for follower in followers:
        assert shown(await soon(follower)) == pushed


async def test_rivals_who_push_at_once_lose_nothing_and_a_follower_misses_nothing(
    feed: Feed,
) -> None:
    batches = [entries(3) for _ in range(12)]
    live = asyncio.create_task(taken(feed, 0, 36))
    await race(*(feed.push(it) for it in batches))
    items = await soon(live)
    cursors = [it.cursor for it in items]
    assert cursors == sorted(set(cursors))
    ids = [it.envelope.id for it in items]
    for batch in batches:
        assert [id for id in ids if id in {it.id for it, _ in batch}] == [it.id for it, _ in batch]
    assert await taken(feed, 0, 36) == items


async def test_what_was_pushed_before_is_left_out(feed: Feed) -> None:
    pushed = entries(4)
    await feed.push(pushed[:2])
    await feed.push(pushed[1:])
    await race(*(feed.push(pushed) for _ in range(4)))
    last = entries(1)
    await feed.push(last)
    assert shown(await taken(feed, 0, 5)) == pushed + last


async def test_what_came_between_two_cursors_is_counted(feed: Feed) -> None:
    first = entries(3)
    await feed.push(first)
    assert [await feed.count(0, until) for until in (0, 2, 3, 99)] == [0, 2, 3, 3]
    await feed.push([first[2]])  # may take a cursor, and is no item
    head = await feed.head()
    assert await feed.count(3, head) == 0
    await feed.push(entries(2))
    assert await feed.count(head, await feed.head()) == 2


async def test_who_was_away_for_too_long_is_told(feed: Feed) -> None:
    await feed.push(entries(3))
    first = (await taken(feed, 0, 1))[0].cursor
    await feed.prune(before=datetime.now(UTC) + HOUR)
    for since in (0, first):
        with pytest.raises(CursorTooOldError):
            await taken(feed, since, 1)


async def test_who_had_seen_all_that_was_forgotten_goes_on(feed: Feed) -> None:
    await feed.push(entries(3))
    head = await feed.head()
    await feed.prune(before=datetime.now(UTC) + HOUR)
    assert await feed.head() == head
    pushed = entries(1)
    await feed.push(pushed)
    assert shown(await taken(feed, head, 1)) == pushed


async def test_what_is_young_is_not_forgotten(feed: Feed) -> None:
    pushed = entries(3)
    await feed.push(pushed)
    await feed.prune(before=datetime.now(UTC) - HOUR)
    assert shown(await taken(feed, 0, 3)) == pushed


async def test_a_cursor_of_another_feed_is_told_from_ours(feed: Feed) -> None:
    await feed.push(entries(1))
    with pytest.raises(CursorTooOldError):
        await taken(feed, await feed.head() + 1, 1)


async def test_a_follower_who_leaves_holds_up_nobody(feed: Feed) -> None:
    gone = asyncio.create_task(taken(feed, 0, 9))
    await asyncio.sleep(0.05)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    pushed = entries(2)
    await soon(feed.push(pushed))
    assert shown(await taken(feed, 0, 2)) == pushed
