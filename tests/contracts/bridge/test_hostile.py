"""What strangers send on purpose: it arrives harmless or is refused by name, and ends nothing."""

from collections.abc import Awaitable
from typing import Final

from helpdesk.domain.bridge import InboundMessage, StateReported
from helpdesk.domain.cards import ContactCard, valid_contacts
from helpdesk.domain.client import NAME_LIMIT, Client
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import MediaKind, Recognised, safe_name
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import ClientId
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.phone_peer import GivenFile, PhonePeer, Sink, running, texts
from tests.support.phones import ANA

HOSTILE: Final = {
    "nul": "a\0b",
    "lone surrogate": "\ud83d alone",
    "turned": "\u202egpj.exe\u2066",
    "emoji": "👩🏽\u200d🚒" * 1000,
    "html": "<img src=x onerror=alert(1)> &amp; ${x} '; DROP TABLE message; --",
    "long": "x" * 65_536,
}
PDF: Final = Recognised(kind=MediaKind.DOCUMENT, mime="application/pdf")
AFTER: Final = "and what comes after it"


def harmless(text: str) -> str:
    """As a database takes it."""
    return text.replace("\0", "").replace("\ud83d", "\ufffd")


async def went(work: Awaitable[object], field: str) -> bool:
    """Whether the phone took it; else it must have named the field."""
    refused = ""
    try:
        await work
    except InvalidError as error:
        refused = error.field or "no field"
    assert refused in ("", field)
    return not refused


async def test_hostile_texts_arrive_as_they_are(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink):
        took = [it for it in HOSTILE.values() if await went(peer.say(it), "text")]
        await peer.say(AFTER)
        await sink.until(lambda: AFTER in texts(sink))
    assert len(took) >= len(HOSTILE) / 2
    assert texts(sink) == [*map(harmless, took), AFTER]


async def test_whatever_clients_are_called_is_a_line_that_shows_what_it_says(
    peer: PhonePeer, sink: Sink
) -> None:
    called = {}
    async with running(peer.bridge(), sink):
        for n, name in enumerate(HOSTILE.values()):
            number = Identity.phone(f"+55119000000{n:02}")
            if await went(peer.introduce(name, by=number), "name"):
                called[number] = name
                await peer.say(AFTER, by=number)
        reports = await sink.has(InboundMessage, len(called))
    assert len(called) >= 2
    for it in reports:
        name = shown(it)
        assert 1 <= len(name) <= NAME_LIMIT
        assert "\0" not in name
        assert not {"\u202e", "\u2066"} & set(name)
        name.encode()
    names = {it.sender[0]: shown(it) for it in reports}
    assert HOSTILE["html"] in names.values()


def shown(it: InboundMessage) -> str:
    """What the helpdesk calls the sender."""
    draft = Client.meet(ClientId(fresh()), name=it.sender_name, identities=it.sender, at=NOON)
    return draft.state.name


async def test_whatever_files_are_called_they_come_and_are_saved_by_a_safe_name(
    peer: PhonePeer, sink: Sink
) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        for name in HOSTILE.values():
            given = GivenFile(MediaKind.DOCUMENT, "application/pdf", b"%PDF-1.7", f"{name}/../.pdf")
            await peer.give_file(given)
        reports = await sink.has(InboundMessage, len(HOSTILE))
        for it in reports:
            assert it.source
            saved = safe_name(it.source.name, PDF)
            saved.encode()
            assert not set(saved) & set("/\0\u202e\u2066<>")
            async with bridge.open_media(it.source.ref) as chunks:
                assert b"".join([it async for it in chunks]) == b"%PDF-1.7"


async def test_a_card_of_ten_megabytes_is_cut(peer: PhonePeer, sink: Sink) -> None:
    card = ContactCard(name="Bia\u202e", phones=("1" * 1000,) * 90, organization="x" * 10_000_000)
    async with running(peer.bridge(), sink):
        await peer.give_card(card)
        await peer.say(AFTER)
        came, after = await sink.has(InboundMessage, 2)
    [it] = valid_contacts(came.content.contacts)
    assert (it.name, len(it.phones) <= 20, len(it.organization) <= 300) == ("Bia", True, True)
    assert after.content.text == AFTER
    assert came.sender == (ANA,)
