"""What every adapter says of a file, whether it can convert it or not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import Form
from helpdesk.opening import opening
from helpdesk.ports.conversion import HEAD, Conversion
from helpdesk.settings import Adapters, Settings
from tests.support import files


@pytest.fixture(params=["memory", "pyav"])
async def conversion(request: pytest.FixtureRequest) -> AsyncIterator[Conversion]:
    async with opening(Settings(adapters=Adapters(conversion=request.param))) as opened:
        yield await opened.port("conversion")


def kind(conversion: Conversion, content: bytes, claimed: MediaKind) -> str:
    found = conversion.recognise(content[:HEAD], claimed=claimed, name="a.jpg", mime="image/jpeg")
    return f"{found.kind} {found.mime}"


@pytest.mark.parametrize(
    ("mime", "claimed", "found"),
    [
        ("image/jpeg", MediaKind.IMAGE, "image image/jpeg"),
        ("image/png", MediaKind.AUDIO, "document image/png"),
        ("image/webp", MediaKind.STICKER, "sticker image/webp"),
        ("image/png", MediaKind.STICKER, "document image/png"),
        ("audio/ogg", MediaKind.VOICE, "voice audio/ogg"),
        ("audio/ogg", MediaKind.IMAGE, "document audio/ogg"),
        ("audio/webm", MediaKind.VOICE, "voice audio/webm"),
        ("audio/mpeg", MediaKind.AUDIO, "audio audio/mpeg"),
        ("video/mp4", MediaKind.VIDEO, "video video/mp4"),
        ("video/mp4", MediaKind.DOCUMENT, "document video/mp4"),
    ],
)
def test_what_is_not_what_it_claims_to_be_is_a_document(
    conversion: Conversion, mime: str, claimed: MediaKind, found: str
) -> None:
    assert kind(conversion, files.INLINE[mime](), claimed) == found


@pytest.mark.parametrize("claimed", MediaKind)
@pytest.mark.parametrize(
    "content", [b"<svg/>", b"<!DOCTYPE html>", b"MZ\x90\x00", b"#!/bin/sh", b"", b"\x7fELF\x02"]
)
def test_what_might_run_is_a_document_whatever_it_claims(
    conversion: Conversion, content: bytes, claimed: MediaKind
) -> None:
    assert kind(conversion, content, claimed) == "document application/octet-stream"


async def test_a_document_is_left_alone(conversion: Conversion, tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(files.PDF)
    letter = Recognised(kind=MediaKind.DOCUMENT, mime="application/pdf")
    converted = await conversion.convert(original, letter, into=tmp_path, forms=frozenset(Form))
    assert (converted.recognised, converted.made, converted.reason) == (letter, {}, "")
    assert list(tmp_path.iterdir()) == [original]
