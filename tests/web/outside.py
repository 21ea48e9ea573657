"""What is beyond our two numbers: the stand-ins for WhatsApp Web and for Meta, and one client."""

import asyncio
import shlex
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any, Final, TypeVar

from tests.support.graph.phones import ACCOUNT, NUMBER, message
from tests.support.graph.server import SECRET, TOKEN, FakeGraph
from tests.support.phones import ANA
from tests.support.whatsapp_web.network import OUR_ID, Fields
from tests.support.whatsapp_web.peer import chat_of
from tests.support.whatsapp_web.server import WhatsAppWeb, whatsapp_web
from tests.support.whatsapp_web.stage import PROGRAMS
from tests.web.office import PATIENCE, eventually

Result = TypeVar("Result")
CHAT: Final = chat_of(ANA)
OUR_PHONE: Final = OUR_ID.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Outside:
    """Both stand-ins run in the thread of the first."""

    web: WhatsAppWeb
    graph: FakeGraph

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.web.loop).result(PATIENCE)

    @property
    def settings(self) -> dict[str, str]:
        """Of a helpdesk whose first number is WhatsApp Web's."""
        return {
            "HELPDESK__ADAPTERS__BRIDGE": "whatsapp.venom",
            "HELPDESK__VENOM__PACKAGES": str(PROGRAMS.packages),
            "HELPDESK__VENOM__CHROMIUM_ARGUMENTS": shlex.join(self.web.chromium_arguments),
            "HELPDESK__CLOUD__BASE_URL": self.graph.url,
            "HELPDESK__CLOUD__ACCOUNT_ID": ACCOUNT,
            "HELPDESK__CLOUD__TOKEN": TOKEN,
            "HELPDESK__CLOUD__APP_SECRET": SECRET,
        }

    def says(self, text: str) -> None:
        """Let the client write to the number on WhatsApp Web."""
        self.tells(type="chat", body=text)

    def tells(self, **fields: object) -> None:
        self.do(self.web.say(CHAT, fields, name="Ana"))

    def gives(self, kind: str, mime: str, content: bytes, name: str) -> None:
        """Let the client send a file to it."""
        self.web.network.files[name] = content
        file = {"mimetype": mime, "size": len(content), "file": name, "filename": name}
        self.tells(type=kind, body="", caption="", **file)

    def hears(self, count: int) -> list[Fields]:
        """Wait for so many messages of ours on WhatsApp Web, and return all of them."""

        def look() -> list[Fields]:
            ours = [it for it in self.web.network.talk(CHAT).messages if it["from_me"]]
            return ours if len(ours) >= count else []

        return eventually(look, f"{count} messages of ours at the client")

    def says_to_meta(self, text: str) -> None:
        """Let the same client write to the official number."""
        phone = self.graph.phones.of(CHAT.partition("@")[0])
        told = message(phone, self.graph.phones.new_id(), "text", {"body": text})
        told["messages"][0]["timestamp"] = str(int(time()))

        async def tell() -> None:
            self.graph.tell(phone.wa_id, told)

        self.do(tell())

    def hears_by_meta(self) -> list[tuple[str, str]]:
        """What the client got from the official number: by which of its numbers, and the text."""
        sent = self.graph.sent_by
        return [(by, it["text"]["body"]) for by, it in sent if it.get("type") == "text"]


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    with whatsapp_web(folder, lambda: datetime.now(UTC)) as web:
        it = Outside(web, FakeGraph(numbers=(NUMBER,)))
        it.do(it.graph.up())
        try:
            yield it
        finally:
            it.do(it.graph.close())
