"""Two clients turn out to be one person."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.attendance import ClosedBy
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.client import Client, MergeError
from helpdesk.domain.ids import AttendantId, ClientId
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


async def merge(
    work: UnitOfWork, kept: Client, other: Client, *, by: AttendantId | None, at: datetime
) -> Client:
    """Merge `other` into `kept`, both held; all history moves along.

    Where both have an open attendance in one session, that of `other` is closed, without asking
    for feedback: the person goes on talking in the one that remains.
    """
    grown, gone = kept.absorb(other, by=by, at=at)
    talking = {it.session_id for it in await work.attendances.open_of(kept.id)}
    for attendance in await work.attendances.open_of(other.id):
        if attendance.session_id in talking:
            await work.save(attendance.close(ClosedBy.MERGE, by=by, at=at))
    await work.save(gone)
    await work.save(grown)
    await work.clients.move(other.id, kept.id)
    return grown.state


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeClients:
    store: Store
    now: Clock

    async def __call__(self, kept: ClientId, other: ClientId, *, by: Attendant) -> Client:
        """Merge by hand.

        Raises:
            RoleRequiredError, ClientNotFoundError, MergeError.
        """
        by.must_be(Role.ADMIN, Role.MANAGER)
        if kept == other:
            raise MergeError("A client cannot be merged with itself.")
        async with self.store.transaction() as work:
            # Held in one order by everybody, so that two merges cannot wait for each other.
            held = {it: await work.clients.load(it) for it in sorted((kept, other))}
            return await merge(work, held[kept], held[other], by=by.id, at=self.now())
