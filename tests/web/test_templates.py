"""The 24 hours of an official number, as an attendant sees them pass, and a template after them."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from tests.web.axe import violations
from tests.web.browsing import PHONE, Visit, changing
from tests.web.office import Caller

VALUES: Final = {
    "Variable cliente": "Rita",
    "Variable dia": "sexta",
    "Variable 1 of the header": "1042",
    "End of the link “Rastrear”": "1042",
}


def closing(page: Page, attendance: str, after: timedelta) -> None:
    """Let the window close then, whatever the simulator's number has."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body: dict[str, Any] = response.json()
        moment = datetime.now(UTC) + after
        for it in body.get("items", [body]):
            if it["id"] == attendance:
                it["window_closes_at"] = moment.isoformat()
        route.fulfill(response=response, body=json.dumps(body))

    for path in ("**/v1/attendances?*", f"**/v1/attendances/{attendance}"):
        page.unroute(path)
        page.route(path, answer)


def test_the_window_counts_down_closes_and_a_template_goes_out(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    page, id = desk.page, caller.attendance()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    closing(page, id, timedelta(hours=5, minutes=30))
    desk.open(id)
    expect(page.locator("[data-window=open]")).to_have_text(re.compile(r"5:\d\d h$"))
    expect(page.get_by_label("Reply to the client")).to_be_visible()
    assert desk.width() == PHONE["width"]

    closing(page, id, timedelta(minutes=-1))
    page.reload()
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
    able = {"window_24h": True}
    changing(desk.page, "**/v1/sessions", lambda it: it["capabilities"].update(able))
    desk.page.reload()
    desk.button("New conversation").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Phone").fill(f"+{caller.phone}")
    dialog.get_by_label("Template").select_option(label="resume_conversation (en)")
    dialog.get_by_label("Variable 1").fill("Rita")
    dialog.get_by_role("button", name="Send").click()
    expect(desk.message("Hello Rita, may we go on")).to_be_visible()
    caller.hears("Hello Rita, may we go on")
