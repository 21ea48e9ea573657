"""An attendant sends files: all or none, in order, and a voice note in the bridge's format."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from dependency_injector import providers

from helpdesk.adapters.memory.conversion import MemoryConversion
from helpdesk.domain.attachment import MediaChanged
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError, NotYoursError
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.file import FileTooLargeError, MediaKind, MediaLimits, Recognised
from helpdesk.domain.ids import SessionId
from helpdesk.domain.media import Facts, Form, MediaState
from helpdesk.domain.message import Kind, Message, ReplyQueued
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.usecases.send_media import Kept, Upload
from helpdesk.ports.conversion import Converted, Made
from tests.support.builders import fresh
from tests.support.streams import pieces
from tests.support.team import Firm
from tests.usecases.files import JPEG, Way

OGG = b"OggS" + b"\0" * 60
PDF = b"%PDF-1.7 " + b"x" * 99
LIMITS = MediaLimits()


async def keep(firm: Firm, content: bytes = JPEG, **properties: object) -> Kept:
    upload = Upload(chunks=pieces(content), name="a.bin", mime="application/x")
    wanted = replace(upload, **properties)  # type: ignore[arg-type]
    return await firm.cases.send_media().keep(wanted, LIMITS)


async def at_once(_seconds: float) -> None:
    """Sleep through it."""


async def stored(firm: Firm) -> int:
    return len([it async for it in firm.cases.media().older_than(firm.now.at.replace(year=9000))])


@dataclass
class Converter(MemoryConversion):
    """Makes a voice note of whatever it gets, or fails as told."""

    trouble: Exception | None = None
    asked: frozenset[Form] = frozenset()

    async def convert(
        self, original: Path, recognised: Recognised, *, into: Path, forms: frozenset[Form]
    ) -> Converted:
        self.asked = forms
        if self.trouble:
            raise self.trouble
        path = into / "made"
        path.write_bytes(b"as ogg: " + original.read_bytes())
        made: Mapping[Form, Made] = {Form.VOICE: Made(path=path, mime="audio/ogg")}
        return Converted(recognised=recognised, facts=Facts(duration=2.5), made=made)


@pytest.fixture
def converter(firm: Firm, tmp_path: Path) -> Converter:
    it = Converter()
    firm.cases.conversion.override(providers.Object(it))
    filing = firm.cases.filing()
    firm.cases.filing.override(providers.Object(replace(filing, scratch=tmp_path / "scratch")))
    return it


async def test_files_are_sent_in_order_each_with_its_caption(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    files = [
        await keep(firm, caption="Um", kind=MediaKind.IMAGE),
        await keep(firm, PDF, name="../contrato.pdf"),
    ]
    one, two = await firm.cases.send_media()(it.id, files, by=firm.office.ana)
    assert (one.message.content.kind, one.message.content.text) == (Kind.IMAGE, "Um")
    assert two.message.position == one.message.position + 1
    media = two.message.content.media
    assert media
    assert (media.kind, media.name) == (MediaKind.DOCUMENT, "contrato.pdf")
    queued = await firm.told(ReplyQueued)
    assert [it.message_id for it in queued[-2:]] == [one.message.id, two.message.id]


async def test_a_repeated_key_sends_nothing_again(firm: Firm) -> None:
    it, send = await firm.held(firm.office.ana), firm.cases.send_media()
    files = [await keep(firm), await keep(firm, PDF, caption="Dois")]
    first = await send(it.id, files, by=firm.office.ana, key="k")
    again = await send(it.id, files, by=firm.office.ana, key="k")
    assert [one.message for one in again] == [one.message for one in first]
    for other in (files[:1], files[::-1], [files[0], replace(files[1], caption="Drei")]):
        with pytest.raises(KeyReusedError):
            await send(it.id, other, by=firm.office.ana, key="k")
    with pytest.raises(KeyReusedError):
        await send((await firm.held(firm.office.ana)).id, files, by=firm.office.ana, key="k")
    with pytest.raises(KeyReusedError):
        await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Oi", key="k")


async def test_who_may_not_answer_may_not_upload(firm: Firm) -> None:
    it, send = await firm.held(firm.office.ana), firm.cases.send_media()
    await send.admit(it.id, by=firm.office.ana)
    with pytest.raises(AttendanceNotFoundError):
        await send.admit(it.id, by=firm.office.bia)
    with pytest.raises(NotYoursError):
        await send.admit(it.id, by=firm.office.carla)
    with pytest.raises(AttendanceNotFoundError):
        await send(it.id, [await keep(firm)], by=firm.office.bia)


async def test_what_is_too_large_for_its_kind_is_refused(firm: Firm) -> None:
    large = JPEG + bytes(5 * 1024**2)
    with pytest.raises(FileTooLargeError):
        await keep(firm, large, kind=MediaKind.IMAGE)
    assert await stored(firm) == 0
    assert (await keep(firm, large, kind=MediaKind.DOCUMENT)).stored.blob.size == len(large)


async def test_wrong_captions_and_numbers_are_refused(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    with pytest.raises(InvalidError) as refused:
        await keep(firm, caption="x" * 1025)
    assert refused.value.field == "caption"
    for files in ([], [await keep(firm)] * 31):
        with pytest.raises(InvalidError) as refused:
            await firm.cases.send_media()(it.id, files, by=firm.office.ana)
        assert refused.value.field == "file"


async def test_a_kind_that_the_bridge_does_not_send_is_refused(firm: Firm) -> None:
    film = Upload(chunks=pieces(b"\0\0\0\x18ftypmp42"), name="a.mp4", mime="video/mp4")
    with pytest.raises(InvalidError, match="video"):
        await firm.cases.send_media().keep(film, replace(LIMITS, video=0))


async def on_venom(firm: Firm) -> Attendance:
    """Open an attendance on a number that has another bridge."""
    office = firm.office
    id = SessionId(fresh())
    other = replace(office.session, id=id, account="filial", bridge="whatsapp.venom")
    await office.keep(other)
    return await office.attend(session=other, by=office.ana)


async def test_each_number_sends_what_its_own_bridge_can(firm: Firm) -> None:
    send, ana = firm.cases.send_media(), firm.office.ana
    here, there = await firm.held(ana), await on_venom(firm)
    assert (await send.admit(here.id, by=ana)).document == 100 * 1024**2
    assert (await send.admit(there.id, by=ana)).document == 64 * 1024**2


async def test_a_voice_note_is_made_for_the_bridge_of_its_own_number(
    firm: Firm, converter: Converter
) -> None:
    for it, form in (
        (await firm.held(firm.office.ana), Form.VOICE),
        (await on_venom(firm), Form.MP3),
    ):
        voice = await keep(firm, OGG, kind=MediaKind.VOICE)
        await firm.cases.send_media()(it.id, [voice], by=firm.office.ana)
        assert await firm.cases.convert_media().once()
        assert converter.asked & {Form.VOICE, Form.MP3} == {form}


async def test_what_a_failed_request_stored_is_deleted_unless_somebody_needs_it(
    firm: Firm,
) -> None:
    it, send = await firm.held(firm.office.ana), firm.cases.send_media()
    shared, own = await keep(firm), await keep(firm, PDF)
    await send(it.id, [await keep(firm)], by=firm.office.ana)
    await send.discard([shared, own])
    assert await stored(firm) == 1


async def test_a_voice_note_waits_for_its_format_and_what_follows_waits_too(
    firm: Firm, converter: Converter
) -> None:
    it, way = await firm.held(firm.office.ana), Way(firm)
    voice = await keep(firm, OGG, kind=MediaKind.VOICE)
    await firm.settle()
    [sent] = await firm.cases.send_media()(it.id, [voice], by=firm.office.ana)
    sending = asyncio.create_task(way.obey())
    await asyncio.sleep(0.05)
    assert way.bridge.sent == []
    assert await firm.cases.convert_media().once()
    await sending
    [outbound] = way.bridge.sent
    assert outbound.content.media
    assert await way.bytes_of(outbound.content.media) == b"as ogg: " + OGG
    assert Form.VOICE in converter.asked
    shown = await way.media(sent.message)
    assert await way.bytes_of(shown) == OGG  # the original is kept
    assert (shown.facts.duration, shown.processing) == (2.5, False)
    assert len(await firm.told(MediaChanged)) == 1


async def test_a_voice_note_that_is_never_converted_is_not_lost(firm: Firm) -> None:
    it, way = await firm.held(firm.office.ana), Way(firm)
    voice = await keep(firm, OGG, kind=MediaKind.VOICE)
    await firm.settle()
    await firm.cases.send_media()(it.id, [voice], by=firm.office.ana)
    deliver = firm.cases.deliver_reply(bridge=way.bridge, lease=await firm.lease(), sleep=at_once)
    [command] = await firm.told(ReplyQueued)
    with pytest.raises(UnavailableError):
        await deliver(command)
    assert way.bridge.sent == []


async def test_a_file_that_was_removed_meanwhile_fails_for_good(firm: Firm) -> None:
    it, way = await firm.held(firm.office.ana), Way(firm)
    await firm.settle()
    [sent] = await firm.cases.send_media()(it.id, [await keep(firm)], by=firm.office.ana)
    content = sent.message.content
    assert content.media
    gone = replace(content, media=content.media.remove())
    await firm.office.keep(replace(sent.message, content=gone))
    await way.obey()
    failure = (await firm.board.message(sent.message.id)).message.failure
    assert failure
    assert failure.code == "media_rejected"


async def a_photo(firm: Firm) -> Message:
    it = await firm.held(firm.office.ana)
    [sent] = await firm.cases.send_media()(it.id, [await keep(firm)], by=firm.office.ana)
    return sent.message


async def test_a_converter_that_fails_is_asked_again(firm: Firm, converter: Converter) -> None:
    sent, convert = await a_photo(firm), firm.cases.convert_media()
    converter.trouble = UnavailableError("no process")
    assert await convert.once()
    assert not await convert.once()  # not at once
    firm.later(minutes=1)
    converter.trouble = None
    assert await convert.once()
    media = await Way(firm).media(sent)
    assert (media.processing, media.facts.duration) == (False, 2.5)
    assert Form.VOICE not in converter.asked


async def test_a_file_that_ends_processes_is_a_plain_document(
    firm: Firm, converter: Converter
) -> None:
    sent, convert = await a_photo(firm), firm.cases.convert_media()
    converter.trouble = RuntimeError("killed")
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await convert.once()
        firm.later(minutes=6)
    assert await convert.once()
    media = await Way(firm).media(sent)
    assert (media.kind, media.state, media.processing) == (
        MediaKind.DOCUMENT,
        MediaState.READY,
        False,
    )
    assert not await convert.once()


async def test_a_file_whose_bytes_are_lost_is_not_tried_for_ever(
    firm: Firm, converter: Converter
) -> None:
    kept = await keep(firm)
    it = await firm.held(firm.office.ana)
    [sent] = await firm.cases.send_media()(it.id, [kept], by=firm.office.ana)
    assert await firm.cases.media().delete(kept.stored)
    assert await firm.cases.convert_media().once()
    assert "not in the media store" in (await Way(firm).media(sent.message)).reason


async def test_a_file_that_was_removed_is_not_converted(firm: Firm, converter: Converter) -> None:
    sent = await a_photo(firm)
    content = sent.content
    assert content.media
    gone = replace(content, media=content.media.remove())
    await firm.office.keep(replace(sent, content=gone))
    assert await firm.cases.convert_media().once()
    assert converter.asked == frozenset()
