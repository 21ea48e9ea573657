"""The helpdesk as the tests set it up and ask it, over HTTP."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeVar

from tests.support.server import Server

Found = TypeVar("Found")
# The machine is busy with other tests as well: how long anything takes says nothing.
PATIENCE: Final = 60.0  # seconds
COLLEAGUE_PASSWORD: Final = "a password for tests"
_SERIAL: Final = count(1)


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    email: str
    password: str
    id: str = ""


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    """Return what `look` finds, as soon as it finds something."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")


@dataclass(frozen=True, slots=True)
class Office:
    """Asks as the first admin."""

    server: Server

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return self.server.ask(method, path, body, token=self.server.token())

    def colleague(
        self, name: str, role: str = "attendant", sectors: list[str] | None = None
    ) -> Colleague:
        """Engage somebody new; without `sectors`, in the default one."""
        email = f"colleague-{next(_SERIAL)}@example.com"
        sectors = [self.default_sector()] if sectors is None else sectors
        body = {"name": name, "email": email, "role": role, "password": COLLEAGUE_PASSWORD}
        made = self.ask("POST", "/v1/attendants", body | {"sectors": sectors})
        return Colleague(name, email, COLLEAGUE_PASSWORD, made["id"])

    def default_sector(self) -> str:
        sectors = self.ask("GET", "/v1/sectors")["items"]
        return str(next(it["id"] for it in sectors if it["is_default"]))

    def sector(self, name: str) -> str:
        return str(self.ask("POST", "/v1/sectors", {"name": f"{name} {next(_SERIAL)}"})["id"])

    def session(self) -> dict[str, Any]:
        session: dict[str, Any] = self.ask("GET", "/v1/sessions")["items"][0]
        return session

    def link(self) -> None:
        """Scan the code that is shown, or the next one, until the number is connected."""
        scanned = set[str]()

        def linked() -> bool:
            session = self.session()
            if (
                session["state"] == "qr"
                and (code := session["qr"])
                and code["expires_at"] not in scanned
            ):
                self.ask("POST", "/simulator/scan")
                scanned.add(code["expires_at"])
            return bool(session["state"] == "connected")

        eventually(linked, "a connected number")

    def reply(self, attendance: str, text: str) -> Any:
        return self.ask("POST", f"/v1/attendances/{attendance}/replies", {"text": text})

    def open_ones(self) -> list[dict[str, Any]]:
        page = self.ask("GET", "/v1/attendances?status=open&limit=100")
        found: list[dict[str, Any]] = page["items"]
        return found

    def close_all(self) -> None:
        while found := self.open_ones():
            for it in found:
                self.ask("POST", f"/v1/attendances/{it['id']}/close", {})

    def caller(self, phone: str, name: str) -> "Caller":
        return Caller(self, phone, name)


@dataclass(frozen=True, slots=True)
class Caller:
    """A client, at the simulated phone."""

    office: Office
    phone: str
    name: str

    def says(self, text: str, **more: object) -> Any:
        body = {"text": text, "name": self.name, **more}
        return self.office.ask("POST", f"/simulator/phones/{self.phone}/messages", body)

    def attendance(self) -> str:
        """The id of the open attendance that came of what was said."""

        def look() -> str | None:
            open_ones = self.office.open_ones()
            ours = (it["id"] for it in open_ones if it["client"]["name"] == self.name)
            return next(ours, None)

        return eventually(look, f"an attendance of {self.name}")

    def messages(self) -> list[dict[str, Any]]:
        """What the phone shows."""
        path = f"/simulator/phones/{self.phone}/messages"
        shown: list[dict[str, Any]] = self.office.ask("GET", path)["items"]
        return shown

    def hears(self, text: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            return next((it for it in self.messages() if text in it["text"]), None)

        return eventually(look, f"{text!r} on the phone")

    def amends(self, message: str, verb: str, text: str = "") -> None:
        """React to a message, change it, or take it back."""
        body = {"message": message, "verb": verb, "text": text}
        self.office.ask("POST", f"/simulator/phones/{self.phone}/amend", body)

    def reads(self) -> None:
        self.office.ask("POST", f"/simulator/phones/{self.phone}/read")
