"""What can be done on a number of ours: each has a bridge of its own."""

from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.ids import SessionId
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import UnitOfWork


async def abilities_of(work: UnitOfWork, session: SessionId, abilities: Abilities) -> Capabilities:
    """Say what the bridge of this session can do; nothing, when we let go of the number."""
    bridges = {it.id: it.bridge for it in await work.sessions.all()}
    return abilities(bridges.get(session, ""))
