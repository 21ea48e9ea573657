"""Photos that WhatsApp takes, made of pictures that it does not."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import PHOTO_SIZE, Form
from tests.pyav.conftest import Look
from tests.support import files
from tests.support.heic import heic

IMAGE = MediaKind.IMAGE
JPEG = Recognised(kind=IMAGE, mime="image/jpeg")
WEBP = Recognised(kind=IMAGE, mime="image/webp")


UNTAKEN: Final[Mapping[str, Callable[[], bytes]]] = {
    "image/webp": lambda: files.picture("WEBP", mode="RGBA"),
    "image/gif": lambda: files.picture("GIF"),
    "image/avif": lambda: files.picture("AVIF"),
    "image/tiff": lambda: files.picture("TIFF"),
    "image/bmp": lambda: files.picture("BMP"),
    "image/heic": lambda: heic(size=(60, 40)),
    "image/jpeg": lambda: files.picture("JPEG", mode="CMYK"),
    "image/png": lambda: files.deep_png(60, 40),
}


@pytest.mark.parametrize("mime", UNTAKEN)
def test_of_a_picture_that_whatsapp_does_not_take_a_photo_is_made(
    look: Look, tmp_path: Path, mime: str
) -> None:
    answer = look(UNTAKEN[mime](), Recognised(kind=IMAGE, mime=mime))
    assert (answer.facts.width, answer.facts.height) == (60, 40)
    assert set(answer.made) == {Form.THUMBNAIL, Form.PHOTO}
    made = answer.made[Form.PHOTO]
    assert (made.mime, made.width, made.height) == ("image/jpeg", 60, 40)
    with Image.open(tmp_path / made.name) as it:
        assert (it.format, it.size, it.mode) == ("JPEG", (60, 40), "RGB")
        assert it.getpixel((5, 5)) == pytest.approx(files.TEAL, abs=9)
        assert it.getpixel((55, 35)) == pytest.approx(files.ORANGE, abs=9)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_picture_that_whatsapp_takes_is_left_alone(look: Look, mode: str) -> None:
    content = files.picture("PNG", mode=mode) if mode != "L" else files.picture("JPEG", mode=mode)
    mime = "image/jpeg" if mode == "L" else "image/png"
    assert set(look(content, Recognised(kind=IMAGE, mime=mime)).made) == {Form.THUMBNAIL}


@pytest.mark.parametrize(("turn", "mirror"), [(0, 0), (0, 1), (1, None), (2, None), (3, 0), (3, 1)])
def test_an_iphone_s_photo_is_shown_as_it_was_held(
    look: Look, tmp_path: Path, turn: int, mirror: int | None
) -> None:
    """As libheif shows it, too."""
    content = heic(turn=turn, mirror=mirror)
    answer = look(content, Recognised(kind=IMAGE, mime="image/heic"))
    size = (100, 120) if turn % 2 else (120, 100)
    assert (answer.facts.width, answer.facts.height) == size
    teal_at = {0: "left", 1: "bottom", 2: "right", 3: "top"}[turn]
    if (mirror == 0 and turn % 2) or (mirror == 1 and not turn % 2):
        opposite = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
        teal_at = opposite[teal_at]
    with Image.open(tmp_path / answer.made[Form.PHOTO].name) as it:
        assert it.size == size
        middle = {"left": (9, 50), "right": (size[0] - 9, 50), "top": (50, 9)}
        point = middle.get(teal_at, (50, size[1] - 9))
        assert it.getpixel(point) == pytest.approx(files.TEAL, abs=9)


def test_a_photo_tells_neither_place_nor_camera(look: Look, tmp_path: Path) -> None:
    for content, mime in ((files.photo(orientation=6), "image/jpeg"), (heic(), "image/heic")):
        assert b"Camera" in content
        recognised = Recognised(kind=IMAGE, mime=mime)
        made = look(content, recognised, photo_size=len(content) - 1).made[Form.PHOTO]
        written = (tmp_path / made.name).read_bytes()
        assert b"Camera" not in written
        with Image.open(io.BytesIO(written)) as it:
            assert dict(it.getexif()) == {}
            assert set(it.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_is_too_large_becomes_as_small_as_the_bridge_takes(look: Look, tmp_path: Path) -> None:
    large = files.noise(3000, 300)
    limit = len(large) - 1
    for width in (3000, 3000, 3000, 2048):
        made = look(large, JPEG, photo_size=limit).made[Form.PHOTO]
        size = (tmp_path / made.name).stat().st_size
        assert (size <= limit, made.width) == (True, width)
        limit = size - 1
    assert limit < len(large) / 3
    assert look(large, JPEG, photo_size=len(large)).made.keys() == {Form.THUMBNAIL}
    answer = look(large, JPEG, photo_size=limit)
    assert (answer.recognised.kind, answer.made) == (MediaKind.DOCUMENT, {})
    assert answer.reason == "too large to be sent as a photo"


def test_a_photo_of_a_large_one_is_upright_and_not_larger_than_needed(look: Look) -> None:
    lying = files.photo(orientation=6, size=(4500, 300))
    answer = look(lying, JPEG, photo_size=len(lying) - 1)
    made = answer.made[Form.PHOTO]
    assert (answer.facts.width, answer.facts.height) == (300, 4500)
    assert (made.width, made.height) == (273, 4096)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_stay_what_they_are_without_their_profile(
    look: Look, tmp_path: Path, mode: str
) -> None:
    out = io.BytesIO()
    picture = Image.new(mode, (40, 30), (255, 0, 0))
    picture.save(out, "WEBP", icc_profile=files.swapped())
    made = look(out.getvalue(), WEBP).made[Form.PHOTO]
    with Image.open(tmp_path / made.name) as it:
        assert it.getpixel((9, 9)) == pytest.approx((0, 255, 0), abs=9)


def test_a_profile_that_is_none_does_no_harm(look: Look, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "WEBP", icc_profile=b"nonsense" * 20)
    made = look(out.getvalue(), WEBP).made[Form.PHOTO]
    with Image.open(tmp_path / made.name) as it:
        assert it.getpixel((9, 9)) == pytest.approx(files.TEAL, abs=9)


def test_what_is_transparent_is_white_in_a_photo(look: Look, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    answer = look(out.getvalue(), Recognised(kind=IMAGE, mime="image/webp"))
    with Image.open(tmp_path / answer.made[Form.PHOTO].name) as it:
        assert it.getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("format", ["GIF", "TIFF", "WEBP"])
def test_several_pictures_are_no_photo(look: Look, format: str) -> None:
    out, frames = io.BytesIO(), [Image.new("RGB", (40, 30), it) for it in ("teal", "orange")]
    frames[0].save(out, format, save_all=True, append_images=frames[1:])
    answer = look(out.getvalue(), Recognised(kind=IMAGE, mime=f"image/{format.lower()}"))
    assert (set(answer.made), answer.reason) == ({Form.THUMBNAIL}, "more than one picture")


def test_a_photo_is_made_when_it_is_asked_for(look: Look) -> None:
    shown = frozenset({Form.THUMBNAIL})
    assert set(look(heic(), Recognised(kind=IMAGE, mime="image/heic"), shown).made) == shown
    assert PHOTO_SIZE == 5 * 1024 * 1024


BROKEN: Final[Mapping[str, Callable[[], bytes]]] = {
    "half": lambda: heic()[:2500],
    "no boxes": lambda: heic()[:28],
    "other tiles": lambda: heic().replace(b"hvc1", b"av01"),
    "too many pixels": lambda: heic().replace(b"\0\x78\0\x64", b"\xff\xff\xff\xff"),
    "too few tiles": lambda: heic().replace(b"\0\0\1\1\0\x78", b"\0\0\1\7\0\x78"),
    "a box before itself": lambda: heic().replace(b"meta", b"mets", 1)[:24] + b"\0\0\0\4meta",
    "an item that is not there": lambda: heic().replace(b"pitm\0\0\0\0\0\1", b"pitm\0\0\0\0\0\x77"),
    "nothing coded": lambda: heic()[: heic().index(b"mdat")] + b"mdat" + bytes(2000),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_one_is_a_document(look: Look, what: str) -> None:
    content = BROKEN[what]()
    assert content != heic()
    answer = look(content, Recognised(kind=IMAGE, mime="image/heic"))
    assert (answer.recognised.kind, answer.made) == (MediaKind.DOCUMENT, {})
    assert answer.reason
