"""Recording when a number of ours goes down, and when it is back."""

from datetime import datetime, timedelta

from helpdesk.domain.outage import follow
from helpdesk.domain.session import Session, SessionState
from helpdesk.ports.store import UnitOfWork


async def record_outage(
    work: UnitOfWork, before: Session, after: Session, *, grace: timedelta, at: datetime
) -> None:
    """Note, in the transaction of the change, what it means to those who are told of outages."""
    connected = [it.state is SessionState.CONNECTED for it in (before, after)]
    if connected[0] == connected[1] and not after.retired:
        return
    last = await work.outages.last_of(after.id)
    outage = follow(last, before=before, after=after, grace=grace, at=at)
    if outage is None:
        return
    await work.outages.keep(outage)
