"""The first run: what must exist before anything can happen."""

from dataclasses import dataclass

from helpdesk.domain.attendant import Attendant, EmailTakenError, Role
from helpdesk.domain.change import Change
from helpdesk.domain.ids import AttendantId, SectorId, SessionId
from helpdesk.domain.sector import Sector, establish
from helpdesk.domain.session import Session, SessionState
from helpdesk.domain.usecases.manage_team import ManageAttendants
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, NewId, NewToken

FIRST_ADMIN = "admin@localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Idempotent; safe when several processes start at once."""

    store: Store
    now: Clock
    new_id: NewId
    new_token: NewToken
    manage_attendants: ManageAttendants
    bridge: str  # the configured bridge, which gets a session
    sector_name: str

    async def __call__(self, *, password: str | None) -> str | None:
        """Make the first sector, session and admin where there is none.

        Returns:
            The admin's password when it was made up here, to be shown once.

        Raises:
            InvalidError: `password` is too short.
        """
        sector = await self._places()
        async with self.store.transaction() as work:
            if await work.team.attendants():
                return None
        admin = Attendant(
            id=AttendantId(self.new_id()),
            name="Admin",
            email=FIRST_ADMIN,
            role=Role.ADMIN,
            sectors=frozenset({sector}),
        )
        chosen = password or self.new_token()
        try:
            await self.manage_attendants.engage(admin, password=chosen)
        except EmailTakenError:  # another process was faster
            return None
        return None if password else chosen

    async def _places(self) -> SectorId:
        async with self.store.transaction() as work:
            await work.first_time("found:places")  # one process at a time
            if not await work.sessions.ever_by(self.bridge):  # one that was removed stays so
                session = Session(
                    id=SessionId(self.new_id()),
                    name="WhatsApp",
                    bridge=self.bridge,
                    state=SessionState.STOPPED,
                    since=self.now(),
                )
                await work.save(Change(session))
            if sectors := await work.team.sectors():
                return sectors[0].id
            sector = Sector(id=SectorId(self.new_id()), name=self.sector_name, is_default=True)
            await work.save(establish(sector, at=self.now()))
        return sector.id
