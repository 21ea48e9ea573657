"""Messages that could not be handled, before the admin who sends them again or discards them."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from helpdesk.adapters.postgres.provide import visiting as beside
from helpdesk.adapters.wire import events as wire
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.dead_letter import DeadLetter
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Content, Kind
from helpdesk.opening import opening
from helpdesk.settings import Settings
from tests.support.builders import fresh
from tests.support.letters import a_foreign_letter, a_letter
from tests.support.server import Server
from tests.web.axe import violations
from tests.web.browsing import PHONE, Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague, Office

CLIPBOARD: Final = ["clipboard-read", "clipboard-write"]
LIST: Final = "**/v1/dead-letters?*"
_NUMBERS: Final = count(1)


@pytest.fixture(autouse=True)
def _nothing_stays(office: Office) -> Iterator[None]:
    """Others use the same server."""
    yield
    for it in office.ask("GET", "/v1/dead-letters?limit=100")["items"]:
        office.ask("POST", f"/v1/dead-letters/{it['id']}/discard")


def put_aside(server: Server, *letters: DeadLetter) -> None:
    """Keep letters where the running server keeps them."""

    async def keep() -> None:
        async with opening(beside(Settings(data_dir=str(server.data)))) as opened:
            dead_letters = await opened.port("dead_letters")
            for it in letters:
                await dead_letters.keep(it)

    # Playwright has an event loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(keep())).result()


def said_by(caller: Caller, text: str, **changes: Any) -> DeadLetter:
    """What a client wrote, and nobody could handle; by now it can be."""
    number, now = next(_NUMBERS), datetime.now(UTC)
    report = InboundMessage(
        at=now,
        session_id=SessionId(UUID(caller.office.session()["id"])),
        sender=(Identity.phone(f"+{caller.phone}"),),
        sender_name=caller.name,
        provider_id=str(fresh()),
        sent_at=now,
        content=Content(Kind.TEXT, text),
    )
    name, body = wire.encode(report)
    at = now - timedelta(hours=2) + timedelta(seconds=number)
    about = {"message_id": str(fresh()), "type": name, "body": body, "key": f"+{caller.phone}"}
    times = {"first_at": at, "last_at": at + timedelta(hours=1)}
    return a_letter(number, **{**about, **times, **changes})


def rows(desk: Visit) -> Locator:
    return desk.page.locator("li[data-letter]")


def opened(desk: Visit, letter: DeadLetter) -> Locator:
    """Open one, and wait for what it says."""
    desk.page.locator(f"li[data-letter='{letter.id}'] button").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.locator("pre")).to_be_visible()
    return dialog


def confirmed(desk: Visit, title: str, button: str) -> None:
    desk.page.get_by_role("dialog", name=title).get_by_role("button", name=button).click()


def toast(desk: Visit, text: str) -> None:
    expect(desk.page.get_by_role("status").filter(has_text=text)).to_be_visible()


def test_what_was_put_aside_is_read_and_sent_again(
    visiting: Visiting, admin: Colleague, server: Server, caller: Caller
) -> None:
    desk = visiting(admin, permissions=CLIPBOARD)
    desk.page.get_by_role("link", name="Dead letters").click()
    expect(desk.page.get_by_text("All is well")).to_be_visible()
    letter = said_by(caller, "Olá?", error="session_not_found", detail="None.", attempts=3)
    put_aside(server, letter)
    desk.page.reload()
    expect(desk.page.get_by_role("link", name="Dead letters some wait")).to_be_visible()
    row = rows(desk)
    for text in ("Message from a client", "Refused", "a number that is not there", "3 attempts"):
        expect(row).to_contain_text(text)
    dialog = opened(desk, letter)
    expect(dialog).to_contain_text("session_not_found: None.")
    expect(dialog).to_contain_text(f"+…{caller.phone[-4:]}")
    expect(dialog.locator("pre")).to_contain_text('"text": "Olá?"')
    dialog.get_by_role("button", name="Copy the correlation id").click()
    toast(desk, "Copied.")
    assert desk.page.evaluate("navigator.clipboard.readText()") == letter.correlation
    desk.button("Send again").click()
    confirmed(desk, "Send again: Message from a client?", "Send again")
    toast(desk, "1 message is on its way again.")
    expect(desk.page.get_by_text("All is well")).to_be_visible()
    expect(desk.page.get_by_role("link", name="Dead letters some wait")).to_have_count(0)
    attendance = caller.attendance()  # handled at last
    expect(desk.open(attendance).message("Olá?")).to_be_visible()


def test_all_are_sent_again_with_those_that_are_not_shown_yet(
    desk: Visit, server: Server, caller: Caller
) -> None:
    put_aside(server, *[said_by(caller, f"number {it}") for it in range(27)], a_foreign_letter())
    desk.page.goto("/dead-letters")
    expect(rows(desk)).to_have_count(25)
    desk.button("Send all again").click()
    title = desk.page.get_by_role("dialog", name="Send more than 25 messages again?")
    title.get_by_role("button", name="Cancel").click()
    desk.button("Show more").click()
    expect(rows(desk)).to_have_count(28)
    desk.page.get_by_label("Reason").select_option("refused")
    desk.button("Show more").click()
    expect(rows(desk)).to_have_count(27)
    desk.button("Send all again").click()
    confirmed(desk, "Send 27 messages again?", "Send again")
    toast(desk, "27 messages are on their way again.")
    expect(desk.page.get_by_text("None for this reason")).to_be_visible()
    desk.page.get_by_label("Reason").select_option("Any")
    expect(rows(desk)).to_have_count(1)
    desk.button("Send all again").click()
    confirmed(desk, "Send 1 message again?", "Send again")
    toast(desk, "1 still waits.")  # nobody can read it


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_nobody_can_read_is_shown_as_bytes_and_discarded_for_good(
    visiting: Visiting, admin: Colleague, server: Server, scheme: str
) -> None:
    letter = a_foreign_letter()
    put_aside(server, letter)
    desk = visiting(admin, color_scheme=scheme, viewport=PHONE, has_touch=True, is_mobile=True)
    desk.watch.mean("409")
    desk.page.goto("/dead-letters")
    expect(rows(desk)).to_contain_text("Unreadable")
    assert (violations(desk.page), desk.width()) == ([], PHONE["width"])
    dialog = opened(desk, letter)
    expect(dialog.locator("pre")).to_contain_text("00 ff 20 6e 6f 74 20 6f 75 72 73")
    assert (violations(desk.page), desk.width()) == ([], PHONE["width"])
    desk.button("Send again").click()
    confirmed(desk, "Send again: Unknown message?", "Send again")
    expect(desk.page.get_by_role("alert")).to_contain_text("This release cannot read it")
    desk.button("Cancel").click()
    opened(desk, letter)
    desk.button("Discard").click()
    expect(desk.page.get_by_role("dialog")).to_contain_text("gone for good")
    confirmed(desk, "Discard: Unknown message?", "Discard")
    toast(desk, "Discarded for good.")
    expect(desk.page.get_by_text("All is well")).to_be_visible()


def test_a_manager_neither_finds_nor_opens_them(visiting: Visiting, office: Office) -> None:
    desk = visiting(office.colleague("Marta", role="manager"))
    expect(desk.page.get_by_role("link", name="Sessions")).to_be_visible()
    expect(desk.page.get_by_role("link", name="Dead letters")).to_have_count(0)
    desk.page.goto("/dead-letters")
    expect(desk.page.get_by_text("This is not open to you")).to_be_visible()


def test_a_list_that_does_not_come_is_asked_for_again(desk: Visit) -> None:
    desk.watch.mean("429")
    desk.page.route(
        LIST, lambda route: route.fulfill(status=429, json={"code": "no", "detail": "-"})
    )
    desk.page.goto("/dead-letters")
    expect(desk.page.get_by_role("alert")).to_contain_text("That did not work")
    desk.page.unroute(LIST)
    desk.button("Try again").click()
    expect(desk.page.get_by_text("All is well")).to_be_visible()
