"""One conversation, from both ends."""

import re

from playwright.sync_api import Route, expect

from tests.web.browsing import Visit, until
from tests.web.office import Caller, Office


def _is_answered(desk: Visit, text: str) -> None:
    expect(desk.tick(text)).to_have_attribute("data-delivery", re.compile("delivered|read"))


def test_a_client_writes_is_answered_and_reads(desk: Visit, caller: Caller) -> None:
    desk.tab("waiting")
    caller.says("Good morning, is anybody there?")
    desk.row(caller.name).click()
    expect(desk.message("is anybody there?")).to_be_visible()

    desk.write("Yes, how can I help?")
    assert caller.hears("how can I help?")["direction"] == "in"
    _is_answered(desk, "how can I help?")
    caller.reads()
    expect(desk.tick("how can I help?")).to_have_attribute("data-delivery", "read")
    # Answering took it.
    desk.tab("mine")
    expect(desk.row(caller.name)).to_be_visible()


def test_a_message_shows_in_the_open_conversation(desk: Visit, caller: Caller) -> None:
    caller.says("first")
    desk.open(caller.attendance())
    for n in range(3):
        caller.says(f"and another, {n}")
        desk.message(f"and another, {n}").wait_for()


def test_what_the_server_refuses_is_sent_once_by_trying_again(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    desk.watch.mean("502")
    refusals: list[Route] = []

    def refuse_once(route: Route) -> None:
        if refusals:
            route.continue_()
        else:
            refusals.append(route)
            route.fulfill(status=502, body="<h1>bad gateway</h1>")

    desk.page.route("**/replies", refuse_once)
    desk.write("does it arrive?")
    pending = desk.log.locator("[data-outgoing]")
    expect(pending).to_have_attribute("data-outgoing", "failed")
    assert caller.messages()[-1]["text"] == "hello"

    pending.get_by_role("button", name="Try again").click()
    _is_answered(desk, "does it arrive?")
    expect(pending).to_have_count(0)
    texts = [it["text"] for it in caller.messages()]
    assert texts == ["hello", "does it arrive?"]


def test_what_was_typed_survives_a_reload_and_is_sent_once(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    desk.watch.mean("ERR_FAILED|ERR_ABORTED")
    desk.page.route("**/replies", lambda route: route.abort())
    desk.write("typed without a connection")
    expect(desk.log.locator("[data-outgoing=pending]")).to_be_visible()
    desk.page.unroute("**/replies")
    desk.page.reload()
    _is_answered(desk, "typed without a connection")
    assert [it["text"] for it in caller.messages()].count("typed without a connection") == 1


def test_a_draft_stays_with_its_conversation(desk: Visit, office: Office, caller: Caller) -> None:
    other = office.caller(f"{int(caller.phone) + 500_000}", f"Other of {caller.name}")
    for it in (caller, other):
        it.says("hello")
    desk.open(caller.attendance())
    box = desk.page.get_by_label("Reply to the client")
    box.fill("I began to wr")
    desk.open(other.attendance())
    expect(box).to_have_value("")
    expect(desk.page.locator(f"a[data-id='{caller.attendance()}']")).to_contain_text("Draft")
    desk.open(caller.attendance())
    expect(box).to_have_value("I began to wr")
    desk.page.reload()
    expect(box).to_have_value("I began to wr")


def test_a_failed_reply_is_sent_again(desk: Visit, office: Office, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    office.ask("PATCH", "/simulator/state", {"fail_next": 1})
    desk.write("this one fails")
    expect(desk.tick("this one fails")).to_have_attribute("data-delivery", "failed")
    desk.message("this one fails").get_by_role("button", name="Try again").click()
    _is_answered(desk, "this one fails")
    assert [it["text"] for it in caller.messages()] == ["hello", "this one fails"]


def test_a_note_is_for_colleagues_only(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    desk.button("Note").click()
    box = desk.page.get_by_label("Internal note")
    box.fill("an old friend of the house")
    box.press("Enter")
    expect(desk.message("an old friend of the house")).to_contain_text("Note by")
    assert [it["text"] for it in caller.messages()] == ["hello"]


def test_a_quote_reaches_the_phone_and_leads_back(desk: Visit, caller: Caller) -> None:
    caller.says("what does it cost?")
    desk.open(caller.attendance())
    asked = desk.message("what does it cost?")
    asked.hover()
    asked.get_by_role("button", name="Quote").click()
    desk.write("It is free.")
    heard = caller.hears("It is free.")
    # Only what the helpdesk knows to have been sent can be quoted back.
    _is_answered(desk, "It is free.")
    assert heard["quote"] == caller.messages()[0]["id"]

    caller.says("thank you for this", quote=heard["id"])
    quote = desk.message("thank you for this").get_by_role("button", name="Go to the quoted")
    expect(quote).to_contain_text("It is free.")
    quote.click()
    expect(desk.message("It is free.").locator(".flash").first).to_be_visible()


def test_the_client_is_seen_typing(desk: Visit, office: Office, caller: Caller) -> None:
    caller.says("wait")
    desk.open(caller.attendance())
    office.ask("POST", f"/simulator/phones/{caller.phone}/typing", {"typing": True})
    expect(desk.page.get_by_text(f"{caller.name} is typing…")).to_be_visible()
    caller.says("here it is")
    expect(desk.page.get_by_text(f"{caller.name} is typing…")).to_have_count(0)


# Scrolls to where the page above is wanted; says which message is then in the middle, and where.
SCROLL_UP = """async (log) => {
  log.scrollTop = 300;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
  const all = [...log.querySelectorAll("article")];
  const found = all.find((it) => it.getBoundingClientRect().bottom > middle);
  const number = Number(found.closest("[data-index]").dataset.index);
  return [found.dataset.message, found.getBoundingClientRect().top, number];
}"""
# There are others above it now.
PUSHED_DOWN = """([id, number]) => {
  const found = document.querySelector(`[data-message='${id}']`)?.closest("[data-index]");
  return found && Number(found.dataset.index) > number;
}"""
# It is there, and stays there while what is above it is measured.
STAYS_AT = """async ([id, top]) => {
  for (let frame = 0; frame < 20; frame += 1) {
    await new Promise(requestAnimationFrame);
    const found = document.querySelector(`[data-message='${id}']`);
    if (!found || Math.abs(found.getBoundingClientRect().top - top) > 2) return false;
  }
  return true;
}"""


def test_a_long_history_comes_in_pages_without_a_jump(desk: Visit, caller: Caller) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    for n in range(160):
        caller.says(f"message number {n:03}")
    desk.open(caller.attendance())
    expect(desk.message("message number 159")).to_be_in_viewport()
    desk.page.route(re.compile("before="), hold)
    for _ in range(2):
        seen, top, number = desk.log.evaluate(SCROLL_UP)
        until(desk.page, lambda: bool(held), "the page above is asked for")
        held.pop().continue_()
        desk.page.wait_for_function(PUSHED_DOWN, arg=[seen, number])
        desk.page.wait_for_function(STAYS_AT, arg=[seen, top])

    # Who reads what was is not carried away by what comes.
    seen, top = desk.log.evaluate("(log) => [log.scrollTop, log.scrollHeight]")
    caller.says("one more, at the end")
    to_end = desk.button("1 new message")
    expect(to_end).to_be_visible()
    assert desk.log.evaluate("(log) => log.scrollTop") == seen
    to_end.click()
    expect(desk.message("one more, at the end")).to_be_in_viewport()


def test_the_text_of_a_client_is_inert(desk: Visit, caller: Caller) -> None:
    caller.says('<img src=x onerror="alert(1)"> javascript:alert(1) \u202etxet *bold*')
    desk.open(caller.attendance())
    shown = desk.message("<img src=x")
    expect(shown).to_contain_text('onerror="alert(1)"')
    expect(shown.locator("strong")).to_have_text("bold")
    expect(shown.locator("img, a")).to_have_count(0)


def test_a_part_of_the_page_that_cannot_be_fetched_for_a_moment_comes_later(
    desk: Visit, caller: Caller
) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    left = [2]  # times that the server is away

    def answer(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0:
            route.abort()
        else:
            route.continue_()

    desk.watch.mean("ERR_FAILED")
    desk.page.route("**/assets/journey-dialog-*.js", answer)
    desk.message("hello").get_by_role("button", name="which way it went").click()
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    assert left[0] < 0
