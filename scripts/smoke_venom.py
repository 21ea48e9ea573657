r"""A manual test of a number held through venom-bot against WhatsApp itself.

    HELPDESK_USER=admin@localhost HELPDESK_PASSWORD=… \
        python scripts/smoke_venom.py https://desk.example.com "Name of the session"

It asks you to do things with a phone, looks whether the helpdesk saw them, and prints a report.
Use a number that you can lose, and write to it from another one.
"""

import getpass
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from smoke_cloud import Desk, converse, search, wait

RARER = (
    ("a sticker arrives", "Send a sticker", "sticker"),
    ("a film arrives", "Send a short film", "video"),
    ("a document arrives", "Send a document", "document"),
    ("a place arrives", "Send a place", "location"),
    ("a contact arrives", "Send a contact", "contact"),
)
LINK = (
    ("a drop is told", "Turn off the network of the machine for a minute", ("disconnected",)),
    ("it comes back by itself", "Turn it on again", ("connected",)),
    ("an unlinked number is told", "Unlink the device on the phone", ("logged_out", "qr")),
    ("a new code links it again", "Scan the new code", ("connected",)),
)


class Report:
    """What was tried, and whether it was seen."""

    def __init__(self) -> None:
        self.results: dict[str, bool] = {}

    def step(self, what: str, request: str, look: Callable[[], Any]) -> Any:
        """Ask for something, if anything, and look until it is seen."""
        if request:
            input(f"{request}, then press Enter. ")
        seen = wait(look)
        self.results[what] = bool(seen)
        return seen

    def show(self) -> int:
        for what, well in self.results.items():
            print(f"{'ok ' if well else 'NO '} {what}")
        return 0 if all(self.results.values()) else 1


def main() -> int:
    desk, name = Desk(sys.argv[1]), sys.argv[2]
    password = os.environ.get("HELPDESK_PASSWORD") or getpass.getpass("Password: ")
    desk.sign_in(os.environ.get("HELPDESK_USER", "admin@localhost"), password)
    report = Report()

    def state() -> str:
        found = desk.call("GET", "/v1/sessions")["items"]
        return next((str(it["state"]) for it in found if it["name"] == name), "not there")

    if state() != "connected":
        scan = "Scan the code on the sessions page with the phone of the number"
        report.step("a code is scanned", scan, lambda: state() == "connected")
    word = f"smoke {int(time.time())}"
    write = f'Write "{word}" to the number from another phone'
    if found := report.step("a text arrives", write, lambda: search(desk, word)):
        attendance = found["attendance"]["id"]
        report.results |= converse(desk, attendance, word)
        go_on(desk, attendance, report)
    for what, request, states in LINK:
        report.step(what, request, partial(_is_one, state, states))
    return report.show()


def _is_one(state: Callable[[], str], wanted: tuple[str, ...]) -> bool:
    return state() in wanted


def go_on(desk: Desk, attendance: str, report: Report) -> None:
    """Go through rarer kinds, edits and revocations."""

    def messages() -> list[Any]:
        found: list[Any] = desk.call("GET", f"/v1/attendances/{attendance}/messages")["items"]
        return found

    def has(name: str, value: str = "") -> bool:
        return any(it[name] == value if value else it[name] for it in messages())

    for what, request, kind in RARER:
        report.step(what, request, partial(has, "kind", kind))
    edit = "Edit your last text on the phone"
    report.step("an edit arrives", edit, partial(has, "edited_at"))
    delete = "Delete your last message for everyone"
    report.step("a revocation arrives", delete, partial(has, "revoked_at"))
    reply = desk.call("POST", f"/v1/attendances/{attendance}/replies", text="taken back soon")

    def ours() -> Any:
        return next(it for it in messages() if it["id"] == reply["id"])

    if wait(lambda: ours()["delivery"] in ("sent", "delivered", "read")):
        desk.call("POST", f"/v1/messages/{reply['id']}/revoke")
    report.step("a reply is taken back", "", lambda: ours()["revoked_at"])


if __name__ == "__main__":
    sys.exit(main())
