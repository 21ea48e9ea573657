"""`helpdesk doctor`: every neighbour that the configuration names, one line each."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Final

from helpdesk.adapters.http.options import STATIC
from helpdesk.adapters.system.ids import new_token
from helpdesk.configuration import SettingsError
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.domain.session import SessionState
from helpdesk.opening import Opening, OpeningError, provided, serves
from helpdesk.ports.media import MediaStore
from helpdesk.ports.push import Push
from helpdesk.settings import Settings

PATIENCE: Final = 20.0  # seconds for one neighbour
# States in which a phone has to be linked again, or somebody else to be asked.
_ILL: Final = frozenset(
    {SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED, SessionState.QR}
)


class _UnwellError(Exception):
    """What is wrong, and what to do."""


async def checks(settings: Settings) -> AsyncIterator[tuple[str, str | None]]:
    """Yield each neighbour's name, and what is wrong with it or None."""
    async with AsyncExitStack() as stack:
        opened = Opening(settings=settings, stack=stack)
        chosen = settings.adapters
        for name, check in (
            (f"data directory {settings.data_path}", lambda: _directory(settings)),
            ("dashboard", _dashboard),
            (f"store ({chosen.store})", lambda: _store(opened)),
            (f"feed ({chosen.feed})", lambda: _feed(opened)),
            (f"broker ({chosen.broker})", lambda: _broker(opened)),
            (f"files ({chosen.media})", lambda: _files(opened)),
            (f"push ({chosen.push})", lambda: _push(opened)),
            (f"address {settings.http.host}:{settings.http.port}", lambda: _address(settings)),
        ):
            yield name, await _outcome(check)
        for bridge in await _bridges(opened):
            yield f"WhatsApp ({bridge})", await _outcome(partial(_sessions, opened, bridge))
        for channel in settings.alerts.channels:
            yield f"alerts ({channel})", await _outcome(partial(_alerts, opened, channel))


async def _outcome(check: Callable[[], Awaitable[None]]) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except TimeoutError:
        return f"no answer within {PATIENCE:.0f} seconds"
    except (_UnwellError, SettingsError, OpeningError, DomainError, OSError) as error:
        return str(error)
    return None


async def _directory(settings: Settings) -> None:
    place = settings.data_path
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK | os.X_OK):
        raise _UnwellError(f"{place} cannot be written; change its owner, or set data_dir")
    free = os.statvfs(place)
    if free.f_bavail * free.f_frsize < 500 * 1024 * 1024:
        raise _UnwellError("less than 500 MB are free on this disk; make room")


async def _dashboard() -> None:
    if not (STATIC / "index.html").exists():
        raise _UnwellError("it is not built; run `make dashboard`")


async def _store(opened: Opening) -> None:
    try:
        await (await opened.port("store")).ping()
    except (OpeningError, DomainError, OSError) as error:
        raise _UnwellError(f"{error} Look at postgres.dsn, or at adapters.store.") from error


async def _feed(opened: Opening) -> None:
    await (await opened.port("feed")).head()
    for port in ("live", "identity"):  # where dashboards listen, and who they are there
        if serves(port, opened.settings):
            await (await opened.port(port)).check()


async def _broker(opened: Opening) -> None:
    try:
        await (await opened.port("broker")).ping()
    except UnavailableError as error:
        raise _UnwellError(f"{error}; is RabbitMQ running where amqp.url says?") from error


async def _files(opened: Opening) -> None:
    """Write, read and delete something that nobody else has."""
    media: MediaStore = await opened.port("media")
    content = f"helpdesk doctor {new_token()}".encode()
    stored = await media.put(_piece(content), limit=len(content))
    async with media.open(stored.blob) as chunks:
        if b"".join([it async for it in chunks]) != content:
            raise _UnwellError("what is read is not what was written; look at its disk or bucket")
    if not await media.delete(stored):
        raise _UnwellError("what was written cannot be deleted; look at the rights")


async def _piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _bridges(opened: Opening) -> list[str]:
    """Name the chosen one, and those of further numbers as far as the store tells."""
    names = {opened.settings.adapters.bridge: None}
    with suppress(SettingsError, OpeningError, DomainError, OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            for it in await (await opened.port("directory")).sessions():
                names.setdefault(it.bridge)
    return list(names)


async def _sessions(opened: Opening, bridge: str) -> None:
    if diagnose := getattr(provided(bridge, said="bridge"), "diagnose", None):
        await diagnose(opened.settings)
    await opened.bridge(bridge)
    for it in await (await opened.port("directory")).sessions():
        if it.bridge == bridge and it.state in _ILL:
            raise _UnwellError(f"{it.name} is {it.state}; open the sessions page of the dashboard")


async def _push(opened: Opening) -> None:
    """Have its key, which is made when there is none; who is reached depends on their devices."""
    push: Push = await opened.port("push")
    await push.ping()


async def _alerts(opened: Opening, channel: str) -> None:
    await (await opened.channels())[channel].check()


async def _address(settings: Settings) -> None:
    """Either we answer there already, or nobody does."""
    host, port = settings.http.host, settings.http.port
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return
    writer.write(f"GET /livez HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
    answer = await reader.read(4096)
    writer.close()
    if b" 200 " not in answer.partition(b"\r\n")[0]:
        raise _UnwellError("another program listens there; end it, or set http.port")
