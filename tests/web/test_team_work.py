"""Several attendants and one queue."""

import re

from playwright.sync_api import Route, expect

from tests.web.browsing import Visit, until
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague, Office


def test_of_two_who_take_at_once_one_wins_and_the_other_is_told(
    visiting: Visiting, office: Office, caller: Caller
) -> None:
    caller.says("who wants me?")
    attendance = caller.attendance()
    desks = [visiting(office.colleague(name)) for name in ("Ana Winner", "Bruno Winner")]
    for desk in desks:
        desk.watch.mean("409")
        desk.open(attendance, "tab=waiting")
        # All of the page is here: what the loser may no longer see is not asked for.
        expect(desk.page.get_by_role("heading", name="What happened")).to_be_visible()
    # Both presses are on their way before either is answered.
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    for desk in desks:
        desk.page.route("**/take", hold)
        desk.button("Take").click()
    until(desks[0].page, lambda: len(held) == len(desks), "both are asked")
    for route in held:
        route.continue_()
    expect(
        desks[0].page.get_by_role("status").filter(has_text=re.compile("yours|took it"))
    ).to_be_visible()
    expect(
        desks[1].page.get_by_role("status").filter(has_text=re.compile("yours|took it"))
    ).to_be_visible()
    holder = office.ask("GET", f"/v1/attendances/{attendance}")["attendant"]["name"]
    for desk, name in zip(desks, ("Ana Winner", "Bruno Winner"), strict=True):
        expected = "It is yours now." if name == holder else f"{holder} took it."
        expect(desk.page.get_by_text(expected)).to_be_visible()


def test_a_transfer_to_a_colleague_moves_it_and_says_why(
    desk: Visit, visiting: Visiting, office: Office, caller: Caller
) -> None:
    carla = office.colleague("Carla Heir")
    other = visiting(carla)
    other.tab("mine")
    caller.says("for the accounts, please")
    desk.open(caller.attendance())
    desk.button("Take").click()
    expect(desk.button("Take")).to_have_count(0)
    desk.page.locator("header button[title^=Transfer]").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_text("Carla Heir").click()
    dialog.get_by_label("Reason").fill("she knows the accounts")
    dialog.get_by_role("button", name="Transfer").click()
    expect(dialog).to_have_count(0)
    expect(desk.page.get_by_text("Carla Heir is answering.")).to_be_visible()

    other.row(caller.name).click()
    expect(other.page.get_by_label("Reply to the client")).to_be_editable()
    expect(other.page.get_by_text("she knows the accounts")).to_be_visible()


def test_what_is_transferred_out_of_sight_leaves_the_list(
    visiting: Visiting, office: Office, caller: Caller
) -> None:
    diego = visiting(office.colleague("Diego Left"))
    diego.tab("waiting")
    caller.says("hello")
    expect(diego.row(caller.name)).to_be_visible()
    elsewhere = office.sector("Elsewhere")
    path = f"/v1/attendances/{caller.attendance()}/transfer"
    office.ask("POST", path, {"sector_id": elsewhere})
    expect(diego.row(caller.name)).to_have_count(0)


