"""Opens the bridge to WhatsApp Web."""

import os
import shlex
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from helpdesk.adapters.system.clock import now
from helpdesk.adapters.whatsapp.venom.bridge import CAPABILITIES, VenomBridge
from helpdesk.adapters.whatsapp.venom.holding import Holder, Options
from helpdesk.adapters.whatsapp.venom.programs import Programs, install_packages
from helpdesk.domain.session import Session
from helpdesk.opening import Opening
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.media import MediaStore
from helpdesk.settings import Settings

__all__ = ["CAPABILITIES", "SHARED", "diagnose", "install", "open_bridge"]

SHARED: Final = False  # a session's profile is in the data_dir of the bot that holds it


@asynccontextmanager
async def open_bridge(opening: Opening) -> AsyncIterator[Callable[[Session], Bridge]]:
    """Yield what makes the bridge of one session."""
    settings = opening.settings
    programs = Programs.of(settings)
    programs.check_packages()
    media: MediaStore = await opening.port("media")
    options = Options(
        executable=programs.find_chromium(),
        sandbox=settings.venom.sandbox and os.geteuid() != 0,  # Chromium refuses it to root
        chromium_arguments=tuple(shlex.split(settings.venom.chromium_arguments)),
    )
    folder = settings.data_path / "whatsapp"

    def make(session: Session) -> Bridge:
        place = folder / str(session.id)
        holder = Holder(session.id, place, launch=programs.launch, options=options, now=now)
        return VenomBridge(holder, media)

    yield make


async def install(settings: Settings) -> Path:
    """Fetch the Node packages, and say where they are.

    Raises:
        VenomError: npm could not.
    """
    programs = Programs.of(settings)
    await install_packages(programs)
    return programs.packages


async def diagnose(settings: Settings) -> None:
    """Say what is missing, for `doctor`.

    Raises:
        VenomError: the first thing that is.
    """
    programs = Programs.of(settings)
    await programs.check_node()
    programs.check_packages()
    programs.find_chromium()
