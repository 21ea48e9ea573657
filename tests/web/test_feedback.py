"""The public page behind the link that a client gets."""

import re

from playwright.sync_api import expect

from tests.web.browsing import SMALLEST, Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, eventually


def _link(caller: Caller) -> str:
    """The path in the message that asks for feedback."""
    caller.says("goodbye")
    path = f"/v1/attendances/{caller.attendance()}/close"
    caller.office.ask("POST", path, {})

    def look() -> str | None:
        found = (re.search(r"/f/[\w-]+", it["text"]) for it in caller.messages())
        return next((it[0] for it in found if it), None)

    return eventually(look, "a feedback link on the phone")


def _on_a_small_phone(visiting: Visiting, locale: str = "en-US") -> Visit:
    return visiting(viewport=SMALLEST, has_touch=True, is_mobile=True, locale=locale)


def test_two_taps_give_a_score_once(visiting: Visiting, desk: Visit, caller: Caller) -> None:
    link = _link(caller)
    client = _on_a_small_phone(visiting)
    client.page.goto(link)
    assert client.width() <= SMALLEST["width"]
    client.page.locator("label.star").nth(3).tap()
    client.page.get_by_role("button", name="Send").tap()
    expect(client.page.get_by_role("heading", name="Thank you!")).to_be_visible()

    desk.page.goto("/inbox?tab=closed")
    expect(desk.row(caller.name).get_by_label("4 of 5")).to_be_visible()

    client.watch.mean("409")
    client.page.reload()
    expect(client.page.get_by_role("heading", name="Already answered")).to_be_visible()


def test_a_comment_travels_with_the_score(visiting: Visiting, desk: Visit, caller: Caller) -> None:
    attendance_page = _link(caller)
    client = _on_a_small_phone(visiting, "pt-BR")
    client.page.goto(attendance_page)
    expect(client.page.get_by_role("heading", name="Como foi o atendimento?")).to_be_visible()
    client.page.locator("label.star").nth(4).tap()
    client.page.get_by_role("textbox").fill("Muito rápido, obrigado!")
    client.page.get_by_role("button", name="Enviar").tap()
    expect(client.page.get_by_role("heading", name="Obrigado!")).to_be_visible()
    desk.page.goto("/inbox?tab=closed")
    desk.row(caller.name).click()
    expect(desk.page.get_by_text("Muito rápido, obrigado!")).to_be_visible()


def test_a_link_that_was_cut_says_so(visiting: Visiting) -> None:
    client = _on_a_small_phone(visiting, "es-AR")
    client.watch.mean("404")
    client.page.goto("/f/this-is-none")
    expect(client.page.get_by_role("heading", name="Este enlace no es válido")).to_be_visible()
    assert client.width() <= SMALLEST["width"]


def test_without_a_connection_nothing_is_lost(visiting: Visiting, caller: Caller) -> None:
    link = _link(caller)
    client = _on_a_small_phone(visiting)
    client.watch.mean("ERR_INTERNET_DISCONNECTED")
    client.page.goto(link)
    client.page.locator("label.star").nth(1).tap()
    client.context.set_offline(True)
    client.page.get_by_role("button", name="Send").tap()
    expect(client.page.get_by_role("alert")).to_contain_text("No connection")
    client.context.set_offline(False)
    client.page.get_by_role("button", name="Try again").tap()
    expect(client.page.get_by_role("heading", name="Thank you!")).to_be_visible()
