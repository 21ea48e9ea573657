"""Files of every kind, from a client's phone to an attendant and back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support import files
from tests.web.axe import AXE, violations
from tests.web.browsing import PHONE, Visit, changing
from tests.web.conftest import Visiting
from tests.web.files import Given, choose, digests, one_of_each, there_and_back
from tests.web.office import Caller, Colleague, eventually

STICKER = Given("hi.webp", "image/webp", files.picture("WEBP", size=(128, 128)), "[data-picture]")


def _attach(phone: Page, what: str) -> None:
    phone.get_by_role("button", name="Attach").click()
    phone.get_by_role("menuitem", name=what).click()


def test_every_kind_of_file_comes_and_goes_unchanged(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    caller.says("look at these")
    desk.open(caller.attendance())
    there_and_back(phone, desk, one_of_each())
    shown = caller.messages()
    kinds = ["image", "video", "audio", "document"]
    assert [it["kind"] for it in shown[1:]] == [it for it in kinds for _ in (0, 1)]
    hashes = [it["media"]["sha256"] for it in shown[1:]]
    assert hashes == [it.digest for it in one_of_each() for _ in (0, 1)]
    for given in one_of_each():
        assert digests(desk, caller, given) == {given.digest}


def test_stickers_places_and_cards_are_shown_on_both_sides(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    with phone.expect_file_chooser() as chooser:
        _attach(phone, "Sticker")
    chooser.value.set_files([STICKER.payload])
    expect(desk.log.locator("img[data-picture]")).to_be_visible()
    _attach(phone, "Location")
    place = desk.log.locator("[data-location]")
    expect(place).to_contain_text("23.56141° S")
    expect(place.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    _attach(phone, "Contact")
    card = desk.log.locator("[data-contact]")
    expect(card.get_by_role("link", name="+55 11 98888-7777")).to_be_visible()
    kinds = [it["kind"] for it in caller.messages()]
    assert kinds == ["text", "sticker", "location", "contact"]
    expect(desk.row(caller.name)).to_contain_text("Contact")
    expect(phone.locator("[data-contact]")).to_be_visible()


def test_a_picture_takes_its_room_before_it_comes_and_is_enlarged(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    choose(phone, one_of_each()[0])
    desk.open(caller.attendance())
    small = desk.log.locator("[data-picture]")
    expect(small.locator("img")).to_have_attribute("src", re.compile("/thumbnail$"))
    box = small.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (320, 213)

    small.click()
    large = desk.page.locator("[data-lightbox] img")
    expect(large).to_have_attribute("src", re.compile("/v1/media/[^/]+$"))
    for key, zoom in (("+", "1.25"), ("+", "1.56"), ("0", "1.00")):
        desk.page.keyboard.press(key)
        expect(large).to_have_attribute("data-zoom", zoom)
    large.dblclick()
    expect(large).to_have_attribute("data-zoom", "2.50")
    desk.page.keyboard.press("ArrowRight")
    expect(large).to_have_attribute("style", re.compile(r"translate\(-60px"))
    with desk.page.expect_download() as download:
        desk.page.locator("[data-lightbox]").get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == one_of_each()[0].content
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("[data-lightbox]")).to_have_count(0)
    expect(small).to_be_focused()


def test_a_film_whose_address_ran_out_goes_on_where_it_was(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    film = one_of_each()[1]
    choose(phone, film)
    desk.open(caller.attendance())
    player = desk.log.locator("[data-film]")
    expect(player).to_have_attribute("src", re.compile("/v1/media/[^/]+$"))
    player.evaluate("it => { it.muted = true; it.currentTime = 0.2; return it.play() }")
    player.evaluate("it => it.pause()")
    at = player.evaluate("it => it.currentTime")
    # As Chromium says it when the rest is refused.
    breaks = """it => {
      Object.defineProperty(it, "error", {value: {code: 2}, configurable: true});
      it.dispatchEvent(new Event("error"));
      delete it.error;
    }"""
    player.evaluate("it => it.addEventListener('loadstart', () => { it.dataset.anew = 'yes' })")
    player.evaluate(breaks)
    expect(player).to_have_attribute("data-anew", "yes")
    assert player.evaluate("it => it.paused")
    assert player.evaluate("it => it.currentTime") == pytest.approx(at, abs=0.01)
    player.evaluate("it => it.play()")
    eventually(lambda: player.evaluate("it => it.currentTime") > at or None, "it goes on")
    player.evaluate("it => it.pause()")
    for _ in range(2):  # at the same place again: that is no address that ran out
        player.evaluate(breaks)
    expect(desk.log.get_by_text("cannot play")).to_be_visible()


def test_a_file_that_is_late_or_lost_says_so(phone: Page, desk: Visit, caller: Caller) -> None:
    caller.office.ask("PATCH", "/simulator/state", {"fail_media": 1})
    choose(phone, one_of_each()[3])
    desk.open(caller.attendance())
    # It is fetched again by itself, or at once when somebody asks.
    expect(desk.log.locator("[data-document]")).to_be_visible()
    caller.office.ask("PATCH", "/simulator/state", {"media_gone": True})
    try:
        choose(phone, one_of_each()[0])
        gone = desk.log.locator("[data-media-state=gone]")
        expect(gone).to_contain_text("does not have the file any more")
    finally:
        caller.office.ask("PATCH", "/simulator/state", {"media_gone": False})


def test_a_file_that_failed_is_asked_for_and_a_removed_one_says_so(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    choose(phone, one_of_each()[0])
    path = f"/v1/attendances/{caller.attendance()}/messages"

    def is_done() -> bool:
        """Whether no more news of the file will come."""
        items = caller.office.ask("GET", path)["items"]
        return bool(items) and not items[0]["media"]["processing"]

    eventually(lambda: is_done() or None, "the file")
    state, asked = {"state": "failed"}, list[str]()

    def asking(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=202)

    changing(
        desk.page, "**/v1/attendances/*/messages*", lambda it: (it["media"] or {}).update(state)
    )
    desk.page.route("**/v1/media/*/fetch", asking)
    desk.open(caller.attendance())
    missing = desk.log.locator("[data-media-state]")
    expect(missing).to_contain_text("could not be fetched")
    missing.get_by_role("button", name="Try again").click()
    expect(desk.page.get_by_text("It is being asked for again.")).to_be_visible()
    assert asked == ["POST"]
    state["state"] = "removed"
    desk.page.reload()
    expect(missing).to_contain_text("Removed: files are kept for a limited time")
    expect(missing.get_by_role("button")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run in dashboard/")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_technology_finds_its_way_among_files(
    phone: Page, visiting: Visiting, admin: Colleague, caller: Caller, scheme: str
) -> None:
    choose(phone, *one_of_each())
    _attach(phone, "Location")
    _attach(phone, "Contact")
    eventually(lambda: len(caller.messages()) == 6, "six messages")
    desk = visiting(admin, color_scheme=scheme, viewport=PHONE)
    desk.open(caller.attendance())
    expect(desk.log.locator("[data-contact]")).to_be_visible()
    assert violations(desk.page) == []
    assert desk.width() <= PHONE["width"]
    choose(desk.page, *one_of_each())
    expect(desk.page.locator("[data-attachment]")).to_have_count(4)
    assert violations(desk.page) == []
    assert desk.width() <= PHONE["width"]
    desk.log.locator("[data-picture]").click()
    expect(desk.page.locator("[data-lightbox]")).to_be_visible()
    assert violations(desk.page) == []
    assert violations(phone) == []
