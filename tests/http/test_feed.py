"""What the live feed tells, to whom, and what it tells those who come back."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.http.follower import PATIENCE, following, greeted, settled
from tests.http.site import Site


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
        "heard_at": "2026-11-23T12:00:00Z",
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


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "\u0661", "9" * 40])
async def test_what_is_no_cursor_is_refused(site: Site, since: str) -> None:
    answer = await site.call(f"GET /v1/feed?since={quote(since)}", by=site.office.dora)
    assert (answer.status, answer.fields) == (422, {"since"})


@pytest.mark.parametrize("since", ["999999", "9" * 18])
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
        await site.call(f"POST /v1/attendances/{held.id}/transfer", json=body, by=site.office.ana)
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
