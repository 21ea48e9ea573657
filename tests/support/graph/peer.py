"""`tests.support.phone_peer.PhonePeer` on the stand-in for Meta's Graph API.

Its bridge is the whole way in: reports come through the webhook of a real HTTP server.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from time import monotonic
from typing import Any

import aiohttp
from aiohttp import web

from helpdesk.adapters.http import webhooks
from helpdesk.adapters.http.keys import OPTIONS
from helpdesk.adapters.http.options import HttpOptions, Probes
from helpdesk.adapters.whatsapp.cloud.bridge import CloudBridge
from helpdesk.adapters.whatsapp.cloud.files import Files
from helpdesk.adapters.whatsapp.cloud.graph import Graph
from helpdesk.adapters.whatsapp.cloud.hook import CloudHook
from helpdesk.adapters.whatsapp.cloud.numbers import KnownNumbers
from helpdesk.adapters.whatsapp.cloud.templates import CloudTemplates
from helpdesk.domain.cards import ContactCard
from helpdesk.domain.file import MediaKind
from helpdesk.domain.identity import Identity
from helpdesk.opening import capabilities_of
from helpdesk.ports.bridge import Bridge, Sink
from helpdesk.ports.media import MediaStore
from helpdesk.ports.system import Clock
from helpdesk.ports.templates import Templates
from tests.support.graph.phones import ACCOUNT, NUMBER, Shown, message, status
from tests.support.graph.server import SECRET, VERSION, FakeGraph, refusal
from tests.support.phone_peer import SESSION, GivenFile, Seen
from tests.support.phones import ANA

KNOWN = KnownNumbers({NUMBER: SESSION}, {ACCOUNT: (SESSION,)})
VERIFY = "a-verify-token"
ROOM = 1_000_000  # characters of a line, so that a webhook stays below Meta's 3 MB


def wa_id(of: Identity) -> str:
    return of.value.removeprefix("+")


class WholeBridge(CloudBridge):
    """Listens for webhooks while it runs."""

    def __init__(self, fake: FakeGraph, graph: Graph, media: MediaStore, now: Clock) -> None:
        super().__init__(SESSION, graph, Files(graph, media), now=now, check_every=0.05)
        self._fake, self._clock = fake, now

    async def run(self, sink: Sink) -> None:
        async with listening(hook_of(sink, self._clock)) as address:
            self._fake.hook_url = f"{address}/webhooks/whatsapp/cloud"
            await super().run(sink)


def hook_of(sink: Sink, now: Clock) -> CloudHook:
    async def numbers() -> KnownNumbers:
        return KNOWN

    return CloudHook(
        secrets=("another", SECRET), verify_token=VERIFY, numbers=numbers, sink=sink, now=now
    )


@asynccontextmanager
async def listening(hook: CloudHook) -> AsyncIterator[str]:
    """Serve the webhook as the API does, and yield the address."""
    app = web.Application()
    app[OPTIONS] = HttpOptions(
        base_url="http://127.0.0.1",
        probes=Probes(ready=_ready),
        version="1",
        abilities=capabilities_of,
        webhooks={"whatsapp.cloud": hook},
    )
    app.router.add_get(webhooks.PATH, webhooks.ask)
    app.router.add_post(webhooks.PATH, webhooks.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _ready() -> Mapping[str, str | None]:
    return {}


class CloudPeer:
    def __init__(
        self, fake: FakeGraph, http: aiohttp.ClientSession, media: MediaStore, now: Clock
    ) -> None:
        self.fake = fake
        self._http = http
        self._media = media
        self._now = now

    def bridge(self) -> Bridge:
        return WholeBridge(self.fake, self._graph(), self._media, self._now)

    def _graph(self) -> Graph:
        return Graph(
            http=self._http,
            base_url=self.fake.url,
            version=VERSION,
            token=self.fake.token,
            number=NUMBER,
        )

    async def say(self, text: str, *, by: Identity = ANA, quote: str | None = None) -> str:
        phone, id = self.fake.phones.of(wa_id(by)), self.fake.phones.new_id()
        phone.messages.append(Shown(id, text, False, "delivered", quote))
        self.fake.tell(phone.wa_id, message(phone, id, "text", {"body": text}, quote))
        return id

    async def introduce(self, name: str, *, by: Identity = ANA) -> None:
        self.fake.phones.of(wa_id(by)).name = name

    async def give_file(self, it: GivenFile, *, by: Identity = ANA) -> str:
        id = f"given-{len(self.fake.files)}"
        self.fake.files[id] = (it.content, it.mime)
        digest = b64encode(sha256(it.content).digest()).decode()
        about: dict[str, Any] = {"id": id, "mime_type": it.mime, "sha256": digest}
        about |= {"caption": it.caption, "filename": it.name}
        kind = "audio" if it.kind is MediaKind.VOICE else it.kind.value
        if kind == "audio":
            about["voice"] = it.kind is MediaKind.VOICE
        return self._tell(kind, about, by)

    async def give_card(self, card: ContactCard, *, by: Identity = ANA) -> str:
        about = {
            "name": {"formatted_name": card.name[:ROOM]},
            "phones": [{"phone": it} for it in card.phones],
            "org": {"company": card.organization[:ROOM]},
        }
        return self._tell("contacts", [about], by)

    def _tell(self, kind: str, about: Any, by: Identity) -> str:
        phone, id = self.fake.phones.of(wa_id(by)), self.fake.phones.new_id()
        self.fake.tell(phone.wa_id, message(phone, id, kind, about))
        return id

    async def _amend(self, kind: str, about: dict[str, Any], by: Identity) -> None:
        self._tell(kind, about, by)

    async def react(self, id: str, emoji: str, *, by: Identity = ANA) -> None:
        about = {"message_id": id} | ({"emoji": emoji} if emoji else {})
        await self._amend("reaction", about, by)

    async def edit(self, id: str, text: str, *, by: Identity = ANA) -> None:
        edited = {"type": "text", "text": {"body": text}}
        await self._amend("edit", {"original_message_id": id, "message": edited}, by)

    async def revoke(self, id: str, *, by: Identity = ANA) -> None:
        await self._amend("revoke", {"original_message_id": id}, by)

    async def type(self, typing: bool, *, by: Identity = ANA) -> None:
        """Meta does not tell."""

    async def read(self, *, by: Identity = ANA) -> None:
        phone = self.fake.phones.of(wa_id(by))
        for it in phone.messages:
            if it.ours and it.tick == "delivered":
                it.tick = "read"
                self.fake.tell(it.id, status(phone, it.id, "read"))

    async def screen(self, *, of: Identity = ANA) -> list[Seen]:
        shown = self.fake.phones.of(wa_id(of)).messages
        return [Seen(it.text, it.tick, it.quote, "" if it.ours else it.reaction) for it in shown]

    async def sees_typing(self, *, on: Identity = ANA) -> bool:
        return self.fake.phones.of(wa_id(on)).typing

    def templates(self) -> Templates:
        graph = self._graph()
        return CloudTemplates(lambda _: (graph, ACCOUNT), monotonic)

    def windowed(self) -> Bridge:
        return self.bridge()

    async def fall_silent(self, *, of: Identity = ANA) -> None:
        self.fake.phones.of(wa_id(of)).silent = True

    async def unlink(self) -> None:
        """Take the token away, as when the app loses the account."""
        self.fake.token = "another"

    async def ban(self) -> None:
        self.fake.banned = True

    async def pardon(self) -> None:
        self.fake.banned = False

    async def scan(self) -> None:
        """There is nothing to scan."""

    async def expire_code(self) -> None:
        """There is no code."""

    async def drop_network(self) -> None:
        await self.fake.down()

    async def restore_network(self) -> None:
        await self.fake.up()

    async def set_latency(self, milliseconds: int) -> None:
        self.fake.latency = milliseconds / 1000

    async def set_missing(self, phone: Identity) -> None:
        self.fake.phones.of(wa_id(phone)).missing = True

    async def fail_next(self, count: int) -> None:
        self.fake.refusals += [refusal(131026) for _ in range(count)]

    async def duplicate_next(self, count: int) -> None:
        self.fake.copies = count

    async def reorder_next(self, count: int) -> None:
        self.fake.early = []
