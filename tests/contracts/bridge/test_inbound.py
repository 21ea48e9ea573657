"""What every bridge does with what clients write."""

import asyncio

import pytest
from structlog.testing import capture_logs

from helpdesk.domain.bridge import (
    InboundMessage,
    StateReported,
    TypingReported,
)
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaKind
from helpdesk.domain.message import Content, Kind
from tests.support.clock import NOON
from tests.support.phone_peer import (
    SESSION,
    GivenFile,
    PhonePeer,
    Sink,
    able,
    eventually,
    running,
    texts,
    ticks,
)
from tests.support.phones import ANA, BIA, reply


async def test_a_message_arrives_with_its_sender_and_content(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink):
        id = await peer.say(" olá\n👩🏽\u200d🚒 ")
        [report] = await sink.has(InboundMessage)
    assert (report.provider_id, report.sender, report.session_id) == (id, (ANA,), SESSION)
    assert report.content == Content(Kind.TEXT, " olá\n👩🏽\u200d🚒 ")
    assert (report.sent_at, report.quote_provider_id) == (NOON, None)


async def test_messages_of_one_phone_arrive_in_order(peer: PhonePeer, sink: Sink) -> None:
    said = [str(n) for n in range(60)]
    async with running(peer.bridge(), sink):
        await asyncio.gather(*(peer.say(it) for it in said))
        await sink.has(InboundMessage, 60)
    assert texts(sink) == said


async def test_a_phone_does_not_wait_for_another(peer: PhonePeer, sink: Sink) -> None:
    gate = sink.gates[f"{SESSION}/{ANA.key}"] = asyncio.Event()
    async with running(peer.bridge(), sink):
        await peer.say("stuck")
        await peer.say("free", by=BIA)
        await sink.has(InboundMessage)
        assert texts(sink) == ["free"]
        gate.set()
        await sink.has(InboundMessage, 2)


