"""The dashboard with Firebase's own libraries, where the server says so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Request, Route, expect

from tests.support.google import PROJECT, written_account
from tests.support.server import Server, running
from tests.web.conftest import Visiting
from tests.web.office import Colleague
from tests.web.pushing import SUBSCRIBE, push, shown

VAPID: Final = (
    "BCV1vQ0eZK2cSxr4iOqj3Pm1u0Nn7kJ8W5TgYh6LdAeRfXbUwMzQpIoCvDnKsGtHlEyFjB9aZ2xV4cS7mNqW1uE"
)
INSTALLATIONS: Final = "https://firebaseinstallations.googleapis.com"
REGISTRATIONS: Final = "https://fcmregistrations.googleapis.com"
SETTINGS: Final = {
    "HELPDESK__ADAPTERS__PUSH": "firebase",
    "HELPDESK__FIREBASE__API_KEY": "AIzaTest",
    "HELPDESK__FIREBASE__APP_ID": "1:123456789012:web:abc",
    "HELPDESK__FIREBASE__SENDER_ID": "123456789012",
    "HELPDESK__FIREBASE__VAPID_KEY": VAPID,
}


@pytest.fixture(scope="module")
def cloudy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("cloudy")
    account = written_account(folder, token_uri="http://127.0.0.1:9/token")
    with running(folder / "data", **SETTINGS, HELPDESK__FIREBASE__CREDENTIALS=account) as it:
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
    cloudy: Server, visiting: Visiting, admin: Colleague
) -> None:
    desk, google = visiting(admin, cloudy.url), Installations()
    desk.watch.mean(f"request to another host: ({INSTALLATIONS}|{REGISTRATIONS})")
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
