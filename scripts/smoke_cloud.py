r"""A manual test of a number of the Cloud API against Meta itself; it sends a few messages.

    HELPDESK_USER=admin@localhost HELPDESK_PASSWORD=… \
        python scripts/smoke_cloud.py https://desk.example.com

It asks you to do things with a phone, looks whether the helpdesk saw them, and prints a report.
"""

import getpass
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

PATIENCE = 120.0  # seconds for each step
GOOD = ("delivered", "read")


class Desk:
    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._token = ""

    def sign_in(self, email: str, password: str) -> None:
        self._token = self.call("POST", "/v1/sign-in", email=email, password=password)["token"]

    def call(self, method: str, path: str, **body: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the address that was given
            self._url + path,
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            told = answer.read()
        return json.loads(told) if told else None


def wait(look: Callable[[], Any]) -> Any:
    """Look until something is seen; None when it takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if seen := look():
            return seen
        time.sleep(1)
    return None


def main() -> int:
    desk = Desk(sys.argv[1])
    password = os.environ.get("HELPDESK_PASSWORD") or getpass.getpass("Password: ")
    desk.sign_in(os.environ.get("HELPDESK_USER", "admin@localhost"), password)
    results = {"the session is connected": bool(wait(lambda: is_connected(desk)))}
    word = f"smoke {int(time.time())}"
    input(f'Write "{word}" to the number from a phone, then press Enter. ')
    found = wait(lambda: search(desk, word))
    results["a text arrives"] = bool(found)
    if found:
        results |= converse(desk, found["attendance"]["id"], word)
        results |= send_template(desk, found["attendance"])
    for name, well in results.items():
        print(f"{'ok ' if well else 'NO '} {name}")
    return 0 if all(results.values()) else 1


def is_connected(desk: Desk) -> bool:
    sessions = desk.call("GET", "/v1/sessions")["items"]
    return any(it["state"] == "connected" for it in sessions)


def search(desk: Desk, word: str) -> Any:
    found = desk.call("GET", f"/v1/search?q={word.replace(' ', '+')}")["items"]
    return found[0] if found else None


def converse(desk: Desk, attendance: str, word: str) -> dict[str, bool]:
    """Go through what a person with a phone can do."""
    path = f"/v1/attendances/{attendance}"
    desk.call("POST", f"{path}/take")
    reply = desk.call("POST", f"{path}/replies", text=f"re: {word}")

    def messages() -> list[Any]:
        found: list[Any] = desk.call("GET", f"{path}/messages")["items"]
        return found

    def ours() -> Any:
        return next(it for it in messages() if it["id"] == reply["id"])

    def has(kind: str) -> bool:
        return any(it["kind"] == kind for it in messages())

    steps: list[tuple[str, str, Callable[[], Any]]] = [
        ("a reply is delivered", "", lambda: ours()["delivery"] in GOOD),
        ("a reply is read", "Open the conversation", lambda: ours()["delivery"] == "read"),
        ("a reaction arrives", "React to the reply", lambda: ours()["reactions"]),
        ("a photo arrives", "Send a photo", lambda: has("image")),
        ("a voice note arrives", "Send a voice note", lambda: has("voice")),
    ]
    results = {}
    for name, request, look in steps:
        if request:
            input(f"{request} on the phone, then press Enter. ")
        results[name] = bool(wait(look))
    return results


def send_template(desk: Desk, attendance: Any) -> dict[str, bool]:
    """Send the account's first template, with its examples; Meta may charge for it."""
    listed = desk.call("GET", f"/v1/sessions/{attendance['session']['id']}/templates")["items"]
    results = {"templates are listed": bool(listed)}
    if not listed or input(f"Send the template {listed[0]['name']!r}? [y/N] ").lower() != "y":
        return results
    chosen = {it: listed[0][it] for it in ("name", "language")}
    chosen["variables"] = {it["key"]: it["example"] or "x" for it in listed[0]["variables"]}
    path = f"/v1/attendances/{attendance['id']}"
    sent = desk.call("POST", f"{path}/replies", template=chosen)

    def delivered() -> bool:
        shown = desk.call("GET", f"{path}/messages")["items"]
        return any(it["id"] == sent["id"] and it["delivery"] in GOOD for it in shown)

    return results | {"a template is delivered": bool(wait(delivered))}


if __name__ == "__main__":
    sys.exit(main())