def test_it_goes_back_to_the_queue(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    desk.button("Take").click()
    desk.button("More actions").click()
    desk.page.get_by_role("menuitem", name="Back to the queue").click()
    expect(desk.button("Take")).to_be_visible()
    desk.tab("waiting")
    expect(desk.row(caller.name)).to_be_visible()


def test_closing_asks_first_and_shows_under_closed(desk: Visit, caller: Caller) -> None:
    caller.says("that was all")
    desk.open(caller.attendance())
    desk.button("Finish").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("answered")
    dialog.get_by_role("button", name="Finish").click()
    expect(desk.page.get_by_text(re.compile("^Finished, "))).to_be_visible()
    expect(desk.row(caller.name)).to_have_count(0)
    desk.tab("closed")
    expect(desk.row(caller.name)).to_be_visible()


def test_an_attendant_starts_a_conversation_by_phone(desk: Visit, caller: Caller) -> None:
    # The phone has to exist before somebody can be written to.
    office = caller.office
    office.ask("PUT", f"/simulator/phones/{caller.phone}", {"name": caller.name})
    desk.button("New conversation").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Phone").fill(f"+{caller.phone[:2]} {caller.phone[2:]}")
    dialog.get_by_label("Name").fill(caller.name)
    dialog.get_by_label("Message").fill("Your order is ready.")
    dialog.get_by_role("button", name="Send").click()
    expect(desk.message("Your order is ready.")).to_be_visible()
    caller.hears("Your order is ready.")


def test_the_panel_moves_nothing_when_it_comes_and_knows_the_client(
    desk: Visit, caller: Caller
) -> None:
    caller.says("hello")
    attendance = caller.attendance()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chunk = "**/assets/panel-contents-*.js"
    desk.page.route(chunk, hold)
    desk.open(attendance)
    panel = desk.page.get_by_role("complementary", name="Client")
    expect(panel.locator(".skeleton").first).to_be_visible()
    before = desk.button("Finish").bounding_box()
    for it in held:
        it.continue_()
    desk.page.unroute(chunk)
    panel.get_by_role("button", name="Change the name").click()
    assert desk.button("Finish").bounding_box() == before
    panel.get_by_label("Name").fill(f"{caller.name} the Second")
    panel.get_by_label("Name").press("Enter")
    expect(desk.row(f"{caller.name} the Second")).to_be_visible()
    panel.get_by_label("Add a tag").fill("vip")
    panel.get_by_label("Add a tag").press("Enter")
    panel.get_by_role("textbox", name="Notes").fill("prefers the morning")
    panel.get_by_role("textbox", name="Notes").blur()
    expect(panel.get_by_text("vip")).to_be_visible()
    desk.page.reload()
    expect(panel.get_by_role("textbox", name="Notes")).to_have_value("prefers the morning")


def test_messages_and_clients_are_found(desk: Visit, caller: Caller) -> None:
    caller.says(f"where is the ópera of {caller.phone}?")
    for n in range(60):
        caller.says(f"and {n}")
    attendance = caller.attendance()
    caller.hears("and 59")
    desk.page.keyboard.press("/")
    search = desk.page.get_by_label("Search messages and clients")
    expect(search).to_be_focused()
    search.fill(f"opera of {caller.phone}")
    desk.page.get_by_role("link").filter(has_text="where is the ópera").click()
    expect(desk.page).to_have_url(re.compile(attendance))
    expect(desk.message("where is the ópera")).to_be_in_viewport()
    search.fill(caller.name)
    desk.page.locator("a[href*='/inbox/clients/']").filter(has_text=caller.name).first.click()
    expect(desk.page.get_by_role("heading", name=caller.name)).to_be_visible()


def test_the_keyboard_alone_is_enough(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    attendance = caller.attendance()
    keys = desk.page.keyboard
    desk.open(attendance)
    expect(desk.page.get_by_label("Reply to the client")).to_be_focused()
    keys.press("Escape")  # out of the composer
    keys.press("a")
    expect(desk.page.get_by_text("It is yours now.")).to_be_visible()
    keys.press("r")
    expect(desk.page.get_by_label("Reply to the client")).to_be_focused()
    keys.type("by hand")
    keys.press("Enter")
    caller.hears("by hand")
    keys.press("Escape")
    keys.press("f")
    expect(desk.page.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
    keys.press("Enter")
    expect(desk.page.get_by_text(re.compile("^Finished, "))).to_be_visible()
    expect(desk.page.get_by_role("dialog")).to_have_count(0)  # it has the keys until it is gone
    keys.press("?")
    expect(desk.page.get_by_role("dialog")).to_contain_text("Keyboard shortcuts")


def test_forbidden_pages_are_neither_offered_nor_shown(visiting: Visiting, office: Office) -> None:
    ana = visiting(office.colleague("Ana Modest"))
    expect(ana.page.get_by_role("link", name="Team")).to_have_count(0)
    expect(ana.page.get_by_role("link", name="Sessions")).to_have_count(0)
    for path in ("/team", "/sessions"):
        ana.page.goto(path)
        expect(ana.page.get_by_text("This is not open to you")).to_be_visible()


def test_an_admin_engages_an_attendant_who_then_signs_in(desk: Visit, visiting: Visiting) -> None:
    desk.page.goto("/team")
    desk.button("New attendant").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Nadia New")
    dialog.get_by_label("E-mail").fill("nadia@example.com")
    dialog.get_by_label("Password").fill("nadia's own password")
    dialog.get_by_role("button", name="Save").click()
    expect(desk.page.get_by_text("nadia@example.com")).to_be_visible()
    nadia = Colleague("Nadia New", "nadia@example.com", "nadia's own password")
    visiting().sign_in(nadia)

    desk.button("New sector").click()
    dialog.get_by_label("Name").fill("Night shift")
    dialog.get_by_text("Nadia New").click()
    dialog.get_by_label("Finish after silence").fill("15")
    dialog.get_by_role("button", name="Save").click()
    expect(desk.page.get_by_text("closes after 15 min of silence")).to_be_visible()
    expect(desk.page.get_by_role("listitem").filter(has_text="Nadia New")).to_contain_text(
        "Night shift"
    )
