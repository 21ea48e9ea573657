"""What WhatsApp's servers know of one number, as far as the stand-in for WhatsApp Web shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

OUR_ID: Final = "551130000000@c.us"
SENT, DELIVERED, READ = 1, 2, 3
TICKS: Final = {-1: "failed", 0: "queued", SENT: "sent", DELIVERED: "delivered", READ: "read"}

Fields = dict[str, Any]


@dataclass(slots=True)
class Talk:
    """The conversation with one client, as their phone shows it."""

    id: str
    name: str
    phone: str | None = None  # of somebody known by a private id
    messages: list[Fields] = field(default_factory=list)
    unread: int = 0
    sees_typing: bool = False

    @property
    def chat(self) -> Fields:
        return {"id": self.id, "name": self.name, "phone": self.phone}

    def shown(self) -> Fields:
        """Describe it to a page that was just loaded."""
        return {**self.chat, "messages": self.messages, "unread": self.unread}


class Network:
    """State and faults; `server` moves it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.tokens: set[str] = set()
        self.code = ""
        self.passkey = False
        self.online = True
        self.state = "CONNECTED"
        self.missing: set[str] = set()
        self.talks: dict[str, Talk] = {}
        self.files: dict[str, bytes] = {}
        self.failures: list[str] = []  # results of the next sends; HANG answers never
        self.copies: list[int] = []
        self.latency = 0.0  # seconds, each way
        self.early = 0  # how many messages wait for the one after them
        self.clear()

    def clear(self) -> None:
        """Forget messages and faults; who is linked stays so."""
        self.online, self.state, self.passkey = True, "CONNECTED", False
        self.early, self.latency = 0, 0.0
        for it in (self.missing, self.talks, self.failures, self.copies, self.files):
            it.clear()

    def talk(self, id: str, name: str = "", phone: str | None = None) -> Talk:
        it = self.talks.setdefault(id, Talk(id=id, name=name, phone=phone))
        it.name = name or it.name
        return it

    def find(self, id: str) -> tuple[Talk, Fields]:
        """Return a message and where it is; raise LookupError when there is none (any more)."""
        for talk in self.talks.values():
            for message in talk.messages:
                if message["id"] == id:
                    return talk, message
        raise LookupError(id)

    def says(self, talk: Talk, message: Fields) -> Fields:
        """Keep what a client writes."""
        message = {
            "id": f"3A{uuid4().hex[:18].upper()}",
            "from_me": False,
            "t": int(self.now().timestamp()),
            "ack": SENT,
            **message,
        }
        talk.messages.append(message)
        talk.unread += 1
        return message

    def takes(self, sent: Fields) -> Fields:
        """Keep what the page sent."""
        talk = self.talk(sent["chat"])
        talk.sees_typing = False
        message = {
            "id": sent["id"],
            "from_me": True,
            "t": int(self.now().timestamp()),
            "ack": DELIVERED,
            "type": sent["type"],
            "body": sent["text"],
            "mimetype": sent.get("mime"),
            "filename": sent.get("name"),
            "file": sent.get("file"),
            "quote": sent.get("quote"),
        }
        talk.messages.append(message)
        return message

    def relabel(self) -> str:
        """Issue another code to scan."""
        self.code = f"2@{uuid4().hex}"
        return self.code

    def link(self) -> str:
        token = uuid4().hex
        self.tokens.add(token)
        return token
