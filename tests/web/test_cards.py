"""Places and people's cards from the dashboard: refused with a remedy, shown on the phone."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.web.browsing import PHONE, Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague

MASP = "https://www.google.com/maps/place/MASP/@-23.5,-46.6,17z/data=!3m1!8m2!3d-23.561414!4d-46.655881"


def _ready(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())


def _choose(page: Page, what: str) -> Locator:
    page.get_by_role("button", name="Send something else").click()
    page.get_by_role("menuitem", name=what).click()
    return page.get_by_role("dialog")


def _came(caller: Caller, kind: str) -> list[dict[str, Any]]:
    """What of this kind came to the phone."""
    return [it for it in caller.messages() if (it["direction"], it["kind"]) == ("in", kind)]


def _sent(desk: Visit) -> Locator:
    return desk.log.locator("[data-direction=reply]")


def test_a_place_is_pasted_and_shown_on_both_sides(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    _ready(desk, caller)
    dialog = _choose(desk.page, "Location")
    dialog.get_by_label("Map link or coordinates").fill(MASP)
    expect(dialog.get_by_label("Latitude")).to_have_value("-23.561414")
    expect(dialog.get_by_label("Longitude")).to_have_value("-46.655881")
    expect(dialog.get_by_label("Name")).to_have_value("MASP")
    dialog.get_by_label("Address").fill("Av. Paulista, 1578")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(desk.page.get_by_label("Reply to the client")).to_be_focused()
    place = _sent(desk).locator("[data-location='-23.561414,-46.655881']")
    expect(place).to_contain_text("Av. Paulista, 1578")
    expect(_sent(desk).locator("[data-delivery=read]")).to_be_visible()
    expect(phone.locator("[data-direction=in] [data-location]")).to_contain_text("MASP")
    [came] = _came(caller, "location")
    assert came["location"] == {
        "latitude": -23.561414,
        "longitude": -46.655881,
        "name": "MASP",
        "address": "Av. Paulista, 1578",
    }


def test_what_is_no_place_says_what_would_be_one(desk: Visit, caller: Caller) -> None:
    _ready(desk, caller)
    dialog = _choose(desk.page, "Location")
    link, send = dialog.get_by_label("Map link"), dialog.get_by_role("button", name="Send")
    link.fill("https://maps.app.goo.gl/AbC")
    expect(link).to_have_accessible_description(re.compile("copy its long address"))
    dialog.get_by_label("Latitude").fill("north")
    send.click()
    for name, most in (("Latitude", 90), ("Longitude", 180)):
        expect(dialog.get_by_label(name)).to_have_accessible_description(
            re.compile(f"Give degrees from -{most} to {most}")
        )
    expect(dialog.get_by_label("Latitude")).to_be_focused()
    # Both numbers where one belongs, with the comma of half the world.
    desk.page.evaluate(
        """([target, text]) => {
          const carried = new DataTransfer();
          carried.setData("text/plain", text);
          const options = {bubbles: true, cancelable: true, clipboardData: carried};
          target.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        [dialog.get_by_label("Longitude").element_handle(), "-23,5; -46,6"],
    )
    expect(dialog.get_by_label("Latitude")).to_have_value("-23.5")
    send.click()
    expect(_sent(desk).locator("[data-location='-23.5,-46.6']")).to_be_visible()


def test_the_attendant_s_own_position_is_asked_of_the_browser(
    visiting: Visiting, admin: Colleague, caller: Caller
) -> None:
    desk = visiting(admin, geolocation={"latitude": -22.9519, "longitude": -43.2105})
    _ready(desk, caller)
    dialog = _choose(desk.page, "Location")
    mine = dialog.get_by_role("button", name="Use my position")
    mine.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Allow it in the site's permissions")
    desk.context.grant_permissions(["geolocation"])
    mine.click()
    expect(dialog.get_by_label("Latitude")).to_have_value("-22.9519")
    expect(dialog.get_by_label("Longitude")).to_have_value("-43.2105")
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_a_client_s_card_fills_itself_and_takes_another_number(
    phone: Page, desk: Visit, caller: Caller, other: Caller
) -> None:
    other.says("hi")
    other.attendance()
    _ready(desk, caller)
    dialog = _choose(desk.page, "Contact")
    send = dialog.get_by_role("button", name="Send", exact=True)
    send.click()
    expect(dialog.get_by_label("Name")).to_be_focused()
    expect(dialog.get_by_label("Phone")).to_have_accessible_description(re.compile("Give a number"))
    dialog.get_by_label("Search your clients").fill(other.name)
    dialog.get_by_role("button", name=other.name).click()
    expect(dialog.get_by_label("Name")).to_have_value(other.name)
    dialog.get_by_role("button", name="Another number").click()
    second = dialog.get_by_label("Phone 2", exact=True)
    second.fill("12")
    send.click()
    expect(second).to_be_focused()
    expect(second).to_have_accessible_description(re.compile("11 98888-7777"))
    second.fill("(11) 98888-7777")
    send.click()
    expect(_sent(desk).locator(f"[data-contact='{other.name}']")).to_be_visible()
    expect(phone.locator("[data-direction=in] [data-contact]")).to_contain_text("+55 11 98888-7777")
    [came] = _came(caller, "contact")
    [card] = came["contacts"]
    assert (card["name"], card["phones"]) == (other.name, [f"+{other.phone}", "+5511988887777"])


