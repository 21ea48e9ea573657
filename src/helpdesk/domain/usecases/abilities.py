"""What can be done on a number of ours: each has a bridge of its own."""

from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Content
from helpdesk.domain.session import NotCapableError
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.store import UnitOfWork


async def abilities_of(work: UnitOfWork, session: SessionId, abilities: Abilities) -> Capabilities:
    """Say what the bridge of this session can do; nothing, when we let go of the number."""
    bridges = {it.id: it.bridge for it in await work.sessions.all()}
    return abilities(bridges.get(session, ""))


async def must_be_sent_there(
    work: UnitOfWork, session: SessionId, content: Content, abilities: Abilities
) -> None:
    """Refuse a place or cards where the bridge of this session sends none.

    Raises:
        NotCapableError.
    """
    if content.location is None and not content.contacts:
        return  # which saves nearly everybody the question for the bridge
    able = await abilities_of(work, session, abilities)
    if not (able.location if content.location else able.contacts):
        raise NotCapableError
