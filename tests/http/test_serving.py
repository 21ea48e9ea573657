"""Listening, and ending what is open at once when it is over."""

import asyncio
import socket
from time import monotonic

import aiohttp
import pytest
from aiohttp.web import Application

from helpdesk.adapters.http.app import BindError, serve
from tests.http.site import PHONE, Site


@pytest.fixture
def app(site: Site) -> Application:
    """An application of its own, which nobody serves yet."""
    return site.another()


async def test_an_address_that_is_taken_is_named(app: Application) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BindError, match=rf"127\.0\.0\.1:{port}: another program listens"):
            async with serve(app, "127.0.0.1", port):
                pass


async def test_an_address_of_another_machine_is_refused(app: Application) -> None:
    with pytest.raises(BindError, match="this machine has no such address"):
        async with serve(app, "192.0.2.1", 0):
            pass


async def test_a_name_that_is_none_is_refused(app: Application) -> None:
    with pytest.raises(BindError, match=r"Cannot listen on no\.such\.host\.invalid:0"):
        async with serve(app, "no.such.host.invalid", 0):
            pass


async def test_feeds_are_told_of_a_restart_at_once(site: Site, app: Application) -> None:
    token = await site.token(site.office.ana)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http:
        async with serve(app, "127.0.0.1", 0) as port:
            url = f"http://127.0.0.1:{port}/v1/feed"
            feeds = [await http.ws_connect(url, headers=headers) for _ in range(3)]
            for it in feeds:
                assert (await it.receive_json(timeout=60))["type"] == "hello"
            codes = [asyncio.create_task(close_code(it)) for it in feeds]
            await asyncio.sleep(0.05)
            since = monotonic()
        assert await asyncio.gather(*codes) == [1012, 1012, 1012]
        assert monotonic() - since < 2


async def test_long_polls_are_answered_at_once(app: Application) -> None:
    async with aiohttp.ClientSession() as http:
        async with serve(app, "127.0.0.1", 0) as port:
            url = f"http://127.0.0.1:{port}/simulator/phones/{PHONE}/messages?wait=20"
            polling = asyncio.create_task(fetch(http, url))
            await asyncio.sleep(0.2)
            assert not polling.done()
            since = monotonic()
        assert (await polling)["items"] == []
        assert monotonic() - since < 2


async def test_a_client_that_does_not_say_good_bye_is_not_waited_for(
    site: Site, app: Application
) -> None:
    token = await site.token(site.office.ana)
    async with serve(app, "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /v1/feed HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Authorization: Bearer " + token.encode() + b"\r\n\r\n"
        )
        assert b"101" in await reader.readline()
        since = monotonic()
    assert monotonic() - since < 10
    writer.close()


async def close_code(feed: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in feed:
        pass
    return feed.close_code


async def fetch(http: aiohttp.ClientSession, url: str) -> dict[str, object]:
    async with http.get(url) as answer:
        found: dict[str, object] = await answer.json()
        return found
