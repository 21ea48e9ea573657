"""A whole helpdesk whose dashboards listen in Firestore: by configuration alone."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import grpc
import pytest

from helpdesk.configuration import SettingsError
from helpdesk.neighbours import Firebase, Postgres
from helpdesk.opening import connects, must_be_shared
from helpdesk.settings import Adapters, Settings
from tests.flows.conftest import new_number
from tests.support.desk import Desk, Visitor, eventually, visiting
from tests.support.firestore.firm import ROOT, Elsewhere, after
from tests.support.firestore.rules import Rules
from tests.support.firestore.values import plain
from tests.support.server import Server

POWERLESS: Final = "Cloud Datastore User"


def a_server(place: Elsewhere, data: Path) -> Server:
    firebase = place.settings.firebase
    return Server(
        data,
        {
            "HELPDESK__ADAPTERS__FEED": "firebase",
            "HELPDESK__FIREBASE__CREDENTIALS": firebase.credentials,
            "HELPDESK__FIREBASE__API_KEY": firebase.api_key,
            "FIRESTORE_EMULATOR_HOST": place.peer.host,
            "FIREBASE_AUTH_EMULATOR_HOST": place.account.host,
        },
    )


def read(place: Elsewhere, feeds: list[str], since: int) -> list[dict[str, Any]]:
    """What a browser reads that listens to these feeds."""
    found = {}
    for feed in feeds:
        for it in place.documents.query(f"{ROOT}/feeds/{feed}", after(since)):
            told = {name: plain(value) for name, value in it.fields.items()}
            found[told["cursor"]] = told
    return [found[it] for it in sorted(found)]


@pytest.mark.slow
async def test_what_happens_comes_to_its_browsers_and_is_said_when_it_does_not(
    place: Elsewhere, tmp_path: Path
) -> None:
    server = a_server(place, tmp_path / "data")
    try:
        await asyncio.to_thread(server.start)
        async with visiting(server) as visitor:
            desk = await visitor.desk()
            await a_browser_hears(place, visitor, desk)
            assert (await desk.get("/readyz"))["status"] == "ok"
            await eventually(lambda: metrics(desk), lambda it: "events_behind 0.0\n" in it)
            await who_is_demoted_is_revoked(place, visitor, desk)
            place.peer.refusal = grpc.StatusCode.PERMISSION_DENIED
            told = await asyncio.to_thread(server.run, "doctor")
            assert POWERLESS in told.stdout + told.stderr
            assert told.returncode
            await it_is_said(visitor, desk)
            assert "events_behind 0.0\n" not in await metrics(desk)
    finally:
        await asyncio.to_thread(server.kill)


async def a_browser_hears(place: Elsewhere, visitor: Visitor, desk: Desk) -> None:
    assert (await desk.get("/v1/me"))["firebase"]["project"] == "helpdesk"
    granted = await desk.post("/v1/live/token")
    assert granted["feeds"] == ["everyone", "admins"]
    await visitor.phone(new_number()).writes("Olá")

    async def kinds() -> list[str]:
        return [it["event"] for it in read(place, granted["feeds"], int(granted["cursor"]))]

    await eventually(kinds, lambda it: "message.received.v1" in it)


async def who_is_demoted_is_revoked(place: Elsewhere, visitor: Visitor, desk: Desk) -> None:
    carla = await visitor.attendant("Carla", role="manager")
    await carla.post("/v1/live/token")
    await desk.patch(f"/v1/attendants/{carla.id}", {"role": "attendant"})

    async def revoked() -> bool:
        return carla.id in place.account.valid_since

    await eventually(revoked)


async def metrics(desk: Desk) -> str:
    told: bytes = await desk.get("/metrics")
    return told.decode()


async def it_is_said(visitor: Visitor, desk: Desk) -> None:
    """What cannot be written is named, and the API goes on."""
    await visitor.phone(new_number()).writes("Olá")

    async def components() -> dict[str, str]:
        found: dict[str, str] = (await desk.get("/readyz"))["components"]
        return found

    await eventually(components, lambda it: POWERLESS in it["live"])


def test_roles_of_their_own_meet_in_it_as_they_meet_in_the_store() -> None:
    chosen = Settings(adapters=Adapters(feed="firebase"))
    with pytest.raises(SettingsError, match=r"adapters\.feed = 'firebase'.*postgres\.dsn"):
        must_be_shared("feed", chosen, by="api")
    must_be_shared("feed", replace(chosen, postgres=Postgres(dsn="postgresql://db")), by="api")


def test_browsers_may_talk_to_it_and_to_nobody_else() -> None:
    chosen = Settings(adapters=Adapters(feed="firebase"))
    assert connects(chosen) == (
        "https://firestore.googleapis.com",
        "https://identitytoolkit.googleapis.com",
        "https://securetoken.googleapis.com",
    )
    urls = Firebase(web_firestore_url="http://127.0.0.1:1", web_auth_url="http://127.0.0.1:2")
    assert connects(replace(chosen, firebase=urls)) == ("http://127.0.0.1:1", "http://127.0.0.1:2")


def test_the_rules_are_about_where_it_writes() -> None:
    paths = {it.path for it in Rules.of("firestore.rules").allows if it.condition != "False"}
    assert paths == {"/databases/{database}/documents/feeds/{feed}/events/{event}"}
