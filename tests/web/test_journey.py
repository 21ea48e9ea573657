"""Which way a message went, asked for where its time and ticks are."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.web.axe import violations
from tests.web.browsing import PHONE, Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague, Office

SENT = ["accepted", "queued", "sending", "sent"]


def way_of(desk: Visit, text: str) -> Locator:
    """Open the journey of a message."""
    desk.message(text).get_by_role("button", name=re.compile("which way it went")).click()
    dialog = desk.page.get_by_role("dialog", name="Journey of the message")
    expect(dialog.locator("[data-step]").first).to_be_visible()
    return dialog


def names(dialog: Locator) -> list[str | None]:
    return [it.get_attribute("data-step") for it in dialog.locator("[data-step]").all()]


def test_the_ticks_open_the_way_an_answer_went_and_goes(desk: Visit, caller: Caller) -> None:
    caller.says("Has it come?")
    desk.open(caller.attendance())
    desk.write("It came today.")
    expect(desk.tick("It came today.")).to_have_attribute("data-delivery", "delivered")
    dialog = way_of(desk, "It came today.")
    expect(dialog.locator("[data-step=delivered]")).to_be_visible()
    assert names(dialog) == [*SENT, "delivered"]
    # What the client does meanwhile is shown when it happens.
    caller.reads()
    expect(dialog.locator("[data-step=read]")).to_contain_text("Read")
    expect(dialog.locator("[data-step=read]")).to_contain_text("later")
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.message("It came today.").get_by_role("button").first).to_be_visible()


def test_a_failure_has_its_reason_and_a_retry_is_another_attempt(
    desk: Visit, caller: Caller, office: Office
) -> None:
    caller.says("Are you there?")
    desk.open(caller.attendance())
    office.ask("PATCH", "/simulator/state", {"fail_next": 1})
    desk.write("Yes, we are.")
    expect(desk.tick("Yes, we are.")).to_have_attribute("data-delivery", "failed")
    desk.message("Yes, we are.").get_by_role("button", name="Try again").click()
    expect(desk.tick("Yes, we are.")).to_have_attribute("data-delivery", "delivered")
    dialog = way_of(desk, "Yes, we are.")
    first, second = (dialog.get_by_role("region", name=f"Attempt {n}") for n in (1, 2))
    expect(second.locator("[data-step=delivered]")).to_be_visible()
    assert names(first) == [*SENT[:3], "failed"]
    assert names(second) == [*SENT, "delivered"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_those_who_lead_see_processes_and_everybody_can_copy_the_id(
    visiting: Visiting, admin: Colleague, caller: Caller, scheme: str
) -> None:
    caller.says("Good evening")
    attendance = caller.attendance()
    desk = visiting(admin, color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"])
    dialog = way_of(desk.open(attendance), "Good evening")
    assert names(dialog) == ["received", "queued", "stored", "shown"]
    expect(dialog.locator("[data-step=stored]")).to_contain_text("all@")
    dialog.get_by_role("button", name="Copy the correlation id").first.click()
    copied = desk.page.evaluate("navigator.clipboard.readText()")
    assert copied == dialog.locator("code").first.inner_text()
    assert violations(desk.page) == []


def test_who_answers_on_a_phone_sees_the_steps_alone(
    visiting: Visiting, caller: Caller, office: Office
) -> None:
    caller.says("From one phone to another")
    attendance = caller.attendance()
    ana = office.colleague("Ana")
    desk = visiting(ana, viewport=PHONE, has_touch=True, is_mobile=True).open(attendance)
    dialog = way_of(desk, "From one phone")
    expect(dialog.locator("[data-step=stored]")).not_to_contain_text("@")
    assert desk.width() <= PHONE["width"]
    assert violations(desk.page) == []
