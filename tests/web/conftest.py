"""One real server, one Chromium, and people in front of them.

Every page is watched: a line in its console, a refused resource or a request to another host fails
the test, unless the test says beforehand that it is meant to happen.  Of a test that fails, the
pages are kept in `test-results/`, with TRACE=1 and in CI Playwright's trace as well.
"""

import re
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.support.server import ADMIN, PASSWORD, Server, running
from tests.web.browsing import CHROMIUM, FLAGS, SHELL, Profiles, Visit
from tests.web.office import PATIENCE, Caller, Colleague, Office

expect.set_options(timeout=PATIENCE * 1000)

FIRST_NUMBER: Final = 5511_31_00_00_00
_NUMBERS: Final = count(FIRST_NUMBER)

Visiting = Callable[..., Visit]
FAILED: Final = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/web/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the browsers of a test know that it failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("web") / "data") as it:
        yield it


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as it:
        yield it


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = SHELL if SHELL.exists() else CHROMIUM
    it = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield it
    it.close()


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """With all that the shell leaves out: it shows no notifications."""
    it = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield it
    it.close()


@pytest.fixture
def office(server: Server) -> Iterator[Office]:
    """Leaves nobody waiting: a list draws only the rows that its window has room for."""
    it = Office(server)
    yield it
    it.close_all()


@pytest.fixture
def caller(office: Office) -> Caller:
    """A client who never wrote before."""
    number = next(_NUMBERS)
    return office.caller(str(number), f"Client {number % 1000:03}")


@pytest.fixture
def other(office: Office) -> Caller:
    """A second one."""
    number = next(_NUMBERS)
    return office.caller(str(number), f"Client {number % 1000:03}")


@pytest.fixture(scope="session")
def profiles(browser: Browser, server: Server) -> Profiles:
    return Profiles(browser, server.url)


@pytest.fixture
def visiting(
    profiles: Profiles, server: Server, request: pytest.FixtureRequest
) -> Iterator[Visiting]:
    """Have a browser: `visiting()` signed out, `visiting(colleague)` signed in.

    One with options, at another address, or `within` another browser is for the test alone.
    """
    visits: list[Visit] = []
    shared: dict[Visit, Page] = {}  # with a page that is not the test's

    def visit(
        who: Colleague | None = None,
        url: str = "",
        *,
        within: Browser | None = None,
        **options: object,
    ) -> Visit:
        token = server.token(who.email, who.password) if who and not url else ""
        if url or within or options:
            context = profiles.make(url or server.url, token, within, **options)
            visits.append(Visit(context, url or server.url, signed_in=bool(token)))
            if who and not token:
                visits[-1].sign_in(who)
        else:
            page = profiles.borrow(token)
            visits.append(Visit(page.context, server.url, signed_in=bool(token)))
            shared[visits[-1]] = page
        return visits[-1]

    yield visit
    failed = request.node.stash.get(FAILED, False) or any(it.watch.unmeant for it in visits)
    for number, it in enumerate(visits):
        it.leave(_folder(request.node, number) if failed else None)
        if it in shared and not failed:
            profiles.give_back(shared[it])
        else:
            it.context.close()
    for it in visits:
        it.watch.must_be_silent()


def _folder(item: pytest.Item, number: int) -> Path:
    """Name a place for what a failed test leaves of one of its browsers."""
    name = re.sub(r"[^\w.-]+", "-", item.name)
    return item.config.rootpath / "test-results" / name / str(number)


@pytest.fixture
def admin() -> Colleague:
    return Colleague("Administrator", ADMIN, PASSWORD)


@pytest.fixture
def desk(visiting: Visiting, admin: Colleague) -> Visit:
    """The first admin's browser."""
    return visiting(admin)


@pytest.fixture
def phone(visiting: Visiting, caller: Caller) -> Page:
    """The caller's phone, opened without signing in: this is the same machine."""
    page = visiting().page
    page.set_viewport_size({"width": 1100, "height": 800})
    return hand_over(page, caller)


def hand_over(page: Page, caller: Caller) -> Page:
    """Have the caller's phone on this page."""
    page.goto("/phone.html")
    expect(page.get_by_role("status")).to_contain_text("nothing reaches WhatsApp")
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name").fill(caller.name)
    page.get_by_label("Number").fill(caller.phone)
    page.get_by_role("button", name="Add a person").last.click()
    expect(page.get_by_role("button", name=caller.name)).to_have_attribute("aria-current", "true")
    return page
