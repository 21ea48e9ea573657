"""Reactions, edits and revocations, as an attendant sees and makes them."""

from playwright.sync_api import expect

from tests.web.browsing import Visit, changing
from tests.web.office import Caller, Office

AMEND = "React, edit or take back"


def test_what_a_client_changes_shows_in_the_open_conversation(desk: Visit, caller: Caller) -> None:
    first, second = caller.says("see you at nine"), caller.says("never mind")
    desk.open(caller.attendance())
    expect(desk.message("see you at nine")).to_be_visible()
    caller.amends(first["id"], "edit", "see you at ten")
    expect(desk.message("see you at ten")).to_contain_text("edited")
    caller.amends(second["id"], "revoke")
    expect(desk.message("This message was deleted")).to_be_visible()


def test_both_sides_react_and_we_take_back(desk: Visit, caller: Caller) -> None:
    caller.says("thanks")
    desk.open(caller.attendance())
    desk.write("you are welcome")
    ours = caller.hears("you are welcome")
    caller.amends(ours["id"], "react", "🙏")
    expect(desk.message("you are welcome")).to_contain_text("🙏")

    desk.message("thanks").hover()
    desk.message("thanks").get_by_role("button", name=AMEND).click()
    desk.page.get_by_role("menuitem", name="👍").click()
    expect(desk.message("thanks")).to_contain_text("👍")
    assert caller.hears("thanks")["reaction_in"] == "👍"

    desk.message("you are welcome").hover()
    desk.message("you are welcome").get_by_role("button", name=AMEND).click()
    desk.page.get_by_role("menuitem", name="Take back").click()
    expect(desk.message("This message was deleted")).to_be_visible()


def test_a_reply_is_edited_and_a_refusal_is_told_to_who_asked(
    desk: Visit, caller: Caller, office: Office
) -> None:
    caller.says("when?")
    desk.open(caller.attendance())
    desk.write("at nin")
    caller.hears("at nin")

    def edit(now: str, text: str) -> None:
        desk.message(now).hover()
        desk.message(now).get_by_role("button", name=AMEND).click()
        desk.page.get_by_role("menuitem", name="Edit").click()
        desk.page.get_by_label("New text").fill(text)
        desk.page.get_by_role("button", name="Save").click()
        expect(desk.page.get_by_role("dialog")).to_have_count(0)

    edit("at nin", "at nine")
    expect(desk.message("at nine")).to_contain_text("edited")
    id = desk.message("at nine").get_attribute("data-message")
    office.ask("PATCH", "/simulator/state", {"network": False})
    office.ask("POST", f"/v1/messages/{id}/revoke")
    edit("at nine", "at ten")
    office.ask("PATCH", "/simulator/state", {"network": True})
    expect(desk.page.get_by_text("The message could not be edited.")).to_be_visible()
    expect(desk.message("This message was deleted")).to_be_visible()


def test_a_conversation_offers_what_its_own_number_can(desk: Visit, caller: Caller) -> None:
    caller.says("good morning")
    desk.open(caller.attendance())
    message, page = desk.message("good morning"), desk.page
    offered = [
        message.get_by_role("button", name="Quote"),
        message.get_by_role("button", name=AMEND),
        page.get_by_role("button", name="Record a voice note"),
    ]
    message.hover()
    for it in offered:
        expect(it).to_be_visible()
    able = {"quote": False, "reactions": False, "revoke": False, "media": {"document": 0}}
    changing(page, "**/v1/sessions", lambda it: it["capabilities"].update(able))
    page.reload()
    message.hover()
    expect(message.get_by_role("button", name="Copy")).to_be_visible()
    for it in offered:
        expect(it).to_have_count(0)
