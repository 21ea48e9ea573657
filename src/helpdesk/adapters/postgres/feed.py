"""The feed: what dashboards follow.

Whoever pushes locks one row, so that cursors become visible in their order and "after a cursor"
misses nothing.  While somebody follows, each process reads what is new once, for all who do, and
keeps the newest items at hand; who was away longer reads from the database until it has caught up.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from itertools import islice
from typing import Final

import msgspec
import structlog

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.rows import Row
from helpdesk.adapters.wire import events as wire
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.visibility import Audience
from helpdesk.ports.feed import CursorTooOldError, FeedItem
from helpdesk.ports.outbox import Envelope

TOPIC: Final = "feed"
_TAIL: Final = 2000  # items at hand for each process
_BATCH: Final = 500
_LOOK_AGAIN: Final = 1.0  # seconds: a ring may have been lost
_RETRY: Final = 0.5  # seconds until a database that does not answer is asked again
_NOWHERE: Final = 2**63 - 1  # beyond every cursor
_READABLE: Final = tuple(wire.NAMES)  # what a newer release told is nothing to us

_PUSH: Final = """
WITH head AS (UPDATE feed_head SET cursor = cursor + $1 RETURNING cursor - $1 AS before)
INSERT INTO feed_item (cursor, id, type, body, correlation, audience)
SELECT head.before + place, id, type, body, correlation, audience
FROM head, unnest($2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::bytea[]) WITH ORDINALITY
    AS it (id, type, body, correlation, audience, place)
