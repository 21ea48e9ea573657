"""How adapters are opened: each port once, by the folder that the configuration names.

`store = "postgres"` is `helpdesk.adapters.postgres.provide.open_store(opening)`, imported when the
port is first asked for.  A `provide.py` says `SHARED`: whether two processes can meet in it.
"""

import asyncio
import importlib.util
import pkgutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from types import ModuleType
from typing import Any, Final, TypeVar

from helpdesk.configuration import SettingsError
from helpdesk.domain.bridge import Capabilities
from helpdesk.ports.alerts import Alerts
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.templates import Templates
from helpdesk.settings import Settings

_SIMULATOR: Final = "whatsapp.simulator"

Resource = TypeVar("Resource")


class OpeningError(Exception):
    """An adapter cannot be opened; one sentence for the person who started us."""


# The key in [adapters] that chooses each port's folder: ports of one technology go together.
CHOSEN_BY: Final[Mapping[str, str]] = {
    "store": "store",
    "outbox": "store",
    "board": "store",
    "directory": "store",
    "ticks": "store",
    "journey": "store",
    "leases": "store",
    "dead_letters": "store",
    "simulator": "store",
    "feed": "feed",
    "live": "feed",
    "identity": "feed",
    "broker": "broker",
    "bridge": "bridge",
    "media": "media",
    "conversion": "conversion",
    "push": "push",
}


@dataclass(slots=True)
class Opening:
    """Handed to every `open_<port>(opening)` of a `provide.py`."""

    settings: Settings
    stack: AsyncExitStack
    process: str = ""  # the name of this one, for the journeys of messages
    _opened: dict[str, Any] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    async def once(
        self, name: str, opener: Callable[[], AbstractAsyncContextManager[Resource]]
    ) -> Resource:
        """Open a resource that several ports of one adapter share, such as a pool."""
        async with self._locks[name]:
            if name not in self._opened:
                self._opened[name] = await self.stack.enter_async_context(opener())
        resource: Resource = self._opened[name]
        return resource

    async def port(self, name: str) -> Any:
        """Open a port as configured; a bridge, say, may ask for the `simulator`.

        Raises:
            SettingsError: no such adapter, or it does not serve this port.
        """
        key, chosen = _choice(name, self.settings)
        return await self._served(name, by=chosen, said=f"adapters.{key}")

    async def port_of(self, name: str, *, by: str) -> Any:
        """Open a port of an adapter upon which the configured one is put.

        Raises:
            SettingsError: no such adapter, or it does not serve this port.
        """
        return await self._served(name, by=by, said="adapters.store")

    async def bridge(self, adapter: str) -> Any:
        """Open what makes the bridges of one kind: sessions of several may be served at once.

        Raises:
            SettingsError: no such adapter, or it is none for a bridge.
        """
        return await self._served("bridge", by=adapter, said="bridge")

    async def templates(self, adapter: str) -> Templates:
        """Open what lists the templates of one kind of bridge; raises as `bridge` does."""
        served: Templates = await self._served("templates", by=adapter, said="bridge")
        return served

    async def channels(self) -> Mapping[str, Alerts]:
        """Open what tells admins, by the names in `alerts.by`.

        Raises:
            SettingsError: no such adapter, or it tells nobody.
        """
        names = self.settings.alerts.channels
        return {it: await self._served("alerts", by=it, said="alerts.by") for it in names}

    async def _served(self, port: str, *, by: str, said: str) -> Any:
        opener = getattr(provided(by, said=said), f"open_{port}", None)
        if opener is None:
            raise SettingsError(f"{said} = {by!r}: this adapter serves no {port}.")
        return await self.once(f"{port} of {by}", lambda: opener(self))


@asynccontextmanager
async def opening(settings: Settings, *, process: str = "") -> AsyncIterator[Opening]:
    """Open ports as they are asked for; close them in reverse, whatever happens."""
    async with AsyncExitStack() as stack:
        yield Opening(settings=settings, stack=stack, process=process)


def folder(port: str, settings: Settings) -> ModuleType:
    """Import the `provide.py` of the adapter that is chosen for a port.

    Raises:
        SettingsError: there is no such adapter.
    """
    key, chosen = _choice(port, settings)
    return provided(chosen, said=f"adapters.{key}")


def provided(adapter: str, *, said: str) -> ModuleType:
    """Import the `provide.py` of an adapter; `said` is where it is named.

    Raises:
        SettingsError: there is no such adapter.
    """
    if not _is_adapter(adapter):
        raise SettingsError(f"{said} = {adapter!r}: there is no such adapter.")
    return import_module(f"helpdesk.adapters.{adapter}.provide")


def _is_adapter(name: str) -> bool:
    try:
        return importlib.util.find_spec(f"helpdesk.adapters.{name}.provide") is not None
    except (ImportError, ValueError):
        return False


