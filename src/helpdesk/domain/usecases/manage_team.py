"""Administration: sectors, attendants, sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpdesk.domain.attendant import Attendant, LastAdminError, Role, engage
from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.requests import KeyReusedError, id_for
from helpdesk.domain.sector import Sector, establish
from helpdesk.domain.usecases.routing import RouteWaiting
from helpdesk.domain.usecases.sign_in import valid_password
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId, Passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageSectors:
    store: Store
    now: Clock
    new_id: NewId
    route_waiting: RouteWaiting

    async def add(self, *, by: Attendant, key: str | None = None, **properties: Any) -> Sector:
        """Found a sector; `properties` are those of `Sector`.

        Raises:
            RoleRequiredError, InvalidError, KeyReusedError.
        """
        by.must_be(Role.ADMIN)
        sector_id = SectorId(id_for(by.id, "sector", key=key) if key else self.new_id())
        async with self.store.transaction() as work:
            founded = establish(Sector(id=sector_id, **properties), at=self.now())
            for known in await work.team.sectors():
                if known.id == sector_id:
                    return _the_same(known, founded.state)
            await self._save(work, founded)
        return founded.state

    async def change(
        self, sector: SectorId, *, by: Attendant, properties: Mapping[str, Any]
    ) -> Sector:
        """Change the given properties; another default takes the place of the former.

        Raises:
            RoleRequiredError, SectorNotFoundError.
            InvalidError: a value, or an attempt to have no default sector.
        """
        by.must_be(Role.ADMIN)
        async with self.store.transaction() as work:
            it = await work.team.sector(sector)
            if it.is_default and properties.get("is_default") is False:
                raise InvalidError("Make another sector the default instead.", field="is_default")
            changed = it.revise(replace(it, **properties), at=self.now())
            await self._save(work, changed)
        await self.route_waiting(sector)
        return changed.state

    async def _save(self, work: UnitOfWork, change: Change[Sector]) -> None:
        if change.state.is_default:
            for other in await work.team.sectors():
                if other.is_default and other.id != change.state.id:
                    await work.save(Change(replace(other, is_default=False)))
        await work.save(change)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageAttendants:
    store: Store
    now: Clock
    new_id: NewId
    passwords: Passwords
    route_waiting: RouteWaiting

    async def add(
        self, *, by: Attendant, password: str, key: str | None = None, **properties: Any
    ) -> Attendant:
        """Engage somebody; `properties` are those of `Attendant`.

        Raises:
            RoleRequiredError, EmailTakenError, InvalidError, KeyReusedError.
        """
        by.must_be(Role.ADMIN)
        attendant_id = AttendantId(id_for(by.id, "attendant", key=key) if key else self.new_id())
        return await self.engage(Attendant(id=attendant_id, **properties), password=password)

    async def engage(self, attendant: Attendant, *, password: str) -> Attendant:
        """Engage without asking who wants it: for the command line and the first run.

        Raises:
            EmailTakenError, InvalidError.
        """
        hashed = await self.passwords.hash(valid_password(password, field="password"))
        engaged = engage(attendant, at=self.now())
        async with self.store.transaction() as work:
            for known in await work.team.colleagues([attendant.id]):
                if known.email != engaged.state.email:
                    raise KeyReusedError
                return known
            await _must_exist(work, attendant)
            await work.save(engaged)
            await work.sign_ins.set_password(attendant.id, hashed)
        return engaged.state

    async def change(
        self, attendant: AttendantId, *, by: Attendant, properties: Mapping[str, Any]
    ) -> Attendant:
        """Change the given properties.

        Who is no longer active is signed out everywhere, and what they had goes to others.

        Raises:
            RoleRequiredError, AttendantNotFoundError, EmailTakenError, InvalidError.
            LastAdminError: no active admin would be left.
        """
        by.must_be(Role.ADMIN)
        async with self.store.transaction() as work:
            team = {it.id: it for it in await work.team.attendants()}
            it = team.get(attendant) or await work.team.attendant(attendant)
            changed = it.revise(replace(it, **properties), at=self.now())
            await _must_exist(work, changed.state)
            team[attendant] = changed.state
            if not any(p.active and p.role is Role.ADMIN for p in team.values()):
                raise LastAdminError
            await work.save(changed)
            if not changed.state.active:
                await work.sign_ins.end_all(attendant)
        if not changed.state.active:
            await self.route_waiting.everywhere()
        else:
            await self.route_waiting.fill(attendant)
        return changed.state


def _the_same(known: Sector, wanted: Sector) -> Sector:
    if known.name != wanted.name:
        raise KeyReusedError
    return known


async def _must_exist(work: UnitOfWork, attendant: Attendant) -> None:
    unknown = attendant.sectors - {it.id for it in await work.team.sectors()}
    if unknown:
        raise InvalidError(f"There is no sector {min(unknown)}.", field="sectors")
