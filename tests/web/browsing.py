"""A browser that somebody sits at, and what is watched in it."""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    StorageState,
    StorageStateCookie,
    expect,
)

from tests.web.office import PATIENCE, Colleague

# The shell is Chromium without windows: a quarter less work.  It shows no notifications.
SHELL, CHROMIUM = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--js-flags=--no-opt",  # a page lives for seconds: optimising it costs more than it saves
    # A microphone that beeps, and somebody who allows its use.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# How a page came to look as it does is a tenth of the work; who is there can run the test again.
TRACED: Final = bool(os.environ.get("CI") or os.environ.get("TRACE"))
DESKTOP: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 360, "height": 740}
SMALLEST: Final = {"width": 320, "height": 600}

# Nothing but these.
REMEMBER: Final = """(items) => {
  localStorage.clear();
  for (const { name, value } of items) localStorage.setItem(name, value);
}"""
# Chromium reports a violation in the console by itself; this also names the directive.
REPORT_VIOLATIONS: Final = """
document.addEventListener("securitypolicyviolation", (it) =>
  console.error(`content security policy: ${it.violatedDirective} ${it.blockedURI}`));
"""


@dataclass  # no slots: Playwright keeps notes on the objects whose methods it calls
class Watch:
    """What a page said that it should not have."""

    host: str
    said: list[str] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        page.on("request", self._request)

    def mean(self, pattern: str) -> None:
        """Say that the test provokes this line."""
        self.meant.append(pattern)

    def must_be_silent(self) -> None:
        assert self.unmeant == []

    @property
    def unmeant(self) -> list[str]:
        return [it for it in self.said if not any(re.search(one, it) for one in self.meant)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.said.append(f"request to another host: {request.url}")


class Profiles:
    """Browser profiles, each as new for who gets it, at one address.

    In one that was used before a page is there for half of the work: nothing is fetched and
    compiled again, as long as one page of it stays open.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._spare: list[Page] = []  # one of each, from which it is emptied

    def borrow(self, token: str) -> Page:
        """Have one that knows nothing but this sign-in, by a page of it."""
        if not self._spare:
            page = self.make(self._url, token).new_page()
            page.goto("/icon.svg")
            return page
        page = self._spare.pop()
        state = _state(self._url, token)
        page.context.clear_cookies()
        page.context.add_cookies(cast("Any", state["cookies"]))
        kept = [it for origin in state["origins"] for it in origin["localStorage"]]
        page.evaluate(REMEMBER, kept)
        return page

    def give_back(self, page: Page) -> None:
        """Keep its profile for somebody else."""
        for it in page.context.pages:
            if it is not page:
                it.close()
        self._spare.append(page)

    def make(
        self, url: str, token: str, within: Browser | None = None, **options: Any
    ) -> BrowserContext:
        """Have one that nobody has before or after."""
        options = {"viewport": DESKTOP, "locale": "en-US", **options}
        state = _state(url, token)
        context = (within or self._browser).new_context(
            base_url=url, storage_state=state, **options
        )
        context.add_init_script(REPORT_VIOLATIONS)
        if TRACED:
            context.tracing.start(snapshots=True)
        return context


class Visit:
    """Somebody at a browser; at the inbox already when they are `signed_in`."""

    def __init__(self, context: BrowserContext, url: str, *, signed_in: bool = False) -> None:
        self.url = url
        self.watch = Watch(urlsplit(url).netloc)
        self.context = context
        self._others = set(context.pages)
        if TRACED:
            context.tracing.start_chunk()
        self.page = self.open_page()
        if signed_in:
            self.page.goto("/inbox")
            self.is_live()

    def open_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        self.watch.follow(page)
        return page

    def sign_in(self, who: Colleague) -> None:
        """By the form, as people do."""
        self.page.goto("/")
        form = self.page.locator("form")
        form.locator("[name=email]").fill(who.email)
        form.locator("[name=password]").fill(who.password)
        form.locator("[type=submit]").click()
        expect(self.page).to_have_url(re.compile("/inbox"))
        self.is_live()

    def is_live(self) -> None:
        """Wait until the feed is open."""
        expect(self.page.locator("nav [data-presence=online]")).to_be_visible()

    def open(self, attendance: str, query: str = "tab=all") -> "Visit":
        self.go(f"/inbox/{attendance}?{query}")
        expect(self.log).to_be_visible()
        return self

    def go(self, path: str) -> None:
        """As by a link of the page, which stays: loading it anew is most of a test's work."""
        self.page.evaluate("(to) => history.pushState(null, '', to)", path)

    def tab(self, name: str) -> None:
        self.page.locator(f"a[href='/inbox?tab={name}']").click()

    def row(self, name: str) -> Locator:
        """The list's row of a client."""
        return self.page.locator("a[data-id]").filter(has_text=name)

    @property
    def log(self) -> Locator:
        return self.page.locator("[role=log]")

    def message(self, text: str) -> Locator:
        return self.log.locator("article").filter(has_text=text)

    def tick(self, text: str) -> Locator:
        """The delivery state of a reply."""
        return self.message(text).locator("[data-delivery]")

    def write(self, text: str) -> None:
        box = self.page.get_by_label("Reply to the client")
        box.fill(text)
        box.press("Enter")

    def button(self, name: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def width(self) -> int:
        """How wide the page is; more than the window means that it scrolls sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def leave(self, kept: Path | None) -> None:
        """Go; `kept` is a folder for how the pages look, and for how they came to."""
        if kept:
            for number, page in enumerate(
                it for it in self.context.pages if it not in self._others
            ):
                page.screenshot(path=kept / f"page-{number}.png")
        if TRACED:
            self.context.tracing.stop_chunk(path=kept and kept / "trace.zip")


def _state(url: str, token: str) -> StorageState:
    """What a browser keeps of a sign-in; of none without a token."""
    if not token:
        return {"cookies": [], "origins": []}
    cookie: StorageStateCookie = {
        "name": "helpdesk_session",
        "value": token,
        "domain": str(urlsplit(url).hostname),
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    return {
        "cookies": [cookie],
        "origins": [
            {"origin": url, "localStorage": [{"name": "helpdesk.signed_in", "value": "yes"}]}
        ],
    }


def until(page: Page, holds: Callable[[], bool], what: str) -> None:
    """Wait for what only this process knows, and let the page's events come meanwhile."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"not within {PATIENCE:.0f} s: {what}"
        page.wait_for_timeout(20)


def changing(page: Page, path: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the server say something else of each item."""

    def answer(route: Route) -> None:
        response = route.fetch()
        listed = response.json()
        for it in listed["items"]:
            change(it)
        route.fulfill(response=response, body=json.dumps(listed))

    page.route(path, answer)
