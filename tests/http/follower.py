"""A dashboard that follows the feed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from helpdesk.domain.attendant import Attendant
from tests.http.site import Site

PATIENCE = 60.0  # seconds; nothing is judged by its speed


@dataclass(slots=True)
class Follower:
    socket: ClientWebSocketResponse

    async def next(self) -> Any:
        """The next frame that is no heartbeat."""
        while True:
            said = await self.socket.receive(PATIENCE)
            assert said.type is WSMsgType.TEXT, (said, self.socket.close_code)
            frame = json.loads(said.data)
            if frame["type"] != "heartbeat":
                return frame

    async def events(self, count: int) -> list[Any]:
        return [await self.next() for _ in range(count)]

    async def close_code(self) -> int | None:
        """Wait for the server to end it."""
        async with asyncio.timeout(PATIENCE):
            while (await self.socket.receive()).type is WSMsgType.TEXT:
                pass
        return self.socket.close_code


@asynccontextmanager
async def following(
    site: Site, by: Attendant, since: str | None = None, **headers: str
) -> AsyncIterator[Follower]:
    """Follow, as somebody whose dashboard is open; their own presence is passed over."""
    sent = {"Authorization": f"Bearer {await site.token(by)}"} | headers
    params = {} if since is None else {"since": since}
    async with site.client.ws_connect("/v1/feed", headers=sent, params=params) as socket:
        yield Follower(socket)


async def greeted(it: Follower) -> str:
    frame = await it.next()
    assert (frame["type"], frame["heartbeat_seconds"]) == ("hello", 15.0)
    cursor: str = frame["cursor"]
    return cursor


async def settled(site: Site) -> None:
    """Let followers come online, and push that out of the way."""
    await asyncio.sleep(0.05)
    await site.relay()
