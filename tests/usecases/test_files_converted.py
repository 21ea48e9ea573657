"""What is made of files before they are sent, and what of them cannot be converted."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from dependency_injector import providers

from helpdesk.domain.attachment import MediaChanged
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaKind
from helpdesk.domain.media import Form, MediaState
from helpdesk.domain.message import Kind, Message, ReplyQueued
from helpdesk.ports.chores import Chore
from tests.support.team import Firm
from tests.usecases.converter import Converter
from tests.usecases.files import JPEG, Way
from tests.usecases.test_files_out import keep, on_venom

WEBM = b"\x1aE\xdf\xa3" + b"\0" * 60
OGG = b"OggS" + b"\0" * 60


async def at_once(_seconds: float) -> None:
    """Sleep through it."""


@pytest.fixture
def converter(firm: Firm, tmp_path: Path) -> Converter:
    it = Converter()
    firm.cases.conversion.override(providers.Object(it))
    filing = firm.cases.filing()
    firm.cases.filing.override(providers.Object(replace(filing, scratch=tmp_path / "scratch")))
    return it


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


async def test_a_photo_is_made_such_that_the_bridge_of_its_number_takes_it(
    firm: Firm, converter: Converter
) -> None:
    large = JPEG + bytes(6 * 1024**2)
    for it, most in (
        (await firm.held(firm.office.ana), 5 * 1024**2),
        (await on_venom(firm), 16 * 1024**2),
    ):
        photo = await keep(firm, large, kind=MediaKind.IMAGE, name="beach.png")
        await firm.settle()
        [sent] = await firm.cases.send_media()(it.id, [photo], by=firm.office.ana)
        assert await firm.cases.convert_media().once()
        assert Form.PHOTO in converter.asked
        assert converter.photo_size == most
        way = Way(firm)
        await way.obey()
        [outbound] = way.bridge.sent
        made = outbound.content.media
        assert made
        assert (made.kind, made.name) == (MediaKind.IMAGE, "beach.jpg")
        assert await way.bytes_of(made) == b"small"
        assert await way.bytes_of(await way.media(sent.message)) == large  # the original is kept


async def test_a_picture_is_sent_as_a_sticker_that_whatsapp_takes(
    firm: Firm, converter: Converter
) -> None:
    it, way = await firm.held(firm.office.ana), Way(firm)
    large = JPEG + bytes(6 * 1024**2)
    sticker = await keep(firm, large, kind=MediaKind.STICKER, name="hi.jpg")
    await firm.settle()
    [sent] = await firm.cases.send_media()(it.id, [sticker], by=firm.office.ana)
    assert sent.message.content.kind is Kind.STICKER
    assert await firm.cases.convert_media().once()
    await way.obey()
    [outbound] = way.bridge.sent
    made = outbound.content.media
    assert made
    assert (made.kind, made.mime, made.name) == (MediaKind.STICKER, "image/webp", "hi.webp")
    assert await way.bytes_of(made) == b"small"


async def test_what_is_sent_as_a_document_is_sent_as_it_is(
    firm: Firm, converter: Converter
) -> None:
    it, way = await firm.held(firm.office.ana), Way(firm)
    large = JPEG + bytes(6 * 1024**2)
    photo = await keep(firm, large, kind=MediaKind.DOCUMENT, name="beach.jpg")
    await firm.settle()
    await firm.cases.send_media()(it.id, [photo], by=firm.office.ana)
    await way.obey()
    [outbound] = way.bridge.sent
    assert outbound.content.media
    assert await way.bytes_of(outbound.content.media) == large


async def test_a_photo_is_made_of_a_client_s_picture_that_browsers_do_not_show(
    firm: Firm, converter: Converter
) -> None:
    heic, way = b"\0\0\0\x18ftypheic" + bytes(60), Way(firm)
    for content, made in ((heic, {Form.PHOTO}), (JPEG, set[Form]())):
        await way.send(content, name="a.heic")
        assert await firm.cases.convert_media().once()
        assert converter.asked & {Form.PHOTO} == made


async def a_film(firm: Firm) -> Message:
    it = await firm.held(firm.office.ana)
    film = await keep(firm, WEBM, name="screen.webm", mime="video/webm")
    await firm.settle()
    [sent] = await firm.cases.send_media()(it.id, [film], by=firm.office.ana)
    return sent.message


async def test_a_film_waits_for_one_that_whatsapp_plays(firm: Firm, converter: Converter) -> None:
    sent, way = await a_film(firm), Way(firm)
    sending = asyncio.create_task(way.obey())
    convert = firm.cases.convert_media()
    assert await convert.once()
    assert (await way.media(sent)).processing
    assert not await convert.once()
    assert way.bridge.sent == []
    assert await convert.once(Chore.FILM)
    await sending
    [outbound] = way.bridge.sent
    film = outbound.content.media
    assert film
    assert (film.kind, film.mime, film.name) == (MediaKind.VIDEO, "video/mp4", "screen.mp4")
    assert await way.bytes_of(film) == b"plays"
    shown = await way.media(sent)
    assert (shown.name, shown.processing) == ("screen.webm", False)
    assert await way.bytes_of(shown) == WEBM  # the original is kept
    assert not await convert.once(Chore.FILM)


async def test_a_film_that_cannot_be_made_playable_is_sent_as_a_document(
    firm: Firm, converter: Converter
) -> None:
    sent, way = await a_film(firm), Way(firm)
    converter.too_long = True
    assert await firm.cases.convert_media().once()
    assert await firm.cases.convert_media().once(Chore.FILM)
    await way.obey()
    [outbound] = way.bridge.sent
    assert outbound.content.media
    assert outbound.content.kind is Kind.DOCUMENT
    assert await way.bytes_of(outbound.content.media) == WEBM
    shown = await way.media(sent)
    assert (shown.kind, shown.reason) == (MediaKind.DOCUMENT, "too long to be converted")


async def test_a_client_s_film_stays_one_whatever_comes_of_it(
    firm: Firm, converter: Converter
) -> None:
    way = Way(firm)
    converter.too_long = True
    came = await way.send(WEBM, kind=Kind.VIDEO, name="a.webm")
    assert await firm.cases.convert_media().once()
    assert await firm.cases.convert_media().once(Chore.FILM)
    shown = await way.media(came)
    assert (shown.kind, shown.processing) == (MediaKind.VIDEO, False)


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
