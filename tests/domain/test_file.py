"""Names that are safe everywhere, and the limits of bridges."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import (
    NAME_LIMIT,
    FileTooLargeError,
    MediaKind,
    MediaLimits,
    Recognised,
    as_sticker,
    safe_name,
)

JPEG = Recognised(kind=MediaKind.IMAGE, mime="image/jpeg")
UNKNOWN = Recognised(kind=MediaKind.DOCUMENT, mime="application/octet-stream")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("foto.jpg", "foto.jpg"),
        ("Orçamento 2026 (final).PDF", "Orçamento 2026 (final).PDF"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("a\r\nSet-Cookie: b.txt", "aSet-Cookie_ b.txt"),
        ("gpj.\u202eexe.jpg", "gpj.exe.jpg"),
        ('"><script>.png', "___script_.png"),
        (".htaccess", "htaccess.jpg"),
        ("...", "image.jpg"),
        ("", "image.jpg"),
        ("\ud800\0", "image.jpg"),
        ("nome. ", "nome.jpg"),
        ("x" * 500 + ".jpeg", "x" * (NAME_LIMIT - 5) + ".jpeg"),
        ("a." + "b" * 500, "a." + "b" * 16),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, JPEG) == safe


def test_what_is_of_no_known_type_gets_no_extension() -> None:
    assert safe_name("LEIAME", UNKNOWN) == "LEIAME"


@given(st.text(max_size=300))
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    safe = safe_name(name, JPEG)
    assert safe
    assert len(safe) <= NAME_LIMIT
    assert not set(safe) & set('<>:"|?*\\/\r\n\0')
    safe.encode()
    assert safe_name(safe, JPEG) == safe


def test_each_kind_has_its_limit() -> None:
    limits = MediaLimits(sticker=0)
    assert [limits.of(it) for it in MediaKind] == [
        5 * 1024**2,
        0,
        16 * 1024**2,
        16 * 1024**2,
        16 * 1024**2,
        100 * 1024**2,
    ]


def test_an_image_may_be_larger_than_the_bridge_takes_where_it_takes_one() -> None:
    shown = [MediaLimits(image=it).uploads.image >> 20 for it in (0, 5 * 1024**2, 64 * 1024**2)]
    assert shown == [0, 32, 64]
    assert [MediaLimits(sticker=it).uploads.sticker >> 20 for it in (0, 1)] == [0, 32]
    assert MediaLimits().uploads.video == MediaLimits().video


def test_a_sticker_is_made_of_a_picture_that_keeps_still() -> None:
    for mime in ("image/webp", "image/png", "image/jpeg"):
        picture = Recognised(kind=MediaKind.IMAGE, mime=mime)
        assert as_sticker(picture) == replace(picture, kind=MediaKind.STICKER)
    for mime in ("image/gif", "image/heic", "application/pdf"):
        with pytest.raises(InvalidError, match="WebP, PNG or JPEG"):
            as_sticker(Recognised(kind=MediaKind.DOCUMENT, mime=mime))


def test_a_file_that_is_too_large_says_how_large_it_may_be() -> None:
    error = FileTooLargeError(7)
    assert (error.code, error.field, error.extras["limit"]) == ("too_large", "file", 7)
