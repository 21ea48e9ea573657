"""The live feed over its WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from helpdesk.adapters.wire.events import name_of
from helpdesk.domain.attendant import Attendant
from helpdesk.ports.outbox import Destination
from tests.http.site import Site, open_site

PATIENCE = 5.0


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


@pytest.fixture
async def pulsing() -> AsyncIterator[Site]:
    """A site whose heart beats twenty times a second."""
    async with open_site(heartbeat_seconds=0.05) as it:
        yield it


async def test_a_follower_is_greeted_with_the_cursor_of_now(site: Site) -> None:
    await site.waiting()
    await site.relay()
    async with following(site, site.office.dora) as it:
        assert await greeted(it) == str(await site.cases.feed().head())


async def test_an_event_names_its_cursor_and_carries_the_state(site: Site) -> None:
    async with following(site, site.office.dora) as it:
        await greeted(it)
        await settled(site)
        assert (await it.next())["event"] == "attendant.presence_changed.v1"
        waiting = await site.waiting("Olá, preciso de ajuda")
        await site.relay()
        met, opened, heard = await it.events(3)
    assert met["event"] == "client.changed.v1"
    assert met["payload"] == {"client_id": str(waiting.client_id)}
    assert opened["event"] == "attendance.opened.v1"
    assert heard["event"] == "message.received.v1"
    assert int(heard["cursor"]) == int(opened["cursor"]) + 1
    assert heard["payload"]["attendance"] | {"id": 0} == {
        "id": 0,
        "status": "waiting",
        "client_id": str(waiting.client_id),
        "session_id": str(waiting.session_id),
        "sector_id": str(waiting.sector_id),
        "attendant_id": None,
        "opened_at": "2026-11-23T12:00:00Z",
        "last_message_at": "2026-11-23T12:00:00Z",
        "closed_at": None,
        "closed_by": None,
        "unread": 1,
        "last_position": 1,
        "neglected": False,
        "waiting_since": "2026-11-23T12:00:00Z",
    }
    said = heard["payload"]["message"]
    assert said["text"] == "Olá, preciso de ajuda"
    assert (said["author"], said["quote"], said["delivery"]) == (None, None, None)


async def test_a_reply_names_its_author_and_its_quote_by_id(site: Site) -> None:
    heard, message = await site.office.hear(await site.office.attend(), "?")
    async with following(site, site.office.dora) as it:
        await greeted(it)
        await settled(site)
        body = {"text": "!", "quote": str(message.id)}
        route = f"POST /v1/attendances/{heard.id}/replies"
        reply = await site.call(route, json=body, by=site.office.dora)
        await site.relay()
        while (frame := await it.next())["event"] != "message.written.v1":
            pass
    said = frame["payload"]["message"]
    assert said["id"] == reply.json["id"]
    assert said["author"] == {"id": str(site.office.dora.id)}
    assert said["quote"] == {"id": str(message.id)}


async def test_who_comes_back_gets_exactly_what_they_missed(site: Site) -> None:
    async with following(site, site.office.dora) as it:
        cursor = await greeted(it)
    for number in range(20):
        await site.waiting(f"message {number}")
    await site.relay()
    texts: list[str] = []
    cursors: list[int] = []
    async with following(site, site.office.dora, since=cursor) as it:
        assert await greeted(it) == cursor
        while len(texts) < 20:
            frame = await it.next()
            cursors.append(int(frame["cursor"]))
            if frame["event"] == "message.received.v1":
                texts.append(frame["payload"]["message"]["text"])
    assert texts == [f"message {number}" for number in range(20)]
    assert cursors == sorted(set(cursors))
    assert min(cursors) > int(cursor)


@pytest.mark.parametrize("since", ["999999", "-1", "x", "1.5", "١", "9" * 40])
async def test_a_cursor_that_is_not_known_any_more_leads_to_a_resync(
    site: Site, since: str
) -> None:
    await site.waiting()
    await site.relay()
    head = str(await site.cases.feed().head())
    async with following(site, site.office.dora, since=since) as it:
        await it.next()
        assert await it.next() == {"type": "resync", "cursor": head}
        await settled(site)
        assert (await it.next())["event"] == "attendant.presence_changed.v1"  # and goes on


async def test_a_pruned_cursor_leads_to_a_resync(site: Site) -> None:
    async with following(site, site.office.dora) as it:
        cursor = await greeted(it)
    await site.waiting()
    await site.relay()
    await site.cases.feed().prune(before=datetime.now(UTC) + timedelta(hours=1))
    async with following(site, site.office.dora, since=cursor) as it:
        assert (await it.next())["type"] == "hello"
        assert (await it.next())["type"] == "resync"


async def test_nobody_hears_what_they_may_not_see_but_their_cursor_moves_on(
    pulsing: Site,
) -> None:
    site = pulsing
    async with following(site, site.office.bia) as it:
        await it.next()
        await site.held_by(site.office.ana)  # of another sector
        await site.relay()
        head = await site.cases.feed().head()
        seen = []
        while True:
            frame = json.loads((await it.socket.receive(PATIENCE)).data)
            seen.append(frame.get("event"))
            if frame["type"] == "heartbeat" and int(frame["cursor"]) >= head:
                break
    assert not any(it and it.startswith(("attendance.", "message.")) for it in seen)


async def test_who_had_an_attendance_hears_that_it_left_them(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    await site.relay()
    async with following(site, site.office.ana) as it:
        await greeted(it)
        await settled(site)
        await it.next()
        body = {"attendant_id": str(site.office.bia.id), "reason": "hers"}
        await site.call(
            f"POST /v1/attendances/{held.id}/transfer", json=body, by=site.office.ana
        )
        await site.call(
            f"POST /v1/attendances/{held.id}/replies", json={"text": "Oi"}, by=site.office.bia
        )
        await site.waiting("next")
        await site.relay()
        transferred, *others = await it.events(4)
    assert transferred["event"] == "attendance.transferred.v1"
    assert transferred["payload"]["attendance"]["attendant_id"] == str(site.office.bia.id)
    assert transferred["payload"]["previous_attendant_id"] == str(site.office.ana.id)
    assert transferred["payload"]["reason"] == "hers"
    assert str(held.id) not in json.dumps(others)


async def test_new_sectors_count_at_once(site: Site) -> None:
    async with following(site, site.office.bia) as it:
        await greeted(it)
        await settled(site)
        await it.next()
        body = {"sectors": [str(site.office.sales.id)]}
        await site.call(
            f"PATCH /v1/attendants/{site.office.bia.id}", json=body, by=site.office.dora
        )
        await site.waiting()
        await site.relay()
        events = [frame["event"] for frame in await it.events(4)]
    assert events[0] == "team.changed.v1"
    assert "message.received.v1" in events


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


async def test_connections_are_counted(site: Site) -> None:
    async with following(site, site.office.ana) as it:
        await greeted(it)
        assert "helpdesk_feed_connections 1.0" in (await site.call("GET /metrics")).body.decode()
    await asyncio.sleep(0.05)
    assert "helpdesk_feed_connections 0.0" in (await site.call("GET /metrics")).body.decode()


async def commands(site: Site) -> list[str]:
    pending = await site.cases.outbox().pending(Destination.BROKER, limit=100)
    return [name_of(it.envelope.event) for it in pending]
