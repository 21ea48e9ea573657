"""Pictures: their size as shown, and a thumbnail without anything the camera wrote into them.

Runs in a worker process.  Pillow is given the one format that the first bytes announced, and looks
at the size before it takes memory for the pixels.
"""

import warnings
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from helpdesk.adapters.pyav.tasks import Answer, MadeFile, RefusedError
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import TAKEN, Facts, Form

MAX_PIXELS: Final = 64_000_000  # a phone's largest photo has 50; four bytes each are 256 MB
EDGE: Final = 640  # pixels of a thumbnail's longer side: a bubble on a screen of double density
PHOTO_EDGE: Final = 4096  # pixels
PHOTO_SIZE: Final = 5 * 1024 * 1024  # bytes, which WhatsApp takes
_FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
_ORIENTATION: Final = 0x0112  # Exif; 5 to 8 lie on their side
_OPAQUE: Final = frozenset({"RGB", "L", "CMYK", "YCbCr", "1", "I;16"})


def convert(source: Path, recognised: Recognised, into: Path, forms: frozenset[Form]) -> Answer:
    """Decode the first picture, all of it: what cannot be decoded is not shown.

    Raises:
        RefusedError: too many pixels.
    """
    with _opened(source, recognised.mime) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise RefusedError("too many pixels")
        if image.getexif().get(_ORIENTATION) in {5, 6, 7, 8}:
            width, height = height, width
        image.draft("RGB", (EDGE, EDGE))  # a JPEG need not be decoded in full size
        image.thumbnail((EDGE, EDGE), reducing_gap=2.0)
        made = {}
        if Form.THUMBNAIL in forms:
            made[Form.THUMBNAIL] = save(image, into / "thumbnail.webp")
    facts = Facts(width=width, height=height)
    if (
        Form.PHOTO not in forms
        or recognised.kind is not MediaKind.IMAGE
        or recognised.mime in TAKEN
    ):
        return Answer(recognised=recognised, facts=facts, made=made)
    photo = _photo(source, recognised.mime, into / "photo.jpg")
    if photo is None:
        return Answer(recognised=recognised, facts=facts, made=made, reason="it moves")
    return Answer(recognised=recognised, facts=facts, made=made | {Form.PHOTO: photo})


def _photo(source: Path, mime: str, path: Path) -> MadeFile | None:
    """Write it as a telephone would have taken it; None when it is an animation."""
    with _opened(source, mime) as image:
        if getattr(image, "n_frames", 1) > 1:
            return None
        image.thumbnail((PHOTO_EDGE, PHOTO_EDGE))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGB", upright.size, "white")  # a JPEG has no transparency
    paper.paste(upright, mask=upright.getchannel("A"))
    for quality in (90, 75, 50):
        paper.save(path, "JPEG", quality=quality)
        if path.stat().st_size <= PHOTO_SIZE:
            break
    return MadeFile(name=path.name, mime="image/jpeg", width=paper.width, height=paper.height)


def _opened(source: Path, mime: str) -> Image.Image:
    """Read the header only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its limit is above ours
        try:
            return Image.open(source, formats=[_FORMATS[mime]])
        except Image.DecompressionBombError as error:
            raise RefusedError("too many pixels") from error


def save(image: Image.Image, path: Path) -> MadeFile:
    """Write it upright, with its colours but without its other metadata: no place, no camera."""
    upright = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    plain = upright.convert("RGB" if upright.mode in _OPAQUE else "RGBA")
    plain.info.clear()
    kept = profile if upright.mode in {"RGB", "RGBA"} else None
    plain.save(path, "WEBP", quality=80, method=4, icc_profile=kept)
    return MadeFile(name=path.name, mime="image/webp", width=plain.width, height=plain.height)
