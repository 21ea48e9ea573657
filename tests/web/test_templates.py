"""The 24 hours of an official number, as an attendant sees them pass, and a template after them."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.support.server import Server, running
from tests.web.axe import violations
from tests.web.browsing import PHONE, Profiles, Visit
from tests.web.office import Caller

VALUES: Final = {
    "Variable cliente": "Rita",
    "Variable dia": "sexta",
    "Variable 1 of the header": "1042",
    "End of the link “Rastrear”": "1042",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One whose simulated number has a window, as an official one."""
    data = tmp_path_factory.mktemp("window") / "data"
    with running(data, HELPDESK__SIMULATOR__WINDOW_24H="true") as it:
        yield it


@pytest.fixture(scope="module")
def profiles(browser: Browser, server: Server) -> Profiles:
    return Profiles(browser, server.url)


def test_the_window_counts_down(desk: Visit, caller: Caller) -> None:
    caller.says("hello", hours_ago=18.6)
    page = desk.page
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    desk.open(caller.attendance())
    expect(page.locator("[data-window=open]")).to_have_text(re.compile(r"5:[12]\d h$"))
    expect(page.get_by_label("Reply to the client")).to_be_visible()
    assert desk.width() == PHONE["width"]
    caller.says("still here")
    expect(page.locator("[data-window=open]")).to_have_text(re.compile(r"2[34]:\d\d h$"))


def test_it_closes_before_ones_eyes_and_a_template_goes_out(desk: Visit, caller: Caller) -> None:
    caller.says("hello", hours_ago=24 - 4 / 3600)
    page, id = desk.page, caller.attendance()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    desk.open(id)
    expect(page.locator("[data-window=closed]")).to_contain_text("The 24 hours are over.")
    expect(page.get_by_label("Reply to the client")).to_be_hidden()
    assert desk.width() == PHONE["width"]
    page.locator("[data-window=closed]").get_by_role("button", name="Choose a template").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Template").select_option(label="pedido_enviado (pt_BR)")
    for label, value in VALUES.items():
        dialog.get_by_label(label).fill(value)
    expect(dialog.get_by_label("Preview")).to_contain_text("Rita, o seu pedido saiu hoje")
    assert violations(page) == []
    assert desk.width() == PHONE["width"]
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)
    expect(desk.message("Rita, o seu pedido")).to_contain_text("Template pedido_enviado")
    assert caller.hears("Rita, o seu pedido")["text"].startswith("Pedido 1042")


def test_a_stranger_is_written_to_with_a_template(desk: Visit, caller: Caller) -> None:
    caller.office.ask("PUT", f"/simulator/phones/{caller.phone}", {"name": caller.name})
    desk.button("New conversation").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Phone").fill(f"+{caller.phone}")
    dialog.get_by_label("Template").select_option(label="resume_conversation (en)")
    dialog.get_by_label("Variable 1").fill("Rita")
    dialog.get_by_role("button", name="Send").click()
    expect(desk.message("Hello Rita, may we go on")).to_be_visible()
    caller.hears("Hello Rita, may we go on")
