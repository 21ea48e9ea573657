"""Files, places and cards both ways, beyond what every bridge does with them."""

from collections.abc import AsyncIterator

import pytest

from helpdesk.domain.bridge import Outbound, Outcome
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.file import Blob, MediaGoneError, MediaKind, Recognised, StoredFile
from helpdesk.domain.ids import MediaId
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, Kind
from tests.support.phones import ANA, reply
from tests.support.whatsapp_web.peer import chat_of
from tests.venom.conftest import Line

ANA_CHAT = chat_of(ANA)
BYTES = bytes(range(256)) * 1200  # more than one piece
CARD = """BEGIN:VCARD
VERSION:3.0
N:;Bia;;;
FN:Bia \\, a vizinha
item1.TEL;type=CELL;waid=5521912345678:+55 21 91234-5678
EMAIL;type=INTERNET:bia@example.com
ORG:Padaria;
END:VCARD"""


async def test_a_client_s_file_passes_through_the_spool_and_leaves_nothing(line: Line) -> None:
    await file_of(line, "ptt", "audio/ogg; codecs=opus")
    [report] = await line.heard()
    assert report.source
    assert (report.source.mime, report.source.size) == ("audio/ogg", len(BYTES))
    async with line.bridge.open_media(report.source.ref) as pieces:
        assert b"".join([it async for it in pieces]) == BYTES
    assert list((line.stage.folder / "spool").iterdir()) == []


async def test_a_file_that_whatsapp_has_no_more_is_gone(line: Line) -> None:
    await file_of(line, "image", "image/jpeg")
    [report] = await line.heard()
    line.web.network.files.clear()
    assert report.source
    with pytest.raises(MediaGoneError):
        async with line.bridge.open_media(report.source.ref):
            pass


@pytest.mark.parametrize(
    ("kind", "mime", "arrives"),
    [
        (MediaKind.IMAGE, "image/png", "image"),
        (MediaKind.VIDEO, "video/mp4", "video"),
        (MediaKind.AUDIO, "audio/mpeg", "audio"),
        (MediaKind.VOICE, "audio/mpeg", "ptt"),
        (MediaKind.DOCUMENT, "application/pdf", "document"),
    ],
)
async def test_a_file_of_ours_arrives(line: Line, kind: MediaKind, mime: str, arrives: str) -> None:
    result = await line.bridge.send(await attached(line, kind, mime))
    assert result.outcome is Outcome.ACCEPTED
    [arrived] = line.web.network.talk(ANA_CHAT).messages
    assert (arrived["type"], line.web.network.files[arrived["file"]]) == (arrives, BYTES)
    assert arrived["body"] == ("" if kind is MediaKind.VOICE else "veja")
    assert list((line.stage.folder / "spool").iterdir()) == []


async def test_a_place_or_a_card_of_ours_is_refused_and_not_an_empty_text(line: Line) -> None:
    for content in (
        Content(Kind.LOCATION, "", location=Location(latitude=-23.5, longitude=-46.6)),
        Content(Kind.CONTACT, "", contacts=(ContactCard(name="Bia"),)),
    ):
        result = await line.bridge.send(reply(content=content))
        assert result.outcome is Outcome.REJECTED
    assert line.web.network.talk(ANA_CHAT).messages == []


async def test_a_place_and_cards_are_told(line: Line) -> None:
    place = {"type": "location", "body": "", "lat": -23.56, "lng": -46.65, "loc": "MASP\nPaulista"}
    await line.says(ANA_CHAT, **place)
    await line.says(ANA_CHAT, type="vcard", body=CARD)
    where, who = [it.content for it in await line.heard(2)]
    assert where.location == Location(
        latitude=-23.56, longitude=-46.65, name="MASP", address="Paulista"
    )
    assert who.contacts == (
        ContactCard(
            name="Bia , a vizinha",
            phones=("+55 21 91234-5678",),
            emails=("bia@example.com",),
            organization="Padaria",
        ),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "poll_creation"},
        {"type": "location", "lat": 900, "lng": "x"},
        {"type": "vcard", "body": "BEGIN:VCARD"},
        {"type": "image"},  # no file
        {"type": "constructor"},
    ],
    ids=lambda it: str(it["type"]),
)
async def test_what_cannot_be_shown_is_a_placeholder(line: Line, fields: dict[str, object]) -> None:
    await line.says(ANA_CHAT, **fields)
    [report] = await line.heard()
    assert report.content == Content(Kind.UNSUPPORTED, str(fields["type"]))


async def file_of(line: Line, type: str, mime: str) -> str:
    line.web.network.files["f"] = BYTES
    file = {"type": type, "body": "thumbnail", "mimetype": mime, "size": len(BYTES), "file": "f"}
    return await line.says(ANA_CHAT, **file, caption="", filename="férias.bin")


async def attached(line: Line, kind: MediaKind, mime: str) -> Outbound:
    async def pieces() -> AsyncIterator[bytes]:
        yield BYTES

    stored = await line.stage.media.put(pieces(), limit=len(BYTES))
    blob: Blob = stored.blob
    file = StoredFile(blob=blob, recognised=Recognised(kind=kind, mime=mime), name="férias")
    message = reply()
    content = Content(Kind(kind.value), "veja", Media.of_file(MediaId(message.message_id), file))
    return Outbound(message_id=message.message_id, address=ANA, content=content)
