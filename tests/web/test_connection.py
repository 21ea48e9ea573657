"""The number, the server and the network: down, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.server import Server, running
from tests.web.browsing import Visit
from tests.web.conftest import Visiting
from tests.web.numbers import CODE, log_out
from tests.web.office import Colleague, Office, eventually

LOST = "ERR_|WebSocket connection|Failed to load resource"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """One that this test may kill."""
    with running(tmp_path / "data") as it:
        yield it


def test_an_unlinked_number_warns_everybody_and_is_scanned_again(
    desk: Visit, visiting: Visiting, office: Office
) -> None:
    ana = visiting(office.colleague("Ana Warned"))
    desk.page.goto("/sessions")
    state = desk.page.locator("[data-session-state]")
    expect(state).to_have_attribute("data-session-state", "connected")
    try:
        office.ask("POST", "/simulator/unlink")
        expect(ana.page.get_by_role("alert")).to_contain_text("Messages wait in the queue.")
        expect(state).to_have_attribute("data-session-state", "qr")
        code = desk.page.get_by_alt_text(CODE)
        expect(code).to_be_visible()
        assert code.evaluate("it => it.naturalWidth") > 50
        expect(desk.page.get_by_text("Valid for")).to_be_visible()
        office.ask("POST", "/simulator/scan")
        expect(state).to_have_attribute("data-session-state", "connected")
        expect(ana.page.get_by_role("alert")).to_have_count(0)
        desk.page.get_by_text("When it was down").click()
        expect(desk.page.get_by_text("Nobody was told").first).to_be_visible()
    finally:
        office.link()


def test_logging_out_asks_for_the_last_digits(desk: Visit, office: Office) -> None:
    desk.page.goto("/sessions")
    phone = str(office.session()["phone"])
    try:
        log_out(desk.page.locator("main"), phone)
        expect(desk.page.locator("[data-session-state=connected]")).to_have_count(0)
        # Who scans while the page fetches the code uses it up: that would be a 404.
        expect(desk.page.get_by_alt_text(CODE)).to_be_visible()
    finally:
        eventually(lambda: office.session()["state"] == "qr" or None, "a code to scan")
        office.link()


@pytest.mark.slow
def test_nothing_is_missing_after_the_server_was_killed(
    visiting: Visiting, own_server: Server, admin: Colleague
) -> None:
    office = Office(own_server)
    caller = office.caller("551132000001", "Kim Patient")
    caller.says("before")
    desk = visiting(url=own_server.url)
    desk.watch.mean(LOST)
    desk.sign_in(admin)
    desk.open(caller.attendance())
    desk.page.wait_for_load_state("networkidle")  # the page itself is whole: what follows is data
    own_server.kill()
    expect(desk.page.get_by_text("No connection. Reconnecting…")).to_be_visible()
    desk.write("written meanwhile")
    expect(desk.log.locator("[data-outgoing=pending]")).to_be_visible()
    own_server.start()
    for n in range(5):
        caller.says(f"after {n}")
    expect(desk.message("after 4")).to_be_visible()
    expect(desk.page.get_by_text("No connection. Reconnecting…")).to_have_count(0)
    expect(desk.tick("written meanwhile")).to_have_attribute("data-delivery", "delivered")
    for text in ("before", "written meanwhile", *(f"after {n}" for n in range(5))):
        expect(desk.message(text)).to_have_count(1)
    assert [it["text"] for it in caller.messages()].count("written meanwhile") == 1


def test_what_was_missed_offline_is_there_afterwards(desk: Visit, office: Office) -> None:
    caller = office.caller("551132000002", "Lia Tunnel")
    caller.says("before the tunnel")
    desk.watch.mean(LOST)
    desk.open(caller.attendance())
    # Chromium leaves open WebSockets alone when it plays offline: the page is told to reconnect.
    desk.context.set_offline(True)
    office.reply(caller.attendance(), "answered by a colleague")
    desk.context.set_offline(False)
    caller.says("after the tunnel")
    for text in ("before the tunnel", "answered by a colleague", "after the tunnel"):
        expect(desk.message(text)).to_have_count(1)


def test_twelve_tabs_of_one_browser_are_all_live(desk: Visit, office: Office) -> None:
    caller = office.caller("551132000003", "Max Tabs")
    caller.says("to all")
    attendance = caller.attendance()
    pages = [desk.page, *(desk.open_page() for _ in range(11))]
    for page in pages:
        page.goto(f"/inbox/{attendance}?tab=all")
        expect(page.locator("[role=log]")).to_be_visible()
    caller.says("and to each of you")
    for page in pages:
        expect(page.locator("article").filter(has_text="and to each of you")).to_be_visible()


def test_who_is_signed_out_elsewhere_is_asked_to_sign_in(
    visiting: Visiting, office: Office
) -> None:
    ana = office.colleague("Ana Out")
    desk = visiting(ana)
    desk.watch.mean("401")
    office.ask("POST", f"/v1/attendants/{ana.id}/password", {"new": "another password"})
    expect(desk.page.get_by_role("heading", name="Sign in")).to_be_visible()
