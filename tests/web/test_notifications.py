"""Notifications of a browser whose dashboard is closed: asked for by a click, opened by another."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.browsing import Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Office, eventually

# A test reaches no push service, with which a browser would have to register.
SUBSCRIBE: Final = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async ({applicationServerKey, userVisibleOnly}) => {
  window.asked = {applicationServerKey, userVisibleOnly};
  const curve = {name: "ECDH", namedCurve: "P-256"};
  const pair = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const encode = (it) => btoa(String.fromCharCode(...new Uint8Array(it)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const keys = {
    p256dh: encode(await crypto.subtle.exportKey("raw", pair.publicKey)),
    auth: encode(crypto.getRandomValues(new Uint8Array(16))),
  };
  return {toJSON: () => ({endpoint: "https://fcm.googleapis.com/fcm/send/test", keys})};
};
"""
SHOWN: Final = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map((it) => [it.title, it.body, it.tag, it.lang]);
}"""
CLICK: Final = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
}"""


@pytest.fixture(autouse=True)
def _nothing_stays(office: Office) -> Iterator[None]:
    """Nobody reaches the push service that a test made up."""
    yield
    for it in office.ask("GET", "/v1/me/push")["devices"]:
        office.ask("DELETE", f"/v1/me/push/devices/{it['id']}")


def turn_on(desk: Visit) -> Page:
    desk.context.grant_permissions(["notifications"])
    desk.context.add_init_script(SUBSCRIBE)
    desk.page.goto("/settings")
    desk.page.get_by_role("button", name="Notify me on this browser").click()
    expect(desk.page.get_by_role("button", name="Stop on this browser")).to_be_visible()
    return desk.page


def push(desk: Visit, **notice: str) -> None:
    """Be the push service."""
    cdp = desk.context.new_cdp_session(desk.page)
    known: list[Any] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda it: known.extend(it["registrations"]))
    cdp.send("ServiceWorker.enable")
    for _ in range(200):
        if known:
            break
        desk.page.wait_for_timeout(20)
    registration = known[-1]["registrationId"]
    about = {"origin": desk.url, "registrationId": registration, "data": json.dumps(notice)}
    cdp.send("ServiceWorker.deliverPushMessage", about)


def test_a_click_turns_them_on_and_another_off(desk: Visit, office: Office) -> None:
    page = turn_on(desk)
    told = office.ask("GET", "/v1/me/push")
    assert page.evaluate("window.asked") == {
        "applicationServerKey": told["key"],
        "userVisibleOnly": True,
    }
    assert len(told["devices"]) == 1
    content = page.get_by_label("Show name and text")
    expect(content).not_to_be_checked()
    content.click()
    expect(content).to_be_checked()
    expect(content).to_be_enabled()
    eventually(lambda: office.ask("GET", "/v1/me/push")["content"], "a choice")
    assert violations(page) == []
    content.click()
    expect(content).not_to_be_checked()
    page.get_by_role("button", name="Stop on this browser").click()
    expect(page.get_by_role("button", name="Notify me on this browser")).to_be_visible()
    eventually(lambda: not office.ask("GET", "/v1/me/push")["devices"], "no device")


def test_one_is_shown_for_each_attendance_and_opens_it(desk: Visit, caller: Caller) -> None:
    caller.says("Hello")
    attendance = caller.attendance()
    page = turn_on(desk)
    for kind in ("attendance", "message"):
        push(desk, kind=kind, locale="en", attendance=attendance, name="", text="")
    page.wait_for_function(f"async () => (await ({SHOWN})())[0]?.[0] === 'New message'")
    assert page.evaluate(SHOWN) == [["New message", "", attendance, "en"]]
    push(desk, kind="message", locale="es", attendance=attendance, name="João", text="<b>Oi</b>")
    page.wait_for_function(f"async () => (await ({SHOWN})())[0]?.[0] === 'João'")
    assert page.evaluate(SHOWN) == [["João", "<b>Oi</b>", attendance, "es"]]
    desk.context.service_workers[0].evaluate(CLICK)
    page.wait_for_url(f"**/inbox/{attendance}")
    expect(page.get_by_role("log").get_by_text("Hello")).to_be_visible()


def test_who_signs_out_is_not_told_here_any_more(visiting: Visiting, office: Office) -> None:
    mara = office.colleague("Mara")
    desk = visiting(mara)
    page = turn_on(desk)
    with page.expect_response(lambda it: "/push/devices/" in it.url) as forgotten:
        page.get_by_role("button", name="Mara").click()
        page.get_by_role("menuitem", name="Sign out").click()
    assert forgotten.value.status == 204
    page.wait_for_url("**/sign-in**")
