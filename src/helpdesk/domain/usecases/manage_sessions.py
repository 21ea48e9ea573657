"""Administration of our numbers: adding, renaming, removing, linking and unlinking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.requests import KeyReusedError, id_for
from helpdesk.domain.session import NotCapableError, Session
from helpdesk.domain.usecases.record_outage import record_outage
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.leases import Holding, Leases
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageSessions:
    store: Store
    leases: Leases
    now: Clock
    new_id: NewId
    is_bridge: Callable[[str], bool]
    bridges: Mapping[str, Capabilities]  # those that this installation serves
    grace: timedelta

    async def holders(self, *, by: Attendant) -> dict[str, Holding]:
        """Say which process holds what, by the lease's name; attendants need not know."""
        if by.role is Role.ATTENDANT:
            return {}
        return {it.name: it for it in await self.leases.held()}

    def offered(self, *, by: Attendant) -> Mapping[str, Capabilities]:
        """Name what a session may be added with, and what each can do.

        Raises:
            RoleRequiredError.
        """
        by.must_be(Role.ADMIN, Role.MANAGER)
        return self.bridges

    async def add(
        self, *, by: Attendant, name: str, bridge: str, account: str = "", key: str | None = None
    ) -> Session:
        """Add a number; a bot begins to hold it within seconds.

        Raises:
            RoleRequiredError, AccountTakenError, KeyReusedError.
            InvalidError: fields "name", "bridge", "account".
        """
        by.must_be(Role.ADMIN)
        if not self.is_bridge(bridge):
            raise InvalidError("There is no such bridge.", field="bridge")
        session_id = SessionId(id_for(by.id, "session", key=key) if key else self.new_id())
        added = Session.add(session_id, name=name, bridge=bridge, account=account, at=self.now())
        async with self.store.transaction() as work:
            for known in await work.sessions.all():
                if known.id == session_id:
                    if (known.name, known.bridge) != (added.state.name, bridge):
                        raise KeyReusedError
                    return known
            await work.save(added)
        return added.state

    async def change(
        self,
        session: SessionId,
        *,
        by: Attendant,
        name: str | None = None,
        account: str | None = None,
    ) -> Session:
        """Change what is given; the bridge takes another account when it is started anew.

        Raises:
            RoleRequiredError, SessionNotFoundError, AccountTakenError, InvalidError.
        """
        by.must_be(Role.ADMIN)
        async with self.store.transaction() as work:
            it = await work.sessions.load(session)
            changed = it.describe(name=name, account=account, at=self.now())
            await work.save(changed)
        return changed.state

    async def remove(self, session: SessionId, *, by: Attendant) -> None:
        """Let go of a number for good; its conversations stay, and nothing more leaves by it.

        Raises:
            RoleRequiredError, SessionNotFoundError.
        """
        by.must_be(Role.ADMIN)
        async with self.store.transaction() as work:
            it = await work.sessions.load(session)
            retired = it.retire(at=self.now())
            await work.save(retired)
            await record_outage(work, it, retired.state, grace=self.grace, at=self.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOutSession:
    store: Store
    now: Clock
    abilities: Abilities

    async def __call__(self, session: SessionId, *, by: Attendant) -> None:
        """Ask the bot to unlink the phone; the session's state follows when it has.

        Raises:
            RoleRequiredError, SessionNotFoundError.
            NotCapableError: this bridge has nothing to unlink.
        """
        by.must_be(Role.ADMIN, Role.MANAGER)
        async with self.store.transaction() as work:
            it = await work.sessions.load(session)
            if not self.abilities(it.bridge).logout:
                raise NotCapableError
            await work.save(it.log_out(at=self.now()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPairCode:
    store: Store
    now: Clock
    abilities: Abilities

    async def __call__(self, session: SessionId, phone: str, *, by: Attendant) -> None:
        """Ask the bot for a code to type on the phone with that number.

        Raises:
            RoleRequiredError, SessionNotFoundError.
            NotCapableError: this bridge links by QR code only, or not at all.
            InvalidError: field "phone".
        """
        by.must_be(Role.ADMIN, Role.MANAGER)
        number = Identity.phone(phone)
        async with self.store.transaction() as work:
            it = await work.sessions.load(session)
            if not self.abilities(it.bridge).pair_code:
                raise NotCapableError
            await work.save(it.ask_pair_code(number, at=self.now()))
