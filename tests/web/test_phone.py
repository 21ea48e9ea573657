"""The simulated phone, as a page."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.browsing import Visit
from tests.web.office import Caller


def _bubble(page: Page, text: str) -> Locator:
    return page.locator("[data-phone-message]").filter(has_text=text)


def _write(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Message")
    box.fill(text)
    box.press("Enter")


def test_phone_and_desk_talk(phone: Page, desk: Visit, caller: Caller) -> None:
    _write(phone, "Hello from a page")
    expect(_bubble(phone, "Hello from a page")).to_have_attribute(
        "data-delivery", re.compile("sent|delivered")
    )
    desk.tab("waiting")
    desk.row(caller.name).click()
    desk.write("Hello from the desk")
    expect(_bubble(phone, "Hello from the desk")).to_be_visible()
    # It is on the phone's screen: read on both sides.
    expect(desk.tick("Hello from the desk")).to_have_attribute("data-delivery", "read")
    _write(phone, "Do you see this?")
    expect(_bubble(phone, "Do you see this?")).to_have_attribute("data-delivery", "read")


def test_typing_shows_on_both_sides(phone: Page, desk: Visit, caller: Caller) -> None:
    _write(phone, "one moment")
    desk.open(caller.attendance())
    desk.button("Take").click()
    phone.get_by_role("textbox", name="Message").press_sequentially("let me see")
    expect(desk.page.get_by_text(f"{caller.name} is typing…")).to_be_visible()
    desk.page.get_by_label("Reply to the client").press_sequentially("take your time")
    expect(phone.get_by_text("typing…")).to_be_visible()


def test_a_reply_stays_delivered_until_it_is_read(phone: Page, desk: Visit, caller: Caller) -> None:
    phone.get_by_label("Read at once").uncheck()
    _write(phone, "slowly")
    desk.open(caller.attendance())
    desk.write("as you like")
    expect(desk.tick("as you like")).to_have_attribute("data-delivery", "delivered")
    phone.get_by_role("button", name="Read", exact=True).click()
    expect(desk.tick("as you like")).to_have_attribute("data-delivery", "read")


def test_a_quote_travels_both_ways(phone: Page, desk: Visit, caller: Caller) -> None:
    _write(phone, "red or blue?")
    desk.open(caller.attendance())
    desk.write("blue")
    reply = _bubble(phone, "blue").last
    reply.hover()
    reply.get_by_role("button", name="Quote").click()
    _write(phone, "then that one")
    expect(
        desk.message("then that one").get_by_role("button", name="Go to the quoted")
    ).to_contain_text("blue")


def test_troubles_can_be_ordered(phone: Page, desk: Visit, caller: Caller) -> None:
    _write(phone, "hello")
    desk.open(caller.attendance())
    phone.get_by_role("button", name="Fail the next sends: 1").click()
    expect(phone.locator("[data-count='Fail the next sends']")).to_have_text("1")
    desk.write("does this arrive?")
    expect(desk.tick("does this arrive?")).to_have_attribute("data-delivery", "failed")
    phone.get_by_role("button", name="Deliver the next twice: 1").click()
    expect(phone.locator("[data-count*=twice]")).to_have_text("1")
    _write(phone, "sent twice, shown once")
    expect(desk.message("sent twice, shown once")).to_have_count(1)
