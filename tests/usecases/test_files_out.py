"""An attendant sends files: all or none, in order, within the limits of the bridge."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError, NotYoursError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import FileTooLargeError, MediaKind, MediaLimits
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Kind, ReplyQueued
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.usecases.send_media import Kept, Upload
from tests.support.builders import fresh
from tests.support.streams import pieces
from tests.support.team import Firm
from tests.usecases.files import JPEG, Way

PDF = b"%PDF-1.7 " + b"x" * 99
LIMITS = MediaLimits().uploads


async def keep(firm: Firm, content: bytes = JPEG, **properties: object) -> Kept:
    upload = Upload(chunks=pieces(content), name="a.bin", mime="application/x")
    wanted = replace(upload, **properties)  # type: ignore[arg-type]
    return await firm.cases.send_media().keep(wanted, LIMITS)


async def stored(firm: Firm) -> int:
    return len([it async for it in firm.cases.media().older_than(firm.now.at.replace(year=9000))])


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
    large = JPEG + bytes(32 * 1024**2)
    with pytest.raises(FileTooLargeError):
        await keep(firm, large, kind=MediaKind.IMAGE)
    assert await stored(firm) == 0
    assert (await keep(firm, large, kind=MediaKind.DOCUMENT)).stored.blob.size == len(large)


async def test_wrong_captions_and_numbers_are_refused(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    with pytest.raises(InvalidError) as refused:
        await keep(firm, caption="x" * 1025)
    assert refused.value.field == "caption"
    with pytest.raises(InvalidError) as refused:
        await keep(firm, caption="x", kind=MediaKind.STICKER)
    assert refused.value.field == "caption"
    for files in ([], [await keep(firm)] * 31):
        with pytest.raises(InvalidError) as refused:
            await firm.cases.send_media()(it.id, files, by=firm.office.ana)
        assert refused.value.field == "file"


async def test_a_kind_that_the_bridge_does_not_send_is_refused(firm: Firm) -> None:
    film = Upload(chunks=pieces(b"\0\0\0\x18ftypmp42"), name="a.mp4", mime="video/mp4")
    with pytest.raises(InvalidError, match="video"):
        await firm.cases.send_media().keep(film, replace(LIMITS, video=0))
    with pytest.raises(InvalidError, match="WebP, PNG or JPEG") as refused:
        await keep(firm, PDF, kind=MediaKind.STICKER)
    assert refused.value.field == "file"
    assert await stored(firm) == 0


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


async def test_what_a_failed_request_stored_is_deleted_unless_somebody_needs_it(
    firm: Firm,
) -> None:
    it, send = await firm.held(firm.office.ana), firm.cases.send_media()
    shared, own = await keep(firm), await keep(firm, PDF)
    await send(it.id, [await keep(firm)], by=firm.office.ana)
    await send.discard([shared, own])
    assert await stored(firm) == 1


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
