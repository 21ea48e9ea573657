"""Every page in three languages, in the dark, on a small phone, and for assistive technology."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import AXE, violations
from tests.web.browsing import PHONE, Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague, Office

PAGES = (
    "/inbox?tab=all",
    "/inbox?tab=closed",
    "/sessions",
    "/team",
    "/dead-letters",
    "/settings",
    "/nowhere",
)
RAW_KEY = re.compile(r"\b[a-z_]+\.[a-z_]+(\.[a-z_]+)*\b")
NOT_KEYS = re.compile(r"all@|whatsapp\.simulator|example\.com|\.com\b|\d\.\d")


def _settle(page: Page) -> None:
    page.wait_for_load_state("load")
    expect(page.locator(".skeleton")).to_have_count(0)
    page.wait_for_timeout(150)


def _raw_keys(page: Page) -> list[str]:
    shown = page.locator("body").inner_text()
    labels = page.evaluate(
        "[...document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')].flatMap((it) =>"
        " ['aria-label', 'title', 'placeholder', 'alt'].map((one) => it.getAttribute(one) ?? ''))"
    )
    lines = [*shown.splitlines(), *labels]
    return [it for it in lines if RAW_KEY.search(it) and not NOT_KEYS.search(it)]


@pytest.fixture
def open_page(caller: Caller) -> str:
    caller.says("hello")
    return f"/inbox/{caller.attendance()}?tab=all"


@pytest.mark.parametrize(
    ("locale", "word"), [("pt-BR", "Todos"), ("en-GB", "All"), ("es-MX", "Todos")]
)
def test_a_browser_gets_its_own_language_everywhere(
    visiting: Visiting, admin: Colleague, open_page: str, locale: str, word: str
) -> None:
    desk = visiting(admin, locale=locale)
    for path in (*PAGES, open_page):
        desk.page.goto(path)
        _settle(desk.page)
        assert _raw_keys(desk.page) == [], path
    expect(desk.page.locator("html")).to_have_attribute("lang", re.compile(locale[:2]))
    expect(desk.page.get_by_role("link", name=re.compile(f"^{word}"))).to_be_visible()


def test_the_language_changes_without_a_reload(desk: Visit) -> None:
    desk.page.goto("/settings")
    desk.page.evaluate("window.here = true")
    for name, title in (
        ("Español", "Ajustes"),
        ("Português (Brasil)", "Ajustes"),
        ("English", "Settings"),
    ):
        desk.page.get_by_text(name, exact=True).click()
        expect(desk.page.get_by_role("heading", level=1)).to_have_text(title)
    assert desk.page.evaluate("window.here")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_there_before_the_first_paint(
    visiting: Visiting, admin: Colleague, scheme: str
) -> None:
    desk = visiting(admin, color_scheme=scheme)
    expect(desk.page.locator("html")).to_have_attribute("data-theme", scheme)
    # Whatever the system says, a choice is kept, and set by a script that blocks the first paint.
    other = "Dark" if scheme == "light" else "Light"
    desk.page.goto("/settings")
    desk.page.get_by_text(other, exact=True).click()
    desk.page.reload(wait_until="commit")
    desk.page.wait_for_selector("body", state="attached")
    expect(desk.page.locator("html")).to_have_attribute("data-theme", other.lower())


def test_a_small_phone_shows_one_pane_and_never_scrolls_sideways(
    visiting: Visiting, admin: Colleague, caller: Caller
) -> None:
    caller.says("a_long_word_without_a_single_space_" * 6)
    attendance = caller.attendance()
    desk = visiting(admin, viewport=PHONE, has_touch=True, is_mobile=True)
    for path in (*PAGES, f"/inbox/{attendance}?tab=all"):
        desk.page.goto(path)
        _settle(desk.page)
        assert desk.width() <= PHONE["width"], path
    expect(desk.row(caller.name)).to_be_hidden()
    desk.page.get_by_role("button", name="Back", exact=True).tap()
    expect(desk.row(caller.name)).to_be_visible()
    expect(desk.log).to_have_count(0)
    desk.row(caller.name).tap()
    desk.page.get_by_label("Reply to the client").fill("from a phone")
    desk.button("Send").tap()
    caller.hears("from a phone")
    desk.page.go_back()
    expect(desk.row(caller.name)).to_be_visible()


@pytest.mark.slow
@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run in dashboard/")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_technology_finds_no_serious_obstacle(
    visiting: Visiting, admin: Colleague, office: Office, caller: Caller, scheme: str
) -> None:
    caller.says("hello")
    attendance = caller.attendance()
    office.reply(attendance, "good morning")
    office.ask("POST", f"/v1/attendances/{attendance}/notes", {"text": "a note"})
    desk = visiting(admin, color_scheme=scheme)
    page = desk.page
    for path in (*PAGES, f"/inbox/{attendance}?tab=all", "/phone.html"):
        page.goto(path)
        _settle(page)
        assert violations(page) == [], path
    page.goto(f"/inbox/{attendance}?tab=all")
    desk.button("More actions").click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("menuitem", name="Transfer").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_signing_in_with_a_wrong_password_says_so(visiting: Visiting) -> None:
    stranger = visiting()
    stranger.watch.mean("401")
    stranger.page.goto("/inbox?tab=mine")
    stranger.page.get_by_label("E-mail").fill("nobody@example.com")
    stranger.page.get_by_label("Password").fill("not this one")
    stranger.page.get_by_role("button", name="Sign in").click()
    expect(stranger.page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
