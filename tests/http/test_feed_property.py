"""Whoever follows the feed from the beginning knows what the lists would say."""

import asyncio
import json
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.sector import Policy
from tests.http.site import Site, open_site

PEOPLE: Final = ("ana", "bia", "carla", "dora")
STEPS: Final = st.one_of(
    st.tuples(st.just("arrive"), st.sampled_from(["sales", "support"])),
    st.tuples(st.just("replies"), st.sampled_from(PEOPLE), st.integers(0, 3)),
    st.tuples(st.just("take"), st.sampled_from(PEOPLE), st.integers(0, 3)),
    st.tuples(st.just("release"), st.sampled_from(PEOPLE), st.integers(0, 3)),
    st.tuples(st.just("close"), st.sampled_from(PEOPLE), st.integers(0, 3)),
    st.tuples(
        st.just("transfer"),
        st.sampled_from(PEOPLE),
        st.integers(0, 3),
        st.sampled_from(["sales", "support", *PEOPLE]),
    ),
)


@pytest.mark.slow
@given(st.lists(STEPS, max_size=25))
@settings(max_examples=40)
def test_a_dashboard_that_follows_shows_what_a_fresh_one_fetches(history: list[Any]) -> None:
    asyncio.run(play(history))


async def play(history: list[Any]) -> None:
    async with open_site(heartbeat_seconds=0.02) as site:
        # Else followers, who come online, get attendances while this looks.
        await site.office.keep(replace(site.office.sales, policy=Policy.MANUAL))
        known: list[str] = []
        for step in history:
            await one_step(site, step, known)
        await site.relay()
        for name in PEOPLE:
            viewer: Attendant = getattr(site.office, name)
            assert await followed(site, viewer) == await fetched(site, viewer)


async def one_step(site: Site, step: Any, known: list[str]) -> None:
    if step[0] == "arrive":
        sector = getattr(site.office, step[1])
        heard, _ = await site.office.hear(await site.office.attend(sector=sector))
        known.append(str(heard.id))
    elif known:
        verb, person, number, *to = step
        path = f"POST /v1/attendances/{known[number % len(known)]}/{verb}"
        body = {"text": "Oi"} if verb == "replies" else None
        if to:
            kind = "sector_id" if to[0] in ("sales", "support") else "attendant_id"
            body = {kind: str(getattr(site.office, to[0]).id)}
        answer = await site.call(path, json=body, by=getattr(site.office, person))
        assert answer.status in (200, 201, 404, 409), answer


async def followed(site: Site, viewer: Attendant) -> dict[str, Any]:
    """Do as a dashboard does: keep each state that is told, drop what is not theirs any more."""
    head = await site.cases.feed().head()
    rows: dict[str, Any] = {}
    headers = {"Authorization": f"Bearer {await site.token(viewer)}"}
    url = f"/v1/feed?since={'0' if head else ''}"
    async with site.client.ws_connect(url, headers=headers) as socket:
        await socket.receive_json()
        while int((frame := json.loads((await socket.receive(5)).data))["cursor"]) < head:
            remember(rows, frame)
        remember(rows, frame)
    open_rows = (it for it in rows.values() if it["status"] != "closed" and theirs(viewer, it))
    return {it["id"]: (it["status"], it["attendant_id"], it["unread"]) for it in open_rows}


def remember(rows: dict[str, Any], frame: Any) -> None:
    if state := frame.get("payload", {}).get("attendance"):
        rows[state["id"]] = state


async def fetched(site: Site, viewer: Attendant) -> dict[str, Any]:
    page = await site.call("GET /v1/attendances?status=open&limit=100", by=viewer)
    return {
        it["id"]: (it["status"], it["attendant"] and it["attendant"]["id"], it["unread"])
        for it in page.json["items"]
    }


def theirs(viewer: Attendant, state: Any) -> bool:
    """What the dashboard knows of visibility; the server's own rule is in the domain."""
    member = any(str(it) == state["sector_id"] for it in viewer.sectors)
    return (
        viewer.role is Role.ADMIN
        or state["attendant_id"] == str(viewer.id)
        or (member and (viewer.role is Role.MANAGER or state["status"] == "waiting"))
    )
