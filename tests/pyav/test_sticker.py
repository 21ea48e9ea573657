"""Stickers that WhatsApp takes, made of pictures that it does not take as stickers."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import Form
from tests.pyav.conftest import Look
from tests.support import files

SQUARE = (512, 512)
WEBP, PNG, JPEG = (
    Recognised(kind=MediaKind.STICKER, mime=f"image/{it}") for it in ("webp", "png", "jpeg")
)


def moving(size: tuple[int, int], *, noise: bool = False) -> bytes:
    pictures = [
        Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))
        if noise
        else Image.new("RGB", size, colour)
        for colour in ("teal", "orange", "white")
    ]
    out = io.BytesIO()
    pictures[0].save(out, "WEBP", save_all=True, append_images=pictures[1:], duration=80)
    return out.getvalue()


def test_a_sticker_that_whatsapp_takes_is_left_alone(look: Look) -> None:
    for content in (files.picture("WEBP", size=SQUARE, mode="RGBA"), moving(SQUARE)):
        answer = look(content, WEBP)
        assert (set(answer.made), answer.reason) == ({Form.THUMBNAIL}, "")


@pytest.mark.parametrize(
    ("content", "recognised"),
    [
        (files.picture("WEBP", size=(500, 250)), WEBP),
        (files.picture("PNG", size=(100, 50)), PNG),
        (files.picture("JPEG", size=(3000, 1500)), JPEG),
        (files.photo(orientation=6, size=(800, 1600)), JPEG),
        (files.picture("JPEG", size=(60, 30), mode="CMYK"), JPEG),
        (files.deep_png(60, 30), PNG),
    ],
)
def test_all_of_a_picture_is_put_into_a_transparent_square(
    look: Look, tmp_path: Path, content: bytes, recognised: Recognised
) -> None:
    answer = look(content, recognised)
    assert set(answer.made) == {Form.THUMBNAIL, Form.STICKER}
    assert (answer.recognised, answer.reason) == (recognised, "")
    made = answer.made[Form.STICKER]
    assert (made.mime, made.width, made.height) == ("image/webp", *SQUARE)
    with Image.open(tmp_path / made.name) as it:
        assert (it.format, it.size, it.mode) == ("WEBP", SQUARE, "RGBA")
        assert [it.getpixel((256, y))[3] for y in (5, 120, 136, 376, 392, 507)] == [  # type: ignore[index]
            *(0, 0, 255),
            *(255, 0, 0),
        ]
        assert not it.getexif()


def test_colours_stay(look: Look, tmp_path: Path) -> None:
    made = look(files.picture("PNG", size=(90, 90)), PNG).made[Form.STICKER]
    with Image.open(tmp_path / made.name) as it:
        colours = it.convert("RGB")
        assert colours.getpixel((40, 256)) == pytest.approx(files.TEAL, abs=12)
        assert colours.getpixel((470, 256)) == pytest.approx(files.ORANGE, abs=12)


def test_what_is_full_of_detail_is_made_to_fit(look: Look, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(out, "PNG")
    made = look(out.getvalue(), PNG).made[Form.STICKER]
    assert (tmp_path / made.name).stat().st_size <= 100 * 1024


@pytest.mark.parametrize("content", [moving((300, 300)), moving(SQUARE, noise=True)])
def test_of_one_that_moves_none_is_made(look: Look, content: bytes) -> None:
    answer = look(content, WEBP)
    assert (set(answer.made), answer.reason) == ({Form.THUMBNAIL}, "more than one picture")


def test_a_picture_becomes_none_unasked(look: Look) -> None:
    picture = Recognised(kind=MediaKind.IMAGE, mime="image/png")
    assert Form.STICKER not in look(files.picture("PNG"), picture).made
    client_s = look(files.picture("WEBP"), WEBP, frozenset({Form.THUMBNAIL}))
    assert set(client_s.made) == {Form.THUMBNAIL}
