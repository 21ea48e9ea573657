"""The feed's connection: how it begins, beats, listens and ends."""

import asyncio
import json
import socket
from typing import Any

import aiohttp
import pytest
from aiohttp import WSServerHandshakeError
from structlog.testing import capture_logs

from helpdesk.adapters.http import feed
from helpdesk.adapters.wire.events import name_of
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.outbox import Destination
from tests.http.follower import PATIENCE, following, greeted
from tests.http.site import Site


async def test_a_heartbeat_comes_even_when_nothing_happens(pulsing: Site) -> None:
    async with following(pulsing, pulsing.office.ana) as it:
        await it.next()
        assert json.loads((await it.socket.receive(PATIENCE)).data)["type"] == "heartbeat"


async def test_following_is_being_online(pulsing: Site) -> None:
    async def online() -> bool:
        team = await pulsing.cases.read_directory().attendants()
        return next(it.online for it in team if it.attendant.id == pulsing.office.ana.id)

    async with following(pulsing, pulsing.office.ana) as it:
        await it.next()
        await asyncio.sleep(0.05)
        assert await online()
    async with asyncio.timeout(PATIENCE):
        while await online():
            await asyncio.sleep(0.01)


async def test_signing_out_ends_the_feed(pulsing: Site) -> None:
    async with following(pulsing, pulsing.office.ana) as it:
        await it.next()
        bearer = {"Authorization": "Bearer token-of-Ana"}
        assert (await pulsing.call("POST /v1/sign-out", headers=bearer)).status == 204
        assert await it.close_code() == 4401


async def test_who_is_no_longer_active_is_cut_off(site: Site) -> None:
    async with following(site, site.office.ana) as it:
        await greeted(it)
        path = f"PATCH /v1/attendants/{site.office.ana.id}"
        await site.call(path, json={"active": False}, by=site.office.dora)
        await site.relay()
        assert await it.close_code() == 4401


async def test_a_dashboard_can_say_that_its_attendant_types(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    async with following(site, site.office.ana) as it:
        await greeted(it)
        for word in ("nonsense", '{"type":"typing"}', '{"type":"other"}', "[1]"):
            await it.socket.send_str(word)
        await it.socket.send_bytes(b"\x00")
        for _ in range(3):
            await it.socket.send_json({"type": "typing", "attendance_id": str(held.id)})
        async with asyncio.timeout(PATIENCE):
            while "typing.shown.v1" not in (shown := await commands(site)):
                await asyncio.sleep(0.01)
        await it.socket.ping()
    assert shown.count("typing.shown.v1") == 1  # not for each key


async def test_a_long_word_ends_the_feed(site: Site) -> None:
    async with following(site, site.office.ana) as it:
        await greeted(it)
        await it.socket.send_str("x" * 100_000)
        assert await it.close_code() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer forged"}, 401),
        ({"Cookie": "helpdesk_session=token-of-Ana", "Origin": "https://evil.example"}, 403),
    ],
    ids=str,
)
async def test_strangers_and_other_sites_pages_are_refused(
    site: Site, headers: dict[str, str], status: int
) -> None:
    await site.token(site.office.ana)
    with pytest.raises(WSServerHandshakeError) as refused:
        await site.client.ws_connect("/v1/feed", headers=headers)
    assert refused.value.status == status


async def test_the_cookie_is_enough_for_a_page_of_ours(site: Site) -> None:
    await site.token(site.office.ana)
    headers = {"Cookie": "helpdesk_session=token-of-Ana", "Origin": "http://127.0.0.1:8080"}
    async with site.client.ws_connect("/v1/feed", headers=headers) as socket:
        assert json.loads((await socket.receive(PATIENCE)).data)["type"] == "hello"


async def test_without_a_websocket_there_is_no_feed(site: Site) -> None:
    answer = await site.call("GET /v1/feed", by=site.office.ana)
    assert (answer.status, answer.code) == (426, "upgrade_required")


async def test_a_parameter_that_the_feed_does_not_know_is_refused(site: Site) -> None:
    answer = await site.call("GET /v1/feed?sicne=7", by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"sicne"})


async def test_who_reads_too_slowly_is_cut_off_and_comes_back_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "SEND_TAKES", 0.2)
    url = site.client.make_url("")
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect((url.host, url.port))
    _, writer = await asyncio.open_connection(sock=small, limit=1)
    token = await site.token(site.office.dora)
    writer.write(
        b"GET /v1/feed?since=0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Authorization: Bearer " + token.encode() + b"\r\n\r\n"
    )
    held = await site.held_by(site.office.ana)
    for _ in range(600):  # some 10 MB: more than the buffers of a connection
        held, _ = await site.office.hear(held, "😀" * 4096)
    await site.relay()
    async with asyncio.timeout(PATIENCE):
        while not await nobody_follows(site):
            await asyncio.sleep(0.02)
    writer.transport.abort()


async def test_a_feed_whose_neighbour_fails_says_to_come_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Any) -> int:
        raise UnavailableError

    monkeypatch.setattr(type(site.cases.feed()), "head", fail)
    async with following(site, site.office.ana) as it:
        assert await it.close_code() == aiohttp.WSCloseCode.TRY_AGAIN_LATER


async def test_a_bug_ends_the_feed_and_is_logged(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(type(site.cases.feed()), "head", fail)
    with capture_logs() as lines:
        async with following(site, site.office.ana) as it:
            assert await it.close_code() == aiohttp.WSCloseCode.INTERNAL_ERROR
    assert "feed_failed" in {it["event"] for it in lines}


async def test_a_store_that_is_away_does_not_end_a_feed(
    pulsing: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(pulsing, pulsing.office.ana) as it:
        await it.next()

        async def fail(*_: Any, **__: Any) -> None:
            raise UnavailableError

        monkeypatch.setattr(type(pulsing.cases.directory()), "signed_in", fail)
        for _ in range(3):
            assert json.loads((await it.socket.receive(PATIENCE)).data)["type"] == "heartbeat"


async def test_connections_are_counted(site: Site) -> None:
    async with following(site, site.office.ana) as it:
        await greeted(it)
        assert "helpdesk_feed_connections 1.0" in (await site.call("GET /metrics")).body.decode()
    await asyncio.sleep(0.05)
    assert "helpdesk_feed_connections 0.0" in (await site.call("GET /metrics")).body.decode()


async def nobody_follows(site: Site) -> bool:
    told = (await site.call("GET /metrics")).body.decode()
    return "helpdesk_feed_connections 0.0" in told


async def commands(site: Site) -> list[str]:
    pending = await site.cases.outbox().pending(Destination.BROKER, limit=100)
    return [name_of(it.envelope.event) for it in pending]
