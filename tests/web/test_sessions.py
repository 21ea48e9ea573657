"""Our numbers, before the admin who adds, renames, links and removes them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Route, expect

from tests.web.axe import violations
from tests.web.browsing import Visit, changing
from tests.web.conftest import Visiting
from tests.web.numbers import CODE, add_official, card, is_now
from tests.web.office import Office

SIMULATOR: Final = "whatsapp.simulator"


@pytest.fixture(autouse=True)
def _nothing_stays(office: Office) -> Iterator[None]:
    """Others use the same server."""
    yield
    for it in office.ask("GET", "/v1/sessions")["items"]:
        if it["bridge"] != SIMULATOR:
            office.ask("DELETE", f"/v1/sessions/{it['id']}")


def test_a_number_is_added_renamed_and_removed(desk: Visit) -> None:
    page = desk.page
    page.goto("/sessions")
    add_official(page, "Sales", "106540352242922")
    is_now(card(page, "Sales"), "failed")
    expect(card(page, "Sales")).to_contain_text("cloud.token")  # what to do
    card(page, "Sales").get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Support")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    card(page, "Support").get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog")
    assert violations(page) == []
    expect(dialog.get_by_role("button", name="Remove")).to_be_disabled()
    dialog.get_by_label("To confirm, type Support").fill("Support")
    dialog.get_by_role("button", name="Remove").click()
    expect(card(page, "Support")).to_have_count(0)


def test_who_adds_an_unofficial_number_says_that_the_risk_is_known(desk: Visit) -> None:
    page = desk.page
    page.goto("/sessions")
    page.get_by_role("button", name="Add a number").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Risky")
    risk = dialog.get_by_label("I know that this number may be banned")
    expect(risk).to_have_count(0)
    dialog.get_by_label("Way to WhatsApp").select_option("whatsapp.venom")
    expect(risk).not_to_be_checked()
    assert violations(page) == []
    dialog.get_by_role("button", name="Add a number").click()
    expect(dialog).to_be_visible()  # the browser asks for the tick
    assert risk.evaluate("(it) => it.validity.valueMissing")


def test_the_risk_of_an_unofficial_number_is_said_once_before_its_code(
    desk: Visit, office: Office
) -> None:
    page = desk.page
    changing(page, "**/v1/bridges", lambda it: it.update(official=False))
    page.goto("/sessions")
    office.ask("POST", "/simulator/unlink")
    try:
        show = page.get_by_role("button", name="Show the code")
        expect(show).to_be_visible()
        expect(page.get_by_alt_text(CODE)).to_have_count(0)
        assert violations(page) == []
        show.click()
        expect(page.get_by_alt_text(CODE)).to_be_visible()
        page.reload()
        expect(page.get_by_alt_text(CODE)).to_be_visible()
        expect(show).to_have_count(0)
    finally:
        office.link()


def test_where_the_bridge_gives_codes_to_type_one_is_asked_for_and_shown(desk: Visit) -> None:
    page = desk.page
    shown: dict[str, Any] = {"pair_code_expires_at": None}
    asked: list[Any] = []
    expires_at = (datetime.now(UTC) + timedelta(minutes=3)).isoformat()

    def pairing(route: Route) -> None:
        if route.request.method == "POST":
            asked.append(route.request.post_data_json)
            shown["pair_code_expires_at"] = expires_at
            route.fulfill(status=202)
        else:
            route.fulfill(json={"code": "ABCD-1234", "expires_at": expires_at})

    changing(page, "**/v1/bridges", lambda it: it.update(pair_code=True))
    changing(page, "**/v1/sessions", lambda it: it.update(state="qr", **shown))
    page.route("**/v1/sessions/*/pair-code", pairing)
    page.goto("/sessions")
    page.get_by_label("Number of the phone").fill("+55 11 98765-4321")
    page.get_by_role("button", name="Get a code").click()
    expect(page.get_by_text("The code is on its way")).to_be_visible()
    page.reload()
    expect(page.get_by_text("ABCD-1234")).to_be_visible()
    assert asked == [{"phone": "+55 11 98765-4321"}]
    assert violations(page) == []


def test_a_passkey_is_explained_and_so_is_which_process_serves(desk: Visit) -> None:
    page = desk.page
    changing(page, "**/v1/sessions", lambda it: it.update(state="passkey_required"))
    page.goto("/sessions")
    expect(page.get_by_text("confirm with fingerprint, face or PIN")).to_be_visible()
    expect(page.get_by_text("Process: all@")).to_be_visible()
    assert violations(page) == []


def test_a_manager_sees_numbers_and_changes_none(visiting: Visiting, office: Office) -> None:
    page = visiting(office.colleague("Mara", role="manager")).page
    page.goto("/sessions")
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    for name in ("Add a number", "Rename", "Remove"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
