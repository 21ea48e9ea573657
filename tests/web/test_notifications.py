"""Notifications of a browser whose dashboard is closed: asked for by a click, opened by another."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.axe import violations
from tests.web.browsing import Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague, Office, eventually
from tests.web.pushing import SUBSCRIBE, push, shown

CLICK: Final = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
}"""


@pytest.fixture
def desk(visiting: Visiting, admin: Colleague, whole_browser: Browser) -> Visit:
    """A profile that may show notifications is nobody else's."""
    return visiting(admin, within=whole_browser)


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
    assert shown(page, "New message") == [["New message", "", attendance, "en"]]
    push(desk, kind="message", locale="es", attendance=attendance, name="João", text="<b>Oi</b>")
    assert shown(page, "João") == [["João", "<b>Oi</b>", attendance, "es"]]
    desk.context.service_workers[0].evaluate(CLICK)
    page.wait_for_url(f"**/inbox/{attendance}")
    expect(page.get_by_role("log").get_by_text("Hello")).to_be_visible()


def test_who_signs_out_is_not_told_here_any_more(
    visiting: Visiting, office: Office, whole_browser: Browser
) -> None:
    mara = office.colleague("Mara")
    desk = visiting(mara, within=whole_browser)
    page = turn_on(desk)
    with page.expect_response(lambda it: "/push/devices/" in it.url) as forgotten:
        page.get_by_role("button", name="Mara").click()
        page.get_by_role("menuitem", name="Sign out").click()
    assert forgotten.value.status == 204
    page.wait_for_url("**/sign-in**")