def check_adapters(settings: Settings) -> None:
    """Refuse an adapter that is not there, or does not serve what it is chosen for.

    Raises:
        SettingsError: names the key, and what may be given.
    """
    chosen = [(it.name, f"adapters.{it.name}") for it in fields(settings.adapters)]
    named = [(port, key, getattr(settings.adapters, port)) for port, key in chosen]
    named += [("bridge", "bot.bridges", it) for it in sorted(settings.bot.kinds)]
    named += [("alerts", "alerts.by", it) for it in settings.alerts.channels]
    for port, key, adapter in named:
        if not _is_adapter(adapter) or not hasattr(provided(adapter, said=key), f"open_{port}"):
            known = ", ".join(_adapters_with(port))
            raise SettingsError(f"{key} = {adapter!r}: there is no such adapter; give {known}.")


def _adapters_with(port: str) -> Iterator[str]:
    places = import_module("helpdesk.adapters").__path__
    for it in pkgutil.walk_packages(places, "helpdesk.adapters."):
        if it.name.endswith(".provide") and hasattr(import_module(it.name), f"open_{port}"):
            yield it.name.removeprefix("helpdesk.adapters.").removesuffix(".provide")


def must_be_shared(port: str, settings: Settings, *, by: str) -> None:
    """Refuse an adapter in which several processes cannot meet.

    A `provide.py` in which that depends on further keys has a function `shared(settings)` too, or
    `shared_<port>(settings)` for one of its ports, and says in `TO_SHARE` what to do.

    Raises:
        SettingsError: names the key, and who needs it to be shared.
    """
    key, chosen = _choice(port, settings)
    if shared_by(chosen, port, settings):
        return
    remedy = getattr(folder(port, settings), "TO_SHARE", "Choose another, or run --role all.")
    raise SettingsError(
        f"adapters.{key} = {chosen!r} lives within one process, and --role {by} needs one that "
        f"processes share. {remedy}"
    )


def connects(settings: Settings) -> tuple[str, ...]:
    """Say whom a dashboard talks to besides us, as the `provide.py` of what is chosen tells it.

    Raises:
        SettingsError: there is no such adapter.
    """
    return _told("connects", settings)


def shows(settings: Settings) -> tuple[str, ...]:
    """Say from where a dashboard shows pictures, sound and films besides us, likewise.

    Raises:
        SettingsError: there is no such adapter.
    """
    return _told("shows", settings)


def _told(what: str, settings: Settings) -> tuple[str, ...]:
    return tuple(
        origin
        for port in sorted(CHOSEN_BY)
        if (tell := getattr(folder(port, settings), what, None))
        for origin in tell(port, settings)
    )


def shared_by(adapter: str, port: str, settings: Settings) -> bool:
    """Whether processes can meet in a port of this adapter."""
    module = provided(adapter, said="adapters")
    shared = getattr(module, f"shared_{port}", None) or getattr(module, "shared", None)
    return bool(shared(settings) if shared else module.SHARED)


def serves(port: str, settings: Settings) -> bool:
    """Whether the chosen adapter has this port; not every feed is elsewhere as well."""
    return hasattr(folder(port, settings), f"open_{port}")


def is_bridge(name: str) -> bool:
    """Whether there is an adapter of this name that opens bridges."""
    if not name.startswith("whatsapp.") or not name.replace(".", "").replace("_", "").isalnum():
        return False
    return _is_adapter(name)


def bridges_here(settings: Settings) -> dict[str, Capabilities]:
    """What a session may be added with: the bridges whose sessions are held, where that is said.

    The simulator's phones are pages of a helpdesk that has it as its bridge.
    """
    places = import_module("helpdesk.adapters.whatsapp").__path__
    known = [f"whatsapp.{it.name}" for it in pkgutil.iter_modules(places)]
    held = settings.bot.kinds or frozenset(known)
    served = held - ({_SIMULATOR} - {settings.adapters.bridge})
    able = abilities_in(settings)
    return {it: able(it) for it in sorted(known) if it in served and is_bridge(it)}


def abilities_in(settings: Settings) -> Abilities:
    """Say what each bridge can do; the simulator may be told to have a window."""

    def abilities(bridge: str) -> Capabilities:
        capabilities = capabilities_of(bridge)
        if bridge == _SIMULATOR:
            return replace(capabilities, window_24h=settings.simulator.window_24h)
        return capabilities

    return abilities


def capabilities_of(bridge: str) -> Capabilities:
    """Say what the bridge in this folder can do; one that is gone can do nothing."""
    try:
        module = import_module(f"helpdesk.adapters.{bridge}.provide")
    except ImportError:
        return Capabilities()
    capabilities: Capabilities = module.CAPABILITIES
    return capabilities


def _choice(port: str, settings: Settings) -> tuple[str, str]:
    key = CHOSEN_BY[port]
    return key, getattr(settings.adapters, key)
