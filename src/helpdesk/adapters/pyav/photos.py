"""Photos that WhatsApp takes: JPEG in sRGB, upright, not too large, and nothing else in them.

Runs in a worker process.
"""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, ImageOps

from helpdesk.adapters.pyav.tasks import MadeFile, RefusedError
from helpdesk.domain.media import TAKEN

EDGE: Final = 4096  # pixels of the longer side
_STEPS: Final = ((EDGE, 90), (EDGE, 75), (EDGE, 50), (2048, 75))  # edges and qualities
_MODES: Final = frozenset({"RGB", "RGBA", "L", "P"})  # as the Cloud API takes them, and greys
_DEPTH: Final = 24  # where a PNG says how many bits a sample has (PNG, 11.2.1)
_SRGB: Final = ImageCms.createProfile("sRGB")


def is_taken(image: Image.Image, source: Path, mime: str, limit: int) -> bool:
    """Whether WhatsApp takes it as it is, when it takes `limit` bytes."""
    if mime not in TAKEN or image.mode not in _MODES or source.stat().st_size > limit:
        return False
    with source.open("rb") as file:
        return mime == "image/jpeg" or file.read(_DEPTH + 1)[_DEPTH] <= 8


def save(image: Image.Image, path: Path, limit: int) -> MadeFile:
    """Write it as a telephone would have taken it, as well as `limit` bytes allow.

    Raises:
        RefusedError: they do not.
    """
    paper = _on_white(in_srgb(of_eight_bits(ImageOps.exif_transpose(image))))
    paper.info.clear()
    for edge, quality in _STEPS:
        paper.thumbnail((edge, edge))
        paper.save(path, "JPEG", quality=quality)
        if path.stat().st_size <= limit:
            return MadeFile(
                name=path.name, mime="image/jpeg", width=paper.width, height=paper.height
            )
    raise RefusedError("too large to be sent as a photo")


def of_eight_bits(image: Image.Image) -> Image.Image:
    """Pillow makes white of all but the darkest greys of 16 bits."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda it: it * (1 / 256)).convert("L")


def in_srgb(image: Image.Image) -> Image.Image:
    """Give it the colours that whoever takes it to have no profile sees."""
    profile = image.info.get("icc_profile")
    if image.mode == "P":
        image = image.convert("RGBA")
    if not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    with suppress(ImageCms.PyCMSError, OSError, ValueError):  # it is of no use: do without
        its = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, its, _SRGB, outputMode=mode) or image
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG has no transparency."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper
