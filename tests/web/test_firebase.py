"""The dashboard with Firebase's own libraries, where the server says so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Request, Route, expect

from tests.support.firestore.cloud import Cloud, cloud
from tests.support.google import PROJECT
from tests.support.server import Server, running
from tests.web.conftest import Visiting
from tests.web.office import Colleague, Office
from tests.web.pushing import SUBSCRIBE, push, shown

VAPID: Final = (
    "BCV1vQ0eZK2cSxr4iOqj3Pm1u0Nn7kJ8W5TgYh6LdAeRfXbUwMzQpIoCvDnKsGtHlEyFjB9aZ2xV4cS7mNqW1uE"
)
INSTALLATIONS: Final = "https://firebaseinstallations.googleapis.com"
REGISTRATIONS: Final = "https://fcmregistrations.googleapis.com"
# What Firebase's library says of it, and the picture by which it tries whether Google is there.
LOST: Final = "ERR_|Failed to load resource|cleardot|@firebase/firestore"
SETTINGS: Final = {
    "HELPDESK__ADAPTERS__PUSH": "firebase",
    "HELPDESK__FIREBASE__APP_ID": "1:123456789012:web:abc",
    "HELPDESK__FIREBASE__SENDER_ID": "123456789012",
    "HELPDESK__FIREBASE__VAPID_KEY": VAPID,
}


@pytest.fixture(scope="module")
def sky() -> Iterator[Cloud]:
    with cloud() as it:
        yield it


@pytest.fixture(scope="module")
def cloudy(sky: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose dashboards listen in Firestore, and register for pushes with Firebase."""
    folder: Path = tmp_path_factory.mktemp("cloudy")
    with running(folder / "data", **SETTINGS, **sky.environment(folder)) as it:
        yield it


class Installations:
    """Google's, as the web SDK asks them."""

    def __init__(self) -> None:
        self.id = ""
        self.registered: list[dict[str, Any]] = []

    def answer(self, route: Route) -> None:
        asked = route.request
        if asked.url.startswith(INSTALLATIONS):
            self.id = self.id or json.loads(asked.post_data or "")["fid"]
            token = {"token": "a.b.c", "expiresIn": "604800s"}
            route.fulfill(json={"fid": self.id, "refreshToken": "r", "authToken": token})
        elif asked.method == "DELETE":
            route.fulfill(json={})
        else:
            self.registered.append(self._checked(asked))
            route.fulfill(json={"name": f"projects/{PROJECT}/registrations/{self.id}"})

    def _checked(self, asked: Request) -> dict[str, Any]:
        assert asked.headers["x-goog-api-key"] == "AIzaTest"
        assert asked.url == f"{REGISTRATIONS}/v1/projects/{PROJECT}/registrations"
        body: dict[str, Any] = json.loads(asked.post_data or "")
        web: dict[str, Any] = body["web"]
        return web


def test_a_browser_registers_by_firebase_and_shows_what_it_passes_on(
    sky: Cloud, cloudy: Server, visiting: Visiting, admin: Colleague
) -> None:
    desk, google = visiting(url=cloudy.url), Installations()
    desk.watch.mean(f"request to another host: ({INSTALLATIONS}|{REGISTRATIONS}|{sky.url})")
    desk.sign_in(admin)
    for host in (INSTALLATIONS, REGISTRATIONS):
        desk.context.route(f"{host}/**", google.answer)
    desk.context.grant_permissions(["notifications"])
    desk.context.add_init_script(SUBSCRIBE)
    desk.page.goto("/settings")
    desk.button("Notify me on this browser").click()
    expect(desk.button("Stop on this browser")).to_be_visible()
    [registered] = google.registered
    assert registered["endpoint"] == "https://fcm.googleapis.com/fcm/send/test"
    assert registered["applicationPubKey"] == VAPID
    told = cloudy.ask("GET", "/v1/me/push", token=cloudy.token())
    assert (told["kind"], len(told["devices"])) == ("firebase", 1)
    attendance = "0198f000-0000-7000-8000-000000000000"
    notice = {"kind": "message", "locale": "en", "attendance": attendance, "name": "", "text": ""}
    push(desk, data=notice, fcmMessageId="1", **{"from": "123456789012"})
    assert shown(desk.page, "New message") == [["New message", "", attendance, "en"]]
    desk.button("Stop on this browser").click()
    expect(desk.button("Notify me on this browser")).to_be_visible()


def test_what_a_phone_says_is_heard_in_firestore_and_nothing_is_missing_after_it_was_cut(
    sky: Cloud, cloudy: Server, visiting: Visiting, admin: Colleague
) -> None:
    caller = Office(cloudy).caller("551133000001", "Rita Cloud")
    caller.says("before")
    desk = visiting(url=cloudy.url)
    desk.watch.mean(f"{sky.url}|{LOST}")
    sockets: list[str] = []
    desk.page.on("websocket", lambda it: sockets.append(it.url))
    desk.sign_in(admin)
    desk.open(caller.attendance())
    caller.says("by Firestore")
    expect(desk.message("by Firestore")).to_be_visible()
    assert sockets == []
    sky.cut()
    detour = desk.page.get_by_text("Firestore cannot be reached.")
    caller.says("while it was cut")
    # Firebase's library tries for a while before it says that it is cut off.
    expect(detour).to_be_visible(timeout=60_000)
    expect(desk.message("while it was cut")).to_be_visible()
    assert sockets != []
    sky.mend()
    expect(detour).to_have_count(0, timeout=60_000)
    caller.says("and by Firestore again")
    said = ("before", "by Firestore", "while it was cut", "and by Firestore again")
    for text in said:
        # The server waits for a while as well, before it tries again to write.
        article = desk.log.locator("article").filter(has_text=text)
        expect(article).not_to_have_count(0, timeout=60_000)
    assert desk.log.locator("article").count() == len(said)
