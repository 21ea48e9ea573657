"""Stickers that WhatsApp takes: WebP of 512 by 512 pixels, with nothing around the picture.

Runs in a worker process.  https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media,
"Supported media types", read 2026-11.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from helpdesk.adapters.pyav import photos
from helpdesk.adapters.pyav.tasks import MadeFile, RefusedError

EDGE: Final = 512  # pixels of either side
STILL: Final = 100 * 1024  # bytes
MOVING: Final = 500 * 1024
_QUALITIES: Final = (90, 75, 50, 25, 5)


def moves(image: Image.Image) -> bool:
    return getattr(image, "n_frames", 1) > 1


def is_taken(image: Image.Image, source: Path, mime: str) -> bool:
    """Whether WhatsApp takes it as it is."""
    most = MOVING if moves(image) else STILL
    fits = image.size == (EDGE, EDGE) and source.stat().st_size <= most
    return fits and mime == "image/webp"


def save(image: Image.Image, path: Path) -> MadeFile:
    """Write all of it into a transparent square, as well as the bytes allow.

    Raises:
        RefusedError: they do not.
    """
    upright = photos.in_srgb(photos.of_eight_bits(ImageOps.exif_transpose(image)))
    square = ImageOps.pad(upright.convert("RGBA"), (EDGE, EDGE), color=(0, 0, 0, 0))
    square.info.clear()
    for quality in _QUALITIES:
        square.save(path, "WEBP", quality=quality, method=4)
        if path.stat().st_size <= STILL:
            return MadeFile(name=path.name, mime="image/webp", width=EDGE, height=EDGE)
    raise RefusedError("too large to be sent as a sticker")