async def test_a_message_may_quote_ours_and_theirs(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        sent = await bridge.send(reply())
        assert sent.provider_id
        first = await peer.say("1", quote=sent.provider_id)
        await peer.say("2", quote=first)
        reports = await sink.has(InboundMessage, 2)
    assert [it.quote_provider_id for it in reports] == [sent.provider_id, first]


async def test_two_ticks_appear_when_the_sink_took_the_message(peer: PhonePeer, sink: Sink) -> None:
    gate = sink.gates[f"{SESSION}/{ANA.key}"] = asyncio.Event()
    async with running(peer.bridge(), sink) as bridge:
        if not bridge.capabilities.holds_receipts:
            pytest.skip("the network tells the client by itself")
        await peer.say("oi")
        await sink.until(lambda: any(isinstance(it, InboundMessage) for it in sink.offered))
        await asyncio.sleep(0.05)
        assert await ticks(peer) == ["sent"]
        gate.set()

        async def two_ticks() -> bool:
            return await ticks(peer) == ["delivered"]

        await eventually(two_ticks)


async def test_what_was_said_while_the_bridge_was_away_arrives(peer: PhonePeer, sink: Sink) -> None:
    for text in "123":
        await peer.say(text)
    async with running(peer.bridge(), sink):
        await sink.has(InboundMessage, 3)
    assert texts(sink) == ["1", "2", "3"]


@pytest.mark.parametrize("failure", [UnavailableError(), ZeroDivisionError()], ids=repr)
async def test_a_message_that_the_sink_did_not_take_comes_again_in_its_place(
    peer: PhonePeer, sink: Sink, failure: Exception
) -> None:
    with capture_logs():
        async with running(peer.bridge(), sink):
            await sink.has(StateReported)
            sink.failures = [failure, failure]
            for text in "123":
                await peer.say(text)
            await sink.has(InboundMessage, 3)
    assert texts(sink) == ["1", "2", "3"]


async def test_what_was_not_acknowledged_comes_again_after_a_restart(
    peer: PhonePeer, sink: Sink
) -> None:
    sink.gates[f"{SESSION}/{ANA.key}"] = asyncio.Event()
    async with running(peer.bridge(), sink):
        id = await peer.say("1")
        await sink.until(lambda: any(isinstance(it, InboundMessage) for it in sink.offered))
    again = Sink()
    async with running(peer.bridge(), again):
        [report] = await again.has(InboundMessage)
    assert (report.provider_id, texts(sink)) == (id, [])


async def test_what_was_acknowledged_does_not_come_again(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink):
        await peer.say("1")
        await sink.has(InboundMessage)

        async def acknowledged() -> bool:
            return await ticks(peer) == ["delivered"]

        await eventually(acknowledged)
    again = Sink()
    async with running(peer.bridge(), again):
        await peer.say("2")
        await again.has(InboundMessage)
    assert texts(again) == ["2"]


async def test_a_message_that_comes_twice_has_one_id(peer: PhonePeer, sink: Sink) -> None:
    await peer.duplicate_next(1)
    async with running(peer.bridge(), sink):
        said = [await peer.say(text) for text in "12"]
        await sink.until(lambda: "2" in texts(sink))
    heard = [(it.provider_id, it.content.text) for it in sink.of(InboundMessage)]
    assert list(dict.fromkeys(heard)) == [*zip(said, "12", strict=True)]


async def test_messages_may_come_out_of_order(peer: PhonePeer, sink: Sink) -> None:
    await peer.reorder_next(2)
    async with running(peer.bridge(), sink):
        for text in "123":
            await peer.say(text)
        await sink.has(InboundMessage, 3)
    assert texts(sink) == ["2", "1", "3"]


async def test_a_client_s_typing_is_told_and_never_insisted_on(peer: PhonePeer, sink: Sink) -> None:
    able(peer.bridge(), hears_typing=True)
    with capture_logs():
        async with running(peer.bridge(), sink):
            await sink.has(StateReported)
            sink.failing, sink.failures = TypingReported, [UnavailableError()]
            await peer.type(True)
            await sink.until(lambda: not sink.failures)
            await peer.type(False)
            await sink.has(TypingReported)
    told = [(it.sender, it.typing) for it in sink.offered if isinstance(it, TypingReported)]
    assert told == [((ANA,), True), ((ANA,), False)]


async def test_files_of_every_kind_come_with_what_is_in_them(peer: PhonePeer, sink: Sink) -> None:
    given = [
        GivenFile(MediaKind.IMAGE, "image/jpeg", b"\xff\xd8 image", "praia.jpg", "veja"),
        GivenFile(MediaKind.STICKER, "image/webp", b"RIFF sticker", ""),
        GivenFile(MediaKind.AUDIO, "audio/mpeg", b"ID3 song", "canção.mp3"),
        GivenFile(MediaKind.VOICE, "audio/ogg", b"OggS voice", ""),
        GivenFile(MediaKind.VIDEO, "video/mp4", b"ftyp film", "filme.mp4", "veja"),
        GivenFile(MediaKind.DOCUMENT, "application/pdf", b"%PDF- letter", "carta.pdf", "leia"),
    ]
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        for it in given:
            await peer.give_file(it)
        reports = await sink.has(InboundMessage, len(given))
        for it, report in zip(given, reports, strict=True):
            assert (report.content.kind.value, report.content.text) == (it.kind.value, it.caption)
            assert report.source
            assert report.source.mime == it.mime
            async with bridge.open_media(report.source.ref) as chunks:
                assert b"".join([chunk async for chunk in chunks]) == it.content


async def test_two_phones_are_told_apart(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink):
        await peer.say("oi")
        await peer.say("oi", by=BIA)
        first, second = await sink.has(InboundMessage, 2)
    assert {first.sender, second.sender} == {(ANA,), (BIA,)}
    assert first.provider_id != second.provider_id
