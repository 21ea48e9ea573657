"""What a person's browser may read outside of the helpdesk, and the end of that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.live import RIGHTS_LAST, Grant, Place, Rights
from helpdesk.ports.feed import Feed
from helpdesk.ports.identity import Identity
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock

# A token that was refreshed last before its rights ended is of no use after this.
_FORGET: Final = 2 * RIGHTS_LAST


class NotLiveError(NotFoundError):
    """Here the feed of the API is the one to follow."""

    code = "no_live_feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveToken:
    token: str
    feeds: list[str]
    cursor: int  # of now: what the API shows afterwards is not older
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLive:
    store: Store
    feed: Feed
    identity: Identity
    now: Clock

    @property
    def place(self) -> Place:
        return self.identity.place

    async def __call__(self, *, by: Attendant) -> LiveToken:
        """Let the person's browser read what is theirs, for a while.

        Other rights that were granted before are revoked first.

        Raises:
            TooManySectorsError, UnavailableError.
        """
        async with self.store.transaction() as work:
            known = await work.projection.grants(by.id)
        await self._revoke_changed(known)
        at = self.now()
        async with self.store.transaction() as work:
            rights = Rights.of(await work.team.attendant(by.id))
            await work.projection.grant(rights, at=at)
        return LiveToken(
            cursor=await self.feed.head(),
            token=await self.identity.token(rights, at=at),
            feeds=rights.feeds,
            expires_at=at + RIGHTS_LAST,
        )

    async def revoke(self) -> None:
        """Revoke what was granted to people who have other rights now; call it now and then.

        Raises:
            UnavailableError: call again, which revokes what is left.
        """
        async with self.store.transaction() as work:
            known = await work.projection.grants()
        await self._revoke_changed(known)

    async def _revoke_changed(self, known: list[Grant]) -> None:
        people = [it.rights.attendant_id for it in known]
        async with self.store.transaction() as work:
            team = {it.id: it for it in await work.team.colleagues(people)}
        for it in known:
            person = team[it.rights.attendant_id]
            changed = not person.active or Rights.of(person) != it.rights
            if changed:
                await self.identity.revoke(person.id)
            if changed or it.at < self.now() - _FORGET:
                async with self.store.transaction() as work:
                    await work.projection.withdraw(it)
