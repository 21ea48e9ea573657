"""A browser that somebody sits at, and what is watched in it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Route, expect

from tests.web.office import PATIENCE, Colleague

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # A microphone that beeps, and somebody who allows its use.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
DESKTOP: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 360, "height": 740}
SMALLEST: Final = {"width": 320, "height": 600}

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
        rest = [it for it in self.said if not any(re.search(one, it) for one in self.meant)]
        assert rest == []

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.said.append(f"request to another host: {request.url}")


class Visit:
    """One browser profile; signed in when `who` is given."""

    def __init__(
        self, browser: Browser, url: str, who: Colleague | None = None, **options: Any
    ) -> None:
        options = {"viewport": DESKTOP, "locale": "en-US", **options}
        self.url = url
        self.watch = Watch(urlsplit(url).netloc)
        self.context = browser.new_context(base_url=url, **options)
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.page = self.open_page()
        if who:
            self.sign_in(who)

    def open_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        self.watch.follow(page)
        return page

    def sign_in(self, who: Colleague) -> None:
        self.page.goto("/")
        form = self.page.locator("form")
        form.locator("[name=email]").fill(who.email)
        form.locator("[name=password]").fill(who.password)
        form.locator("[type=submit]").click()
        expect(self.page).to_have_url(re.compile("/inbox"))
        # The feed is open: from here on everything is live.
        expect(self.page.locator("nav [data-presence=online]")).to_be_visible()

    def open(self, attendance: str, query: str = "tab=all") -> "Visit":
        self.page.goto(f"/inbox/{attendance}?{query}")
        expect(self.log).to_be_visible()
        return self

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

    def close(self) -> None:
        self.context.close()


def changing(page: Page, path: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the server say something else of each item."""

    def answer(route: Route) -> None:
        response = route.fetch()
        listed = response.json()
        for it in listed["items"]:
            change(it)
        route.fulfill(response=response, body=json.dumps(listed))

    page.route(path, answer)
