"""Opens the bridge to the simulated network."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from helpdesk.adapters.system.clock import now
from helpdesk.adapters.system.ids import new_token
from helpdesk.adapters.whatsapp.simulator.bridge import CAPABILITIES, SimulatedBridge
from helpdesk.adapters.whatsapp.simulator.templates import SampleTemplates
from helpdesk.domain.session import Session
from helpdesk.opening import Opening
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.media import MediaStore
from helpdesk.ports.simulator import Simulator
from helpdesk.ports.templates import Templates

__all__ = ["CAPABILITIES", "SHARED", "open_bridge", "open_templates"]

SHARED: Final = True  # as much as the store in which the network is kept


@asynccontextmanager
async def open_bridge(opening: Opening) -> AsyncIterator[Callable[[Session], Bridge]]:
    """Yield what makes the bridge of one session."""
    simulator: Simulator = await opening.port("simulator")
    media: MediaStore = await opening.port("media")
    yield lambda session: SimulatedBridge(
        session.id,
        simulator,
        media,
        now=now,
        new_token=new_token,
        window=opening.settings.simulator.window_24h,
    )


@asynccontextmanager
async def open_templates(_: Opening) -> AsyncIterator[Templates]:
    yield SampleTemplates()
