"""The table of what each bridge declares; `python -m tests.support.matrix` writes the page."""

from dataclasses import fields
from pathlib import Path
from typing import Final

from helpdesk.domain.bridge import Capabilities
from helpdesk.opening import capabilities_of

PAGE: Final = Path(__file__).parents[2] / "docs/adapters/matrix.md"
BRIDGES: Final = ("whatsapp.simulator", "whatsapp.cloud", "whatsapp.venom")
WORDS: Final = {
    "official": "official: the number is not at risk",
    "qr": "linked by QR code",
    "pair_code": "linked by a code to type",
    "session_restore": "a restart needs no new link",
    "logout": "can be unlinked from the dashboard",
    "typing": "the client sees that somebody types",
    "hears_typing": "we see that the client types",
    "mark_read": "the client sees what was read",
    "quote": "replies can quote",
    "reactions": "attendants can react",
    "edit": "attendants can edit what was sent",
    "revoke": "attendants can take back what was sent",
    "echo": "tells what other devices of the number write",
    "check_contact": "knows whether a number is on WhatsApp",
    "templates": "templates",
    "window_24h": "free texts only within 24 hours",
    "preset_message_id": "sending again is safe (preset ids)",
    "client_correlation": "statuses bring our own id back",
    "acks": "ticks",
    "holds_receipts": '"delivered" only when the helpdesk has the message',
    "location": "sends places",
    "contacts": "sends contacts",
    "media": "sends files, up to (MB)",
    "voice": "voice notes as",
}


def page() -> str:
    able = [capabilities_of(it) for it in BRIDGES]
    rows = [
        f"| {WORDS[it.name]} | {' | '.join(_shown(one, it.name) for one in able)} |"
        for it in fields(Capabilities)
    ]
    head = [f"| | {' | '.join(f'`{it}`' for it in BRIDGES)} |", "|---|" + "---|" * len(BRIDGES)]
    about = (
        "What each bridge declares, and the scenarios of `tests/contracts/bridge` hold it to.\n"
        "Made by `python -m tests.support.matrix`; a test compares.\n"
    )
    return "\n".join(("# What bridges can do\n", about, *head, *rows)) + "\n"


def _shown(of: Capabilities, name: str) -> str:
    value = getattr(of, name)
    if isinstance(value, bool):
        return "yes" if value else "–"
    if name == "acks":
        return ", ".join(sorted(value))
    if name == "media":
        limits = ("image", "video", "document")
        return ", ".join(f"{it} {getattr(value, it) >> 20}" for it in limits)
    return str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
