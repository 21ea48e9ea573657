"""`tests.support.phone_peer.PhonePeer` on the stand-in for WhatsApp Web."""

from itertools import count
from typing import Any

from helpdesk.domain.cards import ContactCard
from helpdesk.domain.file import MediaKind
from helpdesk.domain.identity import Identity
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.system import Clock
from tests.support.phone_peer import SESSION, GivenFile, Seen
from tests.support.phones import ANA
from tests.support.whatsapp_web.network import TICKS
from tests.support.whatsapp_web.stage import Stage


def chat_of(who: Identity) -> str:
    return f"{who.value.removeprefix('+')}@c.us"


class VenomPeer:
    def __init__(self, stage: Stage, now: Clock) -> None:
        self._stage = stage
        self._web = stage.web
        self._now = now
        self._moments = count(int(now().timestamp() * 1000))

    def bridge(self) -> Bridge:
        return self._stage.bridge(SESSION, self._now)

    async def say(self, text: str, *, by: Identity = ANA, quote: str | None = None) -> str:
        fields: dict[str, Any] = {"type": "chat", "body": text}
        if quote:
            mine, _, id = quote.split("_")
            fields |= {"quote": id, "quote_ours": mine == "true"}
        return await self._told(by, **fields)

    async def _told(self, by: Identity, **fields: Any) -> str:
        id = await self._web.call(self._web.say(chat_of(by), fields))
        return f"false_{chat_of(by)}_{id}"

    async def introduce(self, name: str, *, by: Identity = ANA) -> None:
        self._web.network.talk(chat_of(by)).name = name

    async def give_file(self, it: GivenFile, *, by: Identity = ANA) -> str:
        kind = "ptt" if it.kind is MediaKind.VOICE else it.kind.value
        key = f"given-{len(self._web.network.files)}"
        self._web.network.files[key] = it.content
        about = {"mimetype": it.mime, "size": len(it.content), "filename": it.name}
        return await self._told(
            by, type=kind, body="thumbnail", caption=it.caption, file=key, **about
        )

    async def give_card(self, card: ContactCard, *, by: Identity = ANA) -> str:
        phones = "\n".join(f"TEL:{it}" for it in card.phones)
        vcard = (
            f"BEGIN:VCARD\nVERSION:3.0\nFN:{card.name}\n{phones}\n"
            f"ORG:{card.organization}\nEND:VCARD"
        )
        return await self._told(by, type="vcard", body=vcard)

    async def type(self, typing: bool, *, by: Identity = ANA) -> None:
        chat = {"id": chat_of(by), "name": "", "phone": None}
        await self._web.call(self._web.tell(do="typing", chat=chat, typing=typing))

    async def read(self, *, by: Identity = ANA) -> None:
        await self._web.call(self._web.read(chat_of(by)))

    async def screen(self, *, of: Identity = ANA) -> list[Seen]:
        talk = self._web.network.talk(chat_of(of))
        return [
            Seen(
                it["body"],
                TICKS[it["ack"]],
                self._quoted(it),
                it.get("our_reaction", ""),
                revoked=it["type"] == "revoked",
            )
            for it in talk.messages
        ]

    async def react(self, id: str, emoji: str, *, by: Identity = ANA) -> None:
        chat = chat_of(by)
        it = {"id": id.split("_")[2], "chat": chat, "emoji": emoji, "at": next(self._moments)}
        await self._web.call(self._web.tell(do="reactions", batch=[it]))

    async def edit(self, id: str, text: str, *, by: Identity = ANA) -> None:
        await self._web.call(self._web.tell(do="edit", id=id.split("_")[2], text=text))

    async def revoke(self, id: str, *, by: Identity = ANA) -> None:
        await self._web.call(self._web.tell(do="revoke", id=id.split("_")[2]))

    def _quoted(self, message: dict[str, Any]) -> str | None:
        if not message.get("quote"):
            return None
        talk, quoted = self._web.network.find(message["quote"])
        return f"{str(quoted['from_me']).lower()}_{talk.id}_{quoted['id']}"

    async def sees_typing(self, *, on: Identity = ANA) -> bool:
        return self._web.network.talk(chat_of(on)).sees_typing

    async def expire_code(self) -> None:
        await self._web.call(self._web.show_code())

    async def unlink(self) -> None:
        await self._web.call(self._web.unlink())

    async def ban(self) -> None:
        await self._web.call(self._web.set_state("TOS_BLOCK"))

    async def pardon(self) -> None:
        await self._web.call(self._web.set_state("CONNECTED"))

    async def scan(self) -> None:
        await self._web.call(self._web.scan())

    async def drop_network(self) -> None:
        await self._web.call(self._web.drop())

    async def restore_network(self) -> None:
        await self._web.call(self._web.restore())

    async def set_latency(self, milliseconds: int) -> None:
        self._web.network.latency = milliseconds / 1000

    async def set_missing(self, phone: Identity) -> None:
        self._web.network.missing.add(chat_of(phone))

    async def fail_next(self, count: int) -> None:
        self._web.network.failures += ["ERROR_UNKNOWN"] * count

    async def duplicate_next(self, count: int) -> None:
        self._web.network.copies += [2] * count

    async def reorder_next(self, count: int) -> None:
        self._web.network.early = count - 1
