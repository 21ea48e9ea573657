"""The simulated phones over HTTP."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from tests.http.site import PHONE, Site, open_site

MESSAGES = f"/simulator/phones/{PHONE}/messages"


async def test_a_phone_writes_and_shows_what_it_wrote(site: Site) -> None:
    body = {"text": "Olá\n😀", "name": "João"}
    said = await site.call(f"POST {MESSAGES}", json=body)
    assert said.status == 201
    assert (said.json["text"], said.json["direction"]) == ("Olá\n😀", "out")
    quoting = await site.call(f"POST {MESSAGES}", json={"text": "?", "quote": said.json["id"]})
    assert quoting.json["quote"] == said.json["id"]
    page = (await site.call(f"GET {MESSAGES}")).json
    assert [it["text"] for it in page["items"]] == ["Olá\n😀", "?"]
    assert (page["next"], page["typing"]) == (None, False)
    newer = (await site.call(f"GET {MESSAGES}?after={page['seq']}")).json
    assert (newer["items"], newer["seq"]) == ([], page["seq"])
    phones = (await site.call("GET /simulator/phones")).json["items"]
    assert [(it["phone"], it["name"], it["last"]["text"]) for it in phones] == [
        (PHONE, "João", "?")
    ]


async def test_the_plus_sign_may_be_left_out(site: Site) -> None:
    await site.call(f"POST {MESSAGES}", json={"text": "Oi"})
    page = await site.call(f"GET /simulator/phones/{PHONE[1:]}/messages")
    assert len(page.json["items"]) == 1


async def test_a_long_poll_returns_as_soon_as_there_is_something(site: Site) -> None:
    polling = asyncio.create_task(site.call(f"GET {MESSAGES}?after=0&wait=20"))
    await asyncio.sleep(0.1)
    assert not polling.done()
    await site.call(f"POST {MESSAGES}", json={"text": "Oi"})
    async with asyncio.timeout(60):
        assert [it["text"] for it in (await polling).json["items"]] == ["Oi"]


async def test_a_long_poll_ends_when_nothing_comes(site: Site) -> None:
    since = monotonic()
    page = await site.call(f"GET {MESSAGES}?after=0&wait=0.2")
    assert (page.status, page.json["items"]) == (200, [])
    assert monotonic() - since >= 0.15


async def test_a_phone_is_read_types_and_goes_offline(site: Site) -> None:
    assert (await site.call(f"POST /simulator/phones/{PHONE}/read")).status == 204
    body: dict[str, Any] = {"typing": True}
    assert (await site.call(f"POST /simulator/phones/{PHONE}/typing", json=body)).status == 204
    body = {"name": "Rui", "online": False}
    phone = await site.call(f"PUT /simulator/phones/{PHONE}", json=body)
    assert phone.json == {"phone": PHONE, "name": "Rui", "online": False, "missing": False}


async def test_the_network_is_made_to_fail(site: Site) -> None:
    body = {"network": False, "latency_ms": 5, "fail_next": 1, "duplicate_next": 2}
    state = (await site.call("PATCH /simulator/state", json=body)).json
    assert state.items() >= body.items()
    assert state["state"] == "disconnected"
    assert (await site.call("GET /simulator/state")).json == state
    scanned = await site.call("POST /simulator/scan")
    assert (scanned.status, scanned.code) == (409, "not_scannable")
    assert (await site.call("POST /simulator/unlink")).status == 204


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("POST /simulator/phones/12/messages", {"text": "Oi"}, "phone"),
        ("POST /simulator/phones/abc/messages", {"text": "Oi"}, "phone"),
        (f"POST {MESSAGES}", {"text": ""}, "text"),
        (f"POST {MESSAGES}", {"text": "a" * 4097}, "text"),
        (f"POST {MESSAGES}", {"text": "Oi", "quote": "nothing"}, "quote"),
        (f"POST {MESSAGES}", {"text": "Oi", "media": 1}, "media"),
        (f"POST {MESSAGES}", {"text": "Oi", "hours_ago": 721}, "hours_ago"),
        (f"POST {MESSAGES}", {"text": "Oi", "hours_ago": -1}, "hours_ago"),
        (f"GET {MESSAGES}?wait=26", None, "wait"),
        (f"GET {MESSAGES}?wait=nan", None, "wait"),
        (f"GET {MESSAGES}?wait=inf", None, "wait"),
        (f"GET {MESSAGES}?after=-1", None, "after"),
        (f"GET {MESSAGES}?since=1", None, "since"),
        ("PATCH /simulator/state", {"latency_ms": 60001}, "latency_ms"),
        ("PATCH /simulator/state", {"fail_next": "1"}, "fail_next"),
        ("PATCH /simulator/state", {"linked": True}, "linked"),
    ],
    ids=str,
)
async def test_a_wrong_value_is_named(site: Site, route: str, body: Any, field: str) -> None:
    answer = await site.call(route, json=body)
    assert (answer.status, answer.fields) == (422, {field})


async def test_a_text_is_kept_as_it_is(site: Site) -> None:
    text = " \t\u202eabc\u200d\U0010ffff\x7f\x01\r\n "
    said = await site.call(f"POST {MESSAGES}", json={"text": text})
    assert said.json["text"] == text
    longest = "😀" * 4096
    assert (await site.call(f"POST {MESSAGES}", json={"text": longest})).json["text"] == longest


async def test_admins_play_from_elsewhere() -> None:
    async with open_site(base_url="https://help.example.com") as site:
        answer = await site.call(f"POST {MESSAGES}", json={"text": "Oi"}, by=site.office.dora)
        assert answer.status == 201