def test_a_card_that_was_refused_is_sent_again_under_its_key(desk: Visit, caller: Caller) -> None:
    _ready(desk, caller)
    keys, refused = list[str](), list[bool]()

    def refuse(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if not refused:
            refused.append(True)
            route.fulfill(status=502, body="<html>")
        else:
            route.continue_()

    desk.watch.mean("502")
    desk.page.route("**/replies", refuse)
    dialog = _choose(desk.page, "Contact")
    dialog.get_by_label("Name").fill("Oficina do Zé")
    dialog.get_by_label("Phone").fill("+351 912 345 678")
    dialog.get_by_label("Phone").press("Enter")
    failed = desk.log.locator("[data-outgoing=failed]")
    expect(failed.locator("[data-contact]")).to_contain_text("+351912345678")
    failed.get_by_role("button", name="Try again").click()
    expect(_sent(desk).locator("[data-contact]")).to_be_visible()
    expect(failed).to_have_count(0)
    expect(_sent(desk).locator("[data-delivery=delivered]")).to_be_visible()
    assert len(set(keys)) == 1
    assert len(_came(caller, "contact")) == 1


def test_the_menu_is_worked_by_keys_and_leaves_on_escape_or_a_press_outside(
    visiting: Visiting, admin: Colleague, caller: Caller
) -> None:
    desk = visiting(admin, viewport=PHONE, has_touch=True, is_mobile=True)
    _ready(desk, caller)
    more = desk.page.get_by_role("button", name="Send something else")
    menu = desk.page.get_by_role("menu")
    more.focus()
    desk.page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(more).to_be_focused()
    more.click()
    expect(menu).to_be_visible()
    desk.page.mouse.click(180, 120)
    expect(menu).to_have_count(0)
    more.press("Enter")
    expect(menu.get_by_role("menuitem", name="Files")).to_be_focused()
    for name in ("Location", "Contact"):
        menu.get_by_role("menuitem", name=name).hover()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("dialog")).to_contain_text("Send a contact")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    # What goes to colleagues only is a text.
    desk.button("Note").click()
    expect(more).to_have_count(0)


def test_all_that_can_be_sent_has_room_on_a_telephone(
    visiting: Visiting, admin: Colleague, caller: Caller
) -> None:
    desk = visiting(admin, viewport=PHONE, has_touch=True, is_mobile=True)
    _ready(desk, caller)
    more, send = desk.page.get_by_role("button", name="Send something else"), desk.button("Send")
    expect(send).to_be_visible()
    bar = more.locator("xpath=..")
    ends = [it.evaluate("it => it.getBoundingClientRect().right") for it in (send, bar)]
    assert ends[0] < ends[1]
    dialog = _choose(desk.page, "Choose a template")
    expect(dialog).to_be_visible()
    assert desk.width() == PHONE["width"]


def test_what_the_number_s_bridge_cannot_send_is_not_offered(
    visiting: Visiting, admin: Colleague, caller: Caller
) -> None:
    desk = visiting(admin)
    caller.says("hello")

    def only_files(route: Route) -> None:
        listed = route.fetch().json()
        for it in listed["items"]:
            it["capabilities"] |= {"location": False, "contacts": False}
        route.fulfill(json=listed)

    desk.page.route("**/v1/sessions*", only_files)
    desk.page.reload()
    desk.open(caller.attendance())
    expect(desk.page.get_by_role("button", name=re.compile("Attach files"))).to_be_visible()
    expect(desk.page.get_by_role("button", name="Send something else")).to_have_count(0)
