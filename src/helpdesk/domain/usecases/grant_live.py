"""What a person's browser may read outside of the helpdesk, and the end of that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import NotFoundError, UnavailableError
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
        at = self.now()
        rights = await self._granted(by, at=at)
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
        failed: list[UnavailableError] = []
        async with self.store.transaction() as work:
            known = await work.projection.grants()
            people = [it.rights.attendant_id for it in known]
            team = {it.id: it for it in await work.team.colleagues(people)}
        for it in known:
            person = team[it.rights.attendant_id]
            try:
                if not person.active or Rights.of(person) != it.rights:
                    await self._end(it)
            except UnavailableError as error:  # others need not wait for it
                failed.append(error)
            if it.at < self.now() - _FORGET:
                await self._forget(it)
        if failed:
            raise failed[0]

    async def _granted(self, by: Attendant, *, at: datetime) -> Rights:
        while True:
            async with self.store.transaction() as work:
                rights = Rights.of(await work.team.attendant(by.id))
                known = await work.projection.grants(by.id)
                former = [it for it in known if it.rights != rights]
                if not former:
                    await work.projection.grant(rights, at=at)
                done = not former
            if done:
                return rights
            for it in former:
                await self._end(it)

    async def _end(self, it: Grant) -> None:
        await self.identity.revoke(it.rights.attendant_id)
        await self._forget(it)

    async def _forget(self, it: Grant) -> None:
        async with self.store.transaction() as work:
            await work.projection.withdraw(it)
