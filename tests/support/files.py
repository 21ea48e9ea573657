"""Files of every kind, made when they are asked for: small ones, and ones that mean harm."""

import io
import math
import random
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image, ImageCms

from tests.support.heic import heic

PNG: Final = b"\x89PNG\r\n\x1a\n"
TEAL: Final = (0, 128, 128)
ORANGE: Final = (255, 165, 0)


@cache
def sound(
    format: str,
    codec: str,
    *,
    rate: int = 48_000,
    channels: int = 1,
    seconds: float = 1.0,
) -> bytes:
    """A tone that is silent at first and grows louder."""
    out = io.BytesIO()
    with av.open(out, "w", format=format) as container:
        stream = container.add_stream(codec, rate=rate, layout=("mono", "stereo")[channels - 1])
        assert isinstance(stream, AudioStream)
        for it in (_tone(rate, seconds), None):
            container.mux(stream.encode(it))
    return out.getvalue()


def _tone(rate: int, seconds: float) -> av.AudioFrame:
    count = int(rate * seconds)
    waves = (math.sin(math.tau * 440 * it / rate) * it / count for it in range(count))
    frame = av.AudioFrame(format="s16", layout="mono", samples=count)
    frame.sample_rate, frame.pts = rate, 0
    frame.planes[0].update(array("h", [round(30_000 * it) for it in waves]).tobytes())
    return frame


@cache
def film(
    format: str,
    codec: str,
    *,
    size: tuple[int, int] = (64, 48),
    frames: int = 12,
    turned: int = 0,
    heard: str = "",
    pause: float = 1 / 12,
) -> bytes:
    """A picture that changes its colour after each pause; `heard` is a codec, if any."""
    out = io.BytesIO()
    with av.open(out, "w", format=format) as container:
        stream = container.add_stream(codec, rate=12)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        sound = container.add_stream(heard, rate=48_000, layout="mono") if heard else None
        for it in range(frames):
            frame = av.VideoFrame(*size, "rgb24")
            frame.planes[0].update(bytes([20 * it % 256]) * frame.planes[0].buffer_size)
            frame.pts = round(it * pause * 12)
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
        if isinstance(sound, AudioStream):
            for tone in (_tone(48_000, frames / 12), None):
                container.mux(sound.encode(tone))
    return _turn(out.getvalue()) if turned else out.getvalue()


def _turn(mp4: bytes) -> bytes:
    """Say in the track's header that it is to be shown a quarter turned (ISO 14496-12, 8.3.2)."""
    straight = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    at = mp4.index(straight, mp4.index(b"tkhd"))
    return mp4[:at] + quarter + mp4[at + len(quarter) :]


@cache
def picture(format: str, *, size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """Two colours, left and right."""
    image = Image.new("RGB", size, "teal")
    image.paste("orange", (size[0] // 2, 0, *size))
    return _saved(image.convert(mode), format)


@cache
def photo(*, orientation: int = 1, size: tuple[int, int] = (1200, 800)) -> bytes:
    """A JPEG as a phone makes it: it lies on its side, and knows where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (23.0, 33.0, 1.0)  # degrees of latitude
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    return _saved(image, "JPEG", exif=exif)


def deep_png(width: int, height: int) -> bytes:
    """As `picture`, with 16 bits for each colour."""
    teal, orange = (struct.pack(">3H", *(257 * it for it in one)) for one in (TEAL, ORANGE))
    row = b"\0" + teal * (width // 2) + orange * (width // 2)
    return PNG + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">2I5B", width, height, 16, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(row * height)),
            _chunk(b"IEND", b""),
        )
    )


@cache
def noise(width: int, height: int) -> bytes:
    """A JPEG that is as large as can be."""
    pixels = random.Random(1).randbytes(3 * width * height)
    return _saved(Image.frombytes("RGB", (width, height), pixels), "JPEG", quality=95)


def swapped() -> bytes:
    """A colour profile in which red is green, and green red."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def _saved(image: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


@cache
def bomb(width: int = 30_000, height: int = 30_000, *, rows: int = 30_000) -> bytes:
    """A PNG of a hundred kilobytes that is a hundred megabytes of black, and says so."""
    row = bytes(1 + width // 8)
    return PNG + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">2I5B", width, height, 1, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(row * rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


@cache
def office(folder: str = "word") -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<document/>"})


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


PDF: Final = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

# Every kind of file that is shown inline, by its type.
INLINE: Final[Mapping[str, Callable[[], bytes]]] = {
    "image/jpeg": lambda: picture("JPEG"),
    "image/png": lambda: picture("PNG"),
    "image/webp": lambda: picture("WEBP"),
    "image/gif": lambda: picture("GIF"),
    "image/avif": lambda: picture("AVIF"),
    "image/bmp": lambda: picture("BMP"),
    "image/heic": heic,
    "image/tiff": lambda: picture("TIFF"),
    "audio/ogg": lambda: sound("ogg", "libopus"),
    "audio/webm": lambda: sound("webm", "libopus"),
    "audio/mp4": lambda: sound("ipod", "aac"),
    "audio/aac": lambda: sound("adts", "aac"),
    "audio/mpeg": lambda: sound("mp3", "libmp3lame", rate=44_100),
    "audio/amr": lambda: sound("amr", "libopencore_amrnb", rate=8000),
    "audio/wav": lambda: sound("wav", "pcm_s16le", rate=8000),
    "audio/flac": lambda: sound("flac", "flac", rate=8000),
    "video/mp4": lambda: film("mp4", "libx264"),
    "video/webm": lambda: film("webm", "libvpx"),
    "video/3gpp": lambda: film("3gp", "mpeg4"),
    "video/quicktime": lambda: film("mov", "libx264"),
    "video/x-matroska": lambda: film("matroska", "libx264"),
    "video/x-msvideo": lambda: film("avi", "mpeg4"),
}


@cache
def silence(*, hours: float) -> bytes:
    """Hours of a voice that says nothing, in a few hundred kilobytes."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 0, 16_000, 0, 0)
    pages = [(0, 2, [head]), (0, 0, [b"OpusTags" + bytes(8)])]
    nothing = [b"\x18"] * 255  # RFC 6716, 3.1: 60 ms each, of which nothing was coded
    ticks = 255 * 60 * 48  # 48,000 in a second, whatever the rate
    count = int(hours * 3600 * 48_000 / ticks)
    pages += [(ticks * (it + 1), 0, nothing) for it in range(count)]
    return b"".join(_page(number, *it) for number, it in enumerate(pages))


def _page(number: int, position: int, flags: int, packets: list[bytes]) -> bytes:
    """RFC 3533, 6."""
    table = bytes([len(packets), *map(len, packets)])
    start = b"OggS\0" + struct.pack("<BqII", flags, position, 1, number)
    body = table + b"".join(packets)
    return start + struct.pack("<I", _check(start + bytes(4) + body)) + body


def _check(content: bytes) -> int:
    """Sum up like zlib's CRC, with the bits of each byte and of the sum the other way round."""
    mirrored = bytes(_MIRROR[it] for it in content)
    # zlib inverts at both ends; Ogg does not: cancelled by the sum of as many zeros.
    plain = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{plain:032b}"[::-1], 2)


_MIRROR: Final = bytes(int(f"{it:08b}"[::-1], 2) for it in range(256))


@cache
def greedy() -> bytes:
    """A film of two kilobytes whose index asks for two gigabytes."""
    mp4 = film("mp4", "libx264")
    at = mp4.index(b"stts") + 8
    return mp4[:at] + struct.pack(">I", 0x0FFFFFFF) + mp4[at + 4 :]
