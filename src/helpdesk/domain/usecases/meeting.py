"""Who is behind some addresses: shared by all that comes from bridges."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk.domain.client import Client
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import ClientId
from helpdesk.domain.usecases.merge_clients import merge
from helpdesk.ports.store import UnitOfWork


async def meet(
    work: UnitOfWork, id: ClientId, addresses: Sequence[Identity], *, name: str, at: datetime
) -> Client:
    """Hold the one client whom all these addresses lead to; a new one gets `id`."""
    draft = Client.meet(id, name=name, identities=addresses, at=at)
    first, *others = await work.clients.obtain(draft)
    for other in others:
        first = await merge(work, first, other, by=None, at=at)
    known = first.also_known_as(addresses, at=at)
    if known.events:
        await work.save(known)
    return known.state
