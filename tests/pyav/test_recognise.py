"""What a file is, by its first bytes."""

from collections.abc import Callable

import pytest

from helpdesk.adapters.pyav.recognise import NO_TYPE, recognise
from helpdesk.domain.file import MediaKind
from helpdesk.ports.conversion import HEAD
from tests.support import files
from tests.support.heic import heic

DOCUMENT = MediaKind.DOCUMENT
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize("mime", files.INLINE)
def test_what_is_shown_is_recognised(mime: str) -> None:
    claimed = MediaKind(mime.partition("/")[0])
    found = recognise(files.INLINE[mime]()[:HEAD], claimed=claimed, name="a.tiff")
    assert (found.kind, found.mime) == (claimed, mime)


@pytest.mark.parametrize("mime", files.INLINE)
def test_a_document_stays_one_whatever_it_is(mime: str) -> None:
    found = recognise(files.INLINE[mime]()[:HEAD], claimed=DOCUMENT)
    assert found.kind is DOCUMENT


def active() -> dict[str, bytes]:
    return {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "svg after a declaration": b'<?xml version="1.0"?>\n<!-- x --><svg/>',
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "html after blanks": b"\xef\xbb\xbf \r\n\t<ScRipt>alert(1)</script>",
        "xml": b"<?xml version='1.0'?><x/>",
        "script": b"#!/bin/sh\nrm -rf /\n",
        "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
        "windows": b"MZ\x90\x00" + bytes(200),
        "mach-o": bytes.fromhex("cffaedfe07000001") + bytes(200),
        "class": bytes.fromhex("cafebabe00000034") + bytes(200),
        "flash": b"CWS\x08" + bytes(200),
        "shortcut": bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(200),
        "installer": OLE,
        "icon": bytes.fromhex("00000100010010100000") + bytes(200),
        "noise": bytes(range(256)),
        "nothing": b"",
    }


@pytest.mark.parametrize("what", active())
@pytest.mark.parametrize("claimed", MediaKind)
def test_what_might_run_is_a_document_without_a_type(what: str, claimed: MediaKind) -> None:
    found = recognise(active()[what], claimed=claimed, name="holiday.jpg")
    assert (found.kind, found.mime) == (DOCUMENT, NO_TYPE)


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (files.PDF, "", "application/pdf"),
        (files.office("word"), "", WORD),
        (
            files.office("xl"),
            "letter.docx",
            WORD.replace("wordprocessingml.document", "spreadsheetml.sheet"),
        ),
        (files.zipped({"a.txt": b"a"}), "letter.docx", "application/zip"),
        (files.zipped({"META-INF/MANIFEST.MF": b"a"}), "game.jar", NO_TYPE),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetype" + OPEN_DOCUMENT.encode() + b"PK",
            "",
            OPEN_DOCUMENT,
        ),
        (OLE, "letter.DOC", "application/msword"),
        (b"{\\rtf1 hello}", "", "application/rtf"),
        ("Olá, você".encode(), "", "text/plain"),
        ("Olá, você".encode()[:-1], "", "text/plain"),  # cut within a character
        (b"name;phone\r\nAna;1", "people.csv", "text/csv"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "ana.vcf", "text/vcard"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "song.mp3", "text/plain"),
        (files.picture("TIFF"), "a.dng", NO_TYPE),  # a small picture before the raw one
        (files.film("matroska", "libx264"), "a.mp4", "video/x-matroska"),
    ],
)
def test_documents_are_named_where_they_are_harmless(content: bytes, name: str, mime: str) -> None:
    found = recognise(content[:HEAD], claimed=MediaKind.IMAGE, name=name)
    assert (found.kind, found.mime) == (DOCUMENT, mime)


@pytest.mark.parametrize(
    ("make", "mime"),
    [
        (heic, "image/heic"),
        (lambda: heic(brand=b"mif1"), "image/heic"),
        (lambda: files.picture("AVIF"), "image/avif"),
        (lambda: files.picture("AVIF").replace(b"ftypavif", b"ftypmif1"), "image/avif"),
        (lambda: files.picture("TIFF"), "image/tiff"),
        (lambda: files.picture("BMP"), "image/bmp"),
    ],
)
def test_pictures_that_whatsapp_does_not_take_are_known_as_such(
    make: Callable[[], bytes], mime: str
) -> None:
    content = make()
    found = recognise(content[:HEAD], claimed=MediaKind.IMAGE, name="a.tif")
    assert (found.kind, found.mime) == (MediaKind.IMAGE, mime)
    assert recognise(content[:HEAD], claimed=MediaKind.VIDEO, name="a.tif").kind is DOCUMENT


def test_a_container_without_pictures_is_sound_and_no_film() -> None:
    head = files.sound("webm", "libopus")[:HEAD]
    assert recognise(head, claimed=MediaKind.AUDIO).mime == "audio/webm"
    found = recognise(head, claimed=MediaKind.VIDEO)
    assert (found.kind, found.mime) == (DOCUMENT, "audio/webm")


def test_a_recording_whose_table_comes_last_is_what_was_asked_for() -> None:
    head = files.sound("mp4", "aac")[:1000]
    found = recognise(head, claimed=MediaKind.VOICE)
    assert (found.kind, found.mime) == (MediaKind.VOICE, "audio/mp4")


def test_a_film_is_no_voice() -> None:
    head = files.film("webm", "libvpx")
    assert recognise(head, claimed=MediaKind.VOICE).kind is DOCUMENT


def test_an_ogg_film_is_a_document() -> None:
    page = b"OggS\x00\x02" + bytes(20) + b"\x01\x2a" + b"\x80theora" + bytes(100)
    found = recognise(page, claimed=MediaKind.AUDIO)
    assert (found.kind, found.mime) == (DOCUMENT, NO_TYPE)


@pytest.mark.parametrize("length", range(1, 60, 7))
@pytest.mark.parametrize("mime", files.INLINE)
def test_a_beginning_of_any_length_is_judged(mime: str, length: int) -> None:
    recognise(files.INLINE[mime]()[:length], claimed=MediaKind.AUDIO)


def test_only_a_webp_is_a_sticker_and_only_sound_a_voice() -> None:
    sticker, voice = MediaKind.STICKER, MediaKind.VOICE
    assert recognise(files.picture("WEBP"), claimed=sticker).kind is sticker
    assert recognise(files.picture("PNG"), claimed=sticker).kind is DOCUMENT
    assert recognise(files.sound("ogg", "libopus")[:HEAD], claimed=voice).kind is voice
    assert recognise(files.picture("PNG"), claimed=voice).kind is DOCUMENT
