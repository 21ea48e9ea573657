"""How adapters are opened: each once, by name, and closed in reverse."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from helpdesk.settings import Settings

Resource = TypeVar("Resource")


@dataclass(slots=True)
class Opening:
    """Handed to every `open_<port>(opening)` of a `provide.py`."""

    settings: Settings
    stack: AsyncExitStack
    open_port: "Callable[[Opening, str], Awaitable[Any]]"
    _opened: dict[str, Any] = field(default_factory=dict)

    async def once(
        self, name: str, opener: Callable[[], AbstractAsyncContextManager[Resource]]
    ) -> Resource:
        """Open a resource that several ports of one adapter share, such as a pool."""
        if name not in self._opened:
            self._opened[name] = await self.stack.enter_async_context(opener())
        resource: Resource = self._opened[name]
        return resource

    async def port(self, name: str) -> Any:
        """Open another port, as configured: a bridge may need the `simulator`, say."""
        if name not in self._opened:
            self._opened[name] = await self.open_port(self, name)
        return self._opened[name]
