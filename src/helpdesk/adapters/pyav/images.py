"""Pictures: their size as shown, and a thumbnail without anything the camera wrote into them.

Runs in a worker process.  Pillow is given the one format that the first bytes announced, and looks
at the size before it takes memory for the pixels.
"""

import warnings
from pathlib import Path
from typing import Final

from PIL import AvifImagePlugin, Image, ImageOps

from helpdesk.adapters.pyav import heif, photos, stickers
from helpdesk.adapters.pyav.tasks import MAX_PIXELS, Answer, MadeFile, RefusedError, Task
from helpdesk.domain.file import MediaKind
from helpdesk.domain.media import Facts, Form

EDGE: Final = 640  # pixels of a thumbnail's longer side: a bubble on a screen of double density
_FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
}
_ORIENTATION: Final = 0x0112  # Exif; 5 to 8 lie on their side
_OPAQUE: Final = frozenset({"RGB", "L", "CMYK", "YCbCr", "1"})
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def convert(task: Task, source: Path, into: Path) -> Answer:
    """Decode the first picture, all of it: what cannot be decoded is not shown.

    Raises:
        RefusedError: too many pixels.
    """
    it, reason = task.recognised, ""
    with _opened(source, it.mime) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise RefusedError("too many pixels")
        if it.mime != "image/tiff" and image.getexif().get(_ORIENTATION) in {5, 6, 7, 8}:
            width, height = height, width  # of a TIFF, Pillow tells how it is shown
        anew = _wanted(task, image, source)
        if anew and it.mime != "image/jpeg" and stickers.moves(image):
            anew, reason = None, "more than one picture"
        edge = photos.EDGE if anew is Form.PHOTO else EDGE
        image.draft("RGB", (edge, edge))  # a JPEG need not be decoded in full size
        image.thumbnail((edge, edge), reducing_gap=2.0)
        made = dict[Form, MadeFile]()
        if anew is Form.PHOTO:
            made[anew] = photos.save(image, into / "photo.jpg", task.photo_size)
            image.thumbnail((EDGE, EDGE))
        elif anew is Form.STICKER:
            made[anew] = stickers.save(image, into / "sticker.webp")
        if Form.THUMBNAIL in task.forms:
            made[Form.THUMBNAIL] = save(image, into / "thumbnail.webp")
    facts = Facts(width=width, height=height)
    return Answer(recognised=it, facts=facts, made=made, reason=reason)


def _wanted(task: Task, image: Image.Image, source: Path) -> Form | None:
    """What is to be made such that WhatsApp takes it; None: it takes the original."""
    it = task.recognised
    if Form.PHOTO in task.forms and it.kind is MediaKind.IMAGE:
        return None if photos.is_taken(image, source, it.mime, task.photo_size) else Form.PHOTO
    if Form.STICKER in task.forms and it.kind is MediaKind.STICKER:
        return None if stickers.is_taken(image, source, it.mime) else Form.STICKER
    return None


def _opened(source: Path, mime: str) -> Image.Image:
    """Read the header only, except of HEIC."""
    if mime == "image/heic":
        return heif.opened(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its limit is above ours
        try:
            return Image.open(source, formats=[_FORMATS[mime]])
        except Image.DecompressionBombError as error:
            raise RefusedError("too many pixels") from error


def save(image: Image.Image, path: Path) -> MadeFile:
    """Write it upright, with its colours but without its other metadata: no place, no camera."""
    profile = image.info.get("icc_profile")
    upright = photos.of_eight_bits(ImageOps.exif_transpose(image))
    plain = upright.convert("RGB" if upright.mode in _OPAQUE else "RGBA")
    plain.info.clear()
    kept = profile if upright.mode in {"RGB", "RGBA"} else None
    plain.save(path, "WEBP", quality=80, method=4, icc_profile=kept)
    return MadeFile(name=path.name, mime="image/webp", width=plain.width, height=plain.height)
