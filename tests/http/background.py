"""A site in a thread of its own, for clients that block."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.http.site import Site, open_site

Result = TypeVar("Result")


@dataclass(slots=True)
class Background:
    site: Site
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return str(self.site.client.make_url("")).rstrip("/")

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Let the site's loop do something, and wait for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)


@contextmanager
def background_site(furnish: Callable[[Site], Coroutine[Any, Any, None]]) -> Iterator[Background]:
    """Serve in a thread while inside."""
    began: Future[Background] = Future()
    stop = asyncio.Event()

    async def serve() -> None:
        async with open_site() as site:
            await furnish(site)
            began.set_result(Background(site, asyncio.get_running_loop()))
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            if not began.done():
                began.set_exception(error)

    thread = threading.Thread(target=run, name="site")
    thread.start()
    it = began.result(60)
    try:
        yield it
    finally:
        it.loop.call_soon_threadsafe(stop.set)
        thread.join(60)
