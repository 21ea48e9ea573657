"""The page of our numbers."""

from playwright.sync_api import Locator, Page, expect

CODE = "QR code to scan with WhatsApp"


def card(page: Page, name: str) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))


def is_now(number: Locator, state: str) -> None:
    """Wait for it; a Chromium starts slowly on a busy machine."""
    told = number.get_by_role("status").first
    expect(told).to_have_attribute("data-session-state", state, timeout=90_000)


def add_official(page: Page, name: str, id: str) -> None:
    page.get_by_role("button", name="Add a number").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Way to WhatsApp").select_option("whatsapp.cloud")
    dialog.get_by_label("Phone number ID").fill(id)
    dialog.get_by_role("button", name="Add a number").click()
    expect(card(page, name)).to_be_visible()


def log_out(number: Locator, phone: str) -> None:
    number.get_by_role("button", name="Log out").click()
    dialog = number.page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Log out")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("textbox").fill(phone[-4:])
    confirm.click()
    expect(dialog).to_have_count(0)
