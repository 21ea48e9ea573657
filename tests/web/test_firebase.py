"""The dashboard with Firebase's own libraries, where the server says so."""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, Final

import grpc
import pytest
from playwright.sync_api import Browser, Page, Request, Route, WebSocket, expect

from tests.support.bucket import BUCKET, Bucket
from tests.support.firestore.cloud import Cloud, cloud
from tests.support.google import PROJECT
from tests.support.server import Server, ServerError, running
from tests.web.browsing import Visit
from tests.web.conftest import Visiting, hand_over
from tests.web.files import digests, one_of_each, there_and_back
from tests.web.office import Caller, Colleague, Office, eventually
from tests.web.pushing import SUBSCRIBE, push, shown

VAPID: Final = (
    "BCV1vQ0eZK2cSxr4iOqj3Pm1u0Nn7kJ8W5TgYh6LdAeRfXbUwMzQpIoCvDnKsGtHlEyFjB9aZ2xV4cS7mNqW1uE"
)
INSTALLATIONS: Final = "https://firebaseinstallations.googleapis.com"
REGISTRATIONS: Final = "https://fcmregistrations.googleapis.com"
# What Firebase's library says of it, and the picture by which it tries whether Google is there.
LOST: Final = "ERR_|Failed to load resource|cleardot|@firebase/firestore"
DENIED: Final = "permission-denied"
LONG: Final = 120.0  # seconds: both sides wait for a while before they try again
TALL: Final = {"width": 1440, "height": 16_000}  # no message is out of sight
SETTINGS: Final = {
    "HELPDESK__ADAPTERS__MEDIA": "firebase",
    "HELPDESK__FIREBASE__BUCKET": BUCKET,
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
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    it = Bucket(tmp_path_factory.mktemp("bucket"))
    it.start()
    yield it
    it.kill()


@pytest.fixture(scope="module")
def cloudy(
    sky: Cloud, bucket: Bucket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server with all that Firebase can be: feed, files and pushes."""
    folder: Path = tmp_path_factory.mktemp("cloudy")
    environment = sky.environment(folder) | {"HELPDESK__FIREBASE__STORAGE_URL": bucket.url}
    with running(folder / "data", **SETTINGS, **environment) as it:
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
    sky: Cloud, cloudy: Server, visiting: Visiting, admin: Colleague, whole_browser: Browser
) -> None:
    desk, google = visiting(url=cloudy.url, within=whole_browser), Installations()
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


def test_a_phone_is_heard_in_firestore_and_its_files_are_kept_in_the_bucket(
    sky: Cloud, cloudy: Server, bucket: Bucket, visiting: Visiting, admin: Colleague
) -> None:
    caller = Office(cloudy).caller("551133000001", "Rita Cloud")
    caller.says("look at these")
    desk = visiting(url=cloudy.url)
    desk.watch.mean(f"request to another host: {sky.url}")
    sockets = sockets_of(desk)
    desk.sign_in(admin)
    desk.open(caller.attendance())
    phone = hand_over(visiting(url=cloudy.url).page, caller)
    until(desk, lambda: not sockets)
    there_and_back(phone, desk, one_of_each())
    until(desk, lambda: not sockets)
    for given in one_of_each():
        assert digests(desk, caller, given) == {given.digest}
        assert given.digest in bucket.names()


def test_under_load_nothing_is_missing_or_doubled_whoever_cannot_reach_firestore(
    sky: Cloud, cloudy: Server, visiting: Visiting, admin: Colleague
) -> None:
    caller = Office(cloudy).caller("551133000002", "Rui Cloud")
    desk = visiting(url=cloudy.url, viewport=TALL)
    desk.watch.mean(f"{sky.url}|{LOST}")
    sockets = sockets_of(desk)
    desk.sign_in(admin)
    detour = desk.page.get_by_text("Firestore cannot be reached.")
    with talking(caller) as said:
        desk.open(caller.attendance())
        expect(desk.message("news 5.")).to_be_visible()
        until(desk, lambda: not sockets)
        sky.refuse(grpc.StatusCode.UNAVAILABLE)  # only the helpdesk, which says so
        until(desk, detour.is_visible)
        sky.refuse(None)
        until(desk, lambda: not sockets)
        sky.cut()  # Firebase's library tries for a while before it says that it is cut off
        wake(desk)
        expect(detour).to_be_visible(timeout=LONG * 1000)
        sky.mend()
        until(desk, lambda: not sockets)
    articles = desk.log.locator("article")
    expect(articles).to_have_count(len(said), timeout=LONG * 1000)
    shown = [re.findall(r"news \d+\.", it) for it in articles.all_inner_texts()]
    assert shown == [[it] for it in said]
    eventually(lambda: is_drained(cloudy), "everything is written")


def sockets_of(desk: Visit) -> list[WebSocket]:
    """The WebSockets that are open, of those that it opens from now on."""
    found: list[WebSocket] = []

    def note(it: WebSocket) -> None:
        found.append(it)
        it.on("close", lambda closed: found.remove(closed))  # noqa: PLW0108 - Playwright marks it

    desk.page.on("websocket", note)
    return found


@contextmanager
def talking(caller: Caller) -> Iterator[list[str]]:
    """Let a client write all the time; what was said is noted."""
    said, over = ["news 1."], Event()
    caller.says(said[0])

    def talk() -> None:
        while not over.wait(0.2):
            said.append(f"news {len(said) + 1}.")
            caller.says(said[-1])

    with ThreadPoolExecutor(1) as thread:
        talk_on = thread.submit(talk)
        try:
            yield said
        finally:
            over.set()
        talk_on.result()


def wake(desk: Visit) -> None:
    """As when a network is back: nobody sits out a pause."""
    desk.page.evaluate("dispatchEvent(new Event('online'))")


def until(desk: Visit, good: Callable[[], bool]) -> None:
    """Wait for it, and let nobody sit out a pause meanwhile.

    No socket is open where Firestore alone tells the dashboard, in time.
    """
    end = time.monotonic() + LONG
    while not good():
        assert time.monotonic() < end
        wake(desk)
        desk.page.wait_for_timeout(1000)


def is_drained(server: Server) -> bool:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=30) as answer:
        told = answer.read().decode()
    waiting = re.findall(
        r"^helpdesk_(?:outbox_entries|live_events_behind)\S* (\S+)$", told, re.MULTILINE
    )
    return len(waiting) > 1 and {float(it) for it in waiting} == {0.0}


def test_firebases_own_library_is_refused_whatever_is_not_theirs(
    sky: Cloud, cloudy: Server, browser: Browser
) -> None:
    office = Office(cloudy)
    office.caller("551133000003", "Rosa Cloud").says("for the default sector")
    eva, theirs = office.colleague("Eva"), office.default_sector()
    token = cloudy.token(eva.email, eva.password)
    place = cloudy.ask("GET", "/v1/me", token=token)["firebase"]
    granted = cloudy.ask("POST", "/v1/live/token", token=token)
    page = browser.new_page()
    page.goto(f"{sky.url}/sdk")
    page.evaluate("([place, token]) => sdk.begin(place, token)", [place, granted["token"]])

    assert f"sector:{theirs}" in granted["feeds"]
    for feed in granted["feeds"]:
        assert page.evaluate("(feed) => sdk.listen(feed)", feed) == "done", feed
    others = (f"sector:{office.sector('Other')}", f"managers:{theirs}", "attendant:another")
    for feed in ("admins", *others):
        assert page.evaluate("(feed) => sdk.listen(feed)", feed) == DENIED, feed
    written = sky.peer.documents.of(f"feeds/sector:{theirs}/events")[0].name.rpartition("/")[2]
    for attempt in ("add(feed)", "remove(feed, id)", "addElsewhere()"):
        tried = page.evaluate(f"([feed, id]) => sdk.{attempt}", [f"sector:{theirs}", written])
        assert tried == DENIED, attempt

    all_ends(sky, cloudy, page, eva, granted["feeds"])
    page.close()


def all_ends(sky: Cloud, cloudy: Server, page: Page, who: Colleague, feeds: list[str]) -> None:
    """Disable somebody: for the API at once, in Firestore when their hour is over."""
    office, token = Office(cloudy), cloudy.token(who.email, who.password)
    office.ask("PATCH", f"/v1/attendants/{who.id}", {"active": False})
    with pytest.raises(ServerError, match="401"):
        cloudy.ask("POST", "/v1/live/token", token=token)
    eventually(lambda: who.id in sky.identities.revoked, "Google is told")
    assert page.evaluate("sdk.refresh()") == "auth/user-token-expired"
    sky.channel.ahead = timedelta(hours=1)
    office.caller("551133000004", "Raul Cloud").says("an hour later")
    for feed in feeds:
        assert page.evaluate("(feed) => sdk.ends[feed]", feed) == DENIED, feed
    sky.channel.ahead = timedelta()