ORDER BY place
ON CONFLICT (id) DO NOTHING
"""
_AFTER: Final = """
SELECT cursor, id, type, body, correlation, audience FROM feed_item
WHERE cursor > $1 AND type = ANY ($3) ORDER BY cursor LIMIT $2
"""
_COUNT: Final = """
SELECT count(*) FROM feed_item WHERE cursor > $1 AND cursor <= $2 AND type = ANY ($3)
"""
_HEAD: Final = "SELECT cursor, pruned FROM feed_head"
# The head first: a push that is under way ends before we look what is old.
_PRUNE: Final = """
WITH head AS MATERIALIZED (SELECT FROM feed_head FOR UPDATE), gone AS (
    DELETE FROM feed_item WHERE pushed_at < $1 AND EXISTS (SELECT FROM head) RETURNING cursor
)
UPDATE feed_head SET pruned = greatest(pruned, (SELECT max(cursor) FROM gone))
"""

_ENCODER: Final = msgspec.json.Encoder()
_AUDIENCE: Final = msgspec.json.Decoder(Audience)

log = structlog.get_logger()


class PostgresFeed:
    def __init__(self, database: Database, rings: Rings) -> None:
        self._database = database
        self._rings = rings
        self._tail: deque[FeedItem] = deque(maxlen=_TAIL)
        self._reach = _NOWHERE  # everything after this cursor and up to `_newest` is in the tail
        self._newest = 0
        self._grown = asyncio.Event()
        self._followers = 0
        self._followed = asyncio.Event()
        self._hurried = 0  # followers that wait for what is new
        self._hurry = asyncio.Event()

    async def push(self, entries: Sequence[tuple[Envelope, Audience]]) -> None:
        if not entries:
            return
        rows = [
            (it.id, *wire.encode(it.event), it.correlation, _ENCODER.encode(audience))
            for it, audience in entries
        ]
        await self._database.execute(_PUSH, len(rows), *zip(*rows, strict=True))
        self._rings.ring(TOPIC)

    async def head(self) -> int:
        return int(await self._database.fetchval("SELECT cursor FROM feed_head"))

    async def count(self, since: int, until: int) -> int:
        return int(await self._database.fetchval(_COUNT, since, until, _READABLE))

    async def follow(self, since: int, *, hurry: bool = True) -> AsyncIterator[FeedItem]:
        await self._check(since)
        with self._following(hurry=hurry):
            while True:
                grown = self._grown
                for item in await self._after(since):
                    yield item
                    since = item.cursor
                if since >= self._newest:
                    await grown.wait()

    async def prune(self, *, before: datetime) -> None:
        await self._database.execute(_PRUNE, before)

    async def run(self) -> None:
        """Read what is new, for all who follow, until cancelled."""
        while True:
            await self._followed.wait()
            self._reach = self._newest = await self._settled_head()
            self._wake()
            while self._followers:
                await (self._read_along() if self._hurried else self._read_by_and_by())
            self._tail.clear()
            self._reach = _NOWHERE  # until we read again

    async def _read_along(self) -> None:
        """Read what is new at once, while somebody waits for it."""
        async with self._rings.listen(TOPIC) as bell:
            while self._hurried:
                if await self._read_on() < _BATCH:
                    await bell(_LOOK_AGAIN)

    async def _read_by_and_by(self) -> None:
        """Read what is new now and then, and hear of nothing, until somebody waits for it."""
        if await self._read_on() < _BATCH:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self._hurry.wait()

    async def _read_on(self) -> int:
        """Read what is new, and return how much that was."""
        try:
            found = await self._read(self._newest)
        except UnavailableError as error:
            log.warning("feed_interrupted", reason=error.detail)
        except Exception:  # all dashboards would wait for ever for what nobody reads
            log.exception("feed_interrupted")
        else:
            self._grow(found)
            return len(found)
        await asyncio.sleep(_RETRY)
        return _BATCH  # there may be more

    @contextmanager
    def _following(self, *, hurry: bool) -> Iterator[None]:
        self._followers += 1
        self._followed.set()
        self._hurried += hurry
        if hurry:
            self._hurry.set()
        try:
            yield
        finally:
            self._followers -= 1
            self._hurried -= hurry
            if not self._followers:
                self._followed.clear()
            if not self._hurried:
                self._hurry.clear()

    def _grow(self, items: list[FeedItem]) -> None:
        if not items:
            return
        for item in items:
            if len(self._tail) == _TAIL:
                self._reach = self._tail[0].cursor
            self._tail.append(item)
        self._newest = items[-1].cursor
        self._wake()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    async def _after(self, since: int) -> list[FeedItem]:
        """What follows, as far as it is at hand; from the database when that is too far back."""
        if since < self._reach:
            return await self._replay(since)
        missed = 0
        for item in reversed(self._tail):
            if item.cursor <= since:
                break
            missed += 1
        return list(islice(self._tail, len(self._tail) - missed, None))

    async def _replay(self, since: int) -> list[FeedItem]:
        while True:
            try:
                found = await self._read(since)
                await self._check(since)  # afterwards: what we read was not pruned meanwhile
            except UnavailableError:
                await asyncio.sleep(_RETRY)
            else:
                return found

    async def _check(self, since: int) -> None:
        """Refuse a cursor after which something is forgotten, or which was never given."""
        while True:
            try:
                row = await self._database.fetchrow(_HEAD)
            except UnavailableError:
                await asyncio.sleep(_RETRY)
                continue
            assert row
            if not row["pruned"] <= since <= row["cursor"]:
                raise CursorTooOldError
            return

    async def _read(self, since: int) -> list[FeedItem]:
        found = await self._database.fetch(_AFTER, since, _BATCH, _READABLE)
        return [_item(it) for it in found]

    async def _settled_head(self) -> int:
        while True:
            try:
                return await self.head()
            except UnavailableError as error:
                log.warning("feed_interrupted", reason=error.detail)
            except Exception:
                log.exception("feed_interrupted")
            await asyncio.sleep(_RETRY)


@asynccontextmanager
async def open_following(database: Database, rings: Rings) -> AsyncIterator[PostgresFeed]:
    """Yield a feed that reads along as long as the block lasts."""
    feed = PostgresFeed(database, rings)
    reader = asyncio.create_task(feed.run(), name="feed")
    try:
        yield feed
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader


def _item(row: Row) -> FeedItem:
    cursor, id, name, body, correlation, audience = row
    envelope = Envelope(id=id, event=wire.decode(name, body), correlation=correlation)
    return FeedItem(cursor=cursor, envelope=envelope, audience=_AUDIENCE.decode(audience))
