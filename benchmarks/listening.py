"""From the commit of a client's message to the open conversation, in a real Chromium."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks import table
from tests.support.firestore.cloud import cloud
from tests.support.server import running
from tests.web.browsing import CHROMIUM, FLAGS, Profiles, Visit
from tests.web.office import Caller, Office

MESSAGES: Final = 200
PAUSE: Final = 0.1  # seconds between two of them
TARGET: Final = 150  # milliseconds, for 95 of 100
TALL: Final = {"width": 1440, "height": 16_000}  # all messages are drawn
TEXT: Final = {"HELPDESK__FIREBASE__FEED_TEXT": "true"}
SEEN: Final = """
globalThis.seen = {};
new MutationObserver(() => {
  for (const it of [...document.querySelectorAll("[role=log] article")].slice(-10)) {
    const number = /news (\\d+)\\./.exec(it.textContent)?.[1];
    if (number) seen[number] ??= Date.now();
  }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


async def measure(place: Path) -> None:
    await asyncio.to_thread(_measure, place)


def _measure(place: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rows = [
            ("WebSocket", *_row(browser, place / "websocket", {})),
            ("Firestore", *_in_firestore(browser, place / "firestore", {})),
            ("Firestore, with feed_text", *_in_firestore(browser, place / "text", TEXT)),
        ]
        browser.close()
    table.show(
        "From commit to browser",
        ("", "p50 ms", "p95 ms", "slowest ms"),
        rows,
        f"""{MESSAGES} messages of one client, {1 / PAUSE:.0f} a second, in the conversation that
        is open; target for 95 of 100 with Firestore: {TARGET} ms.  From the step `stored` of a
        message's journey, which is before its commit, to its element in the page, by the one clock
        of this machine.  Firestore is the tests' stand-in, heard by Firebase's own library.""",
    )


def _in_firestore(
    browser: Browser, place: Path, more: Mapping[str, str]
) -> tuple[float, float, float]:
    place.mkdir(parents=True)
    with cloud() as sky:
        return _row(browser, place, {**sky.environment(place), **more})


def _row(
    browser: Browser, place: Path, environment: Mapping[str, str]
) -> tuple[float, float, float]:
    took = [*_delays(browser, place, environment)]
    cuts = quantiles(took, n=100)
    return cuts[49], cuts[94], max(took)


def _delays(browser: Browser, place: Path, environment: Mapping[str, str]) -> Iterator[float]:
    """Yield how many milliseconds each took."""
    quiet = {"HELPDESK__TELEMETRY__LEVEL": "warning"}
    with running(place / "data", **quiet, **environment) as server:
        office = Office(server)
        caller = office.caller("551130000001", "Rita")
        caller.says("hello")
        context = Profiles(browser, server.url).make(server.url, server.token(), viewport=TALL)
        context.add_init_script(SEEN)
        desk = Visit(context, server.url, signed_in=True)
        desk.open(caller.attendance())
        _talk(caller)
        desk.message(f"news {MESSAGES}.").wait_for(timeout=120_000)
        seen: dict[str, int] = desk.page.evaluate("seen")
        context.close()
        for number, id in _stored(caller).items():
            at = datetime.fromisoformat(_stored_at(office, id))
            yield seen[number] - at.timestamp() * 1000


def _talk(caller: Caller) -> None:
    for number in range(1, MESSAGES + 1):
        caller.says(f"news {number}.")
        time.sleep(PAUSE)


def _stored(caller: Caller) -> dict[str, str]:
    """The ids of the messages, by their numbers."""
    found: dict[str, str] = {}
    path, before = f"/v1/attendances/{caller.attendance()}/messages?limit=100", ""
    while len(found) < MESSAGES:
        page = caller.office.ask("GET", f"{path}{before}")
        told = {it["text"][5:-1]: it["id"] for it in page["items"] if "news " in it["text"]}
        found |= told
        before = f"&before={page['next']}"
    return found


def _stored_at(office: Office, message: str) -> str:
    steps = office.ask("GET", f"/v1/messages/{message}/journey")["items"]
    return next(str(it["at"]) for it in steps if it["name"] == "stored")
