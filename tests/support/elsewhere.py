"""A place outside of the helpdesk, and who browsers are there, in memory."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.live import Place, Rights, feeds_of
from helpdesk.ports.feed import FeedItem


class MemoryLive:
    """Feeds with their items by cursor; `None` stands where everybody was told to start anew."""

    def __init__(self) -> None:
        self.feeds: defaultdict[str, dict[int, FeedItem | None]] = defaultdict(dict)
        self.batches: list[int] = []
        self.broken = False

    async def publish(self, items: Sequence[FeedItem]) -> None:
        await self.ping()
        self.batches.append(len(items))
        for it in items:
            for feed in feeds_of(it.audience):
                self.feeds[feed][it.cursor] = it

    async def reset(self, cursor: int) -> None:
        await self.ping()
        self.feeds["everyone"][cursor] = None

    async def ping(self) -> None:
        if self.broken:
            raise UnavailableError

    async def check(self) -> None:
        await self.ping()


class MemoryIdentity:
    place = Place(kind="firestore", project="helpdesk", api_key="a key", data_url="", auth_url="")

    def __init__(self) -> None:
        self.signed: list[tuple[Rights, datetime]] = []
        self.revoked: list[AttendantId] = []
        self.stuck: set[AttendantId] = set()
        self.broken = False

    async def token(self, rights: Rights, *, at: datetime) -> str:
        rights.claims(at=at)
        self.signed.append((rights, at))
        return f"token of {rights.attendant_id}"

    async def revoke(self, attendant: AttendantId) -> None:
        if self.broken or attendant in self.stuck:
            raise UnavailableError
        self.revoked.append(attendant)

    async def check(self) -> None:
        """It can always sign."""
