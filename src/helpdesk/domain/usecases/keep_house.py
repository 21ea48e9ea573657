"""Forgetting what nobody needs any more; run once an hour."""

from dataclasses import dataclass
from datetime import timedelta

from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.feed import Feed
from helpdesk.ports.journey import Journeys
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock
from helpdesk.ports.ticks import Ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHouse:
    """`keep_feed`: how long a dashboard may be away without reloading everything.

    `keep_claims`: how long a delivery is remembered to be one already handled; WhatsApp repeats
    webhooks for days.  `keep_journeys`: how long one may ask where a message was.
    """

    store: Store
    feed: Feed
    ticks: Ticks
    dead_letters: DeadLetters
    journeys: Journeys
    now: Clock
    keep_feed: timedelta
    keep_claims: timedelta
    keep_journeys: timedelta

    async def __call__(self) -> None:
        """Prune everything that only grows."""
        at = self.now()
        await self.feed.prune(before=at - self.keep_feed)
        await self.store.prune(before=at - self.keep_claims)
        await self.ticks.prune(before=at - self.keep_claims)
        await self.dead_letters.prune(before=at - self.keep_claims)
        await self.journeys.prune(before=at - self.keep_journeys)
        async with self.store.transaction() as work:
            await work.sign_ins.prune(before=at)
