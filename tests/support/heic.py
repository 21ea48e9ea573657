"""Photos as iPhones take them: HEVC, in tiles, with the boxes of ISO 23008-12 around them."""

import io
import struct
from functools import cache
from typing import Final

import av
from av.video.stream import VideoStream
from PIL import Image

TILE: Final = 64  # pixels
_ALIKE: Final = "log-level=none:pools=none:frame-threads=1:range=full:colormatrix=bt470bg"
_EXIF: Final = b"Exif\0\0Camera of somebody"


@cache
def heic(
    *,
    size: tuple[int, int] = (120, 100),
    turn: int = 0,
    mirror: int | None = None,
    brand: bytes = b"heic",
    colours: bytes = b"",
) -> bytes:
    """Two colours, left and right, in as many tiles as it takes.

    `turn`: quarters counter-clockwise; `mirror`: 0 top to bottom, 1 left to right; `colours`: the
    content of a box that tells of them.
    """
    columns, rows = (-(-it // TILE) for it in size)
    tiles = [_coded(size, column, row) for row in range(rows) for column in range(columns)]
    config = tiles[0][0]
    grid = struct.pack(">4B2H", 0, 0, rows - 1, columns - 1, *size)
    contents = [grid, *(it for _, it in tiles), _EXIF]
    count = len(tiles)
    kinds = [b"grid", *[b"hvc1"] * count, b"Exif"]
    properties = [
        _box(b"ispe", struct.pack(">3I", 0, *size)),
        _box(b"irot", bytes([turn])),
        *([_box(b"imir", bytes([mirror]))] if mirror is not None else []),
        *([_box(b"colr", colours)] if colours else []),
    ]
    of_tiles = [_box(b"ispe", struct.pack(">3I", 0, TILE, TILE)), _box(b"hvcC", config)]
    owned = [
        (1, range(1, len(properties) + 1)),
        *((it, range(len(properties) + 1, len(properties) + 3)) for it in range(2, count + 2)),
    ]
    start = _box(b"ftyp", brand + bytes(4) + b"mif1heic")
    meta = _meta(kinds, contents, [*properties, *of_tiles], owned, 0)
    at = len(start) + len(meta) + 8
    meta = _meta(kinds, contents, [*properties, *of_tiles], owned, at)
    return start + meta + _box(b"mdat", b"".join(contents))


def _meta(
    kinds: list[bytes],
    contents: list[bytes],
    properties: list[bytes],
    owned: list[tuple[int, range]],
    at: int,
) -> bytes:
    """Number the items from 1; the first is the photo, the last what the camera wrote."""
    entries = (
        _box(b"infe", struct.pack(">I2H", 2 << 24, number, 0) + kind + b"\0")
        for number, kind in enumerate(kinds, 1)
    )
    places = b""
    for number, content in enumerate(contents, 1):
        places += struct.pack(">3H2I", number, 0, 1, at, len(content))
        at += len(content)
    tiles = len(contents) - 2
    made_of = struct.pack(f">{tiles + 2}H", 1, tiles, *range(2, tiles + 2))
    owns = b"".join(struct.pack(">HB", it, len(many)) + bytes(many) for it, many in owned)
    return _box(
        b"meta",
        bytes(4)
        + _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
        + _box(b"pitm", struct.pack(">IH", 0, 1))
        + _box(b"iinf", struct.pack(">IH", 0, len(kinds)) + b"".join(entries))
        + _box(b"iref", bytes(4) + _box(b"dimg", made_of))
        + _box(
            b"iprp",
            _box(b"ipco", b"".join(properties))
            + _box(b"ipma", struct.pack(">2I", 0, len(owned)) + owns),
        )
        + _box(b"iloc", struct.pack(">I2BH", 0, 0x44, 0, len(contents)) + places),
    )


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _coded(size: tuple[int, int], column: int, row: int) -> tuple[bytes, bytes]:
    """Encode one tile; its configuration (hvcC), and itself."""
    whole = Image.new("RGB", size, "teal")
    whole.paste("orange", (size[0] // 2, 0, *size))
    left, top = column * TILE, row * TILE
    tile = whole.crop((left, top, left + TILE, top + TILE))
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as container:
        options = {"x265-params": _ALIKE}
        stream = container.add_stream("libx265", rate=1, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = TILE, TILE, "yuvj420p"
        frame: av.VideoFrame = av.VideoFrame.from_image(tile)  # type: ignore[no-untyped-call]
        for it in (frame, None):
            for packet in stream.encode(it):
                packet.pts = packet.dts = 0  # of a single picture, x265 says anything
                container.mux(packet)
    with av.open(io.BytesIO(out.getvalue()), "r") as film:
        config = film.streams.video[0].codec_context.extradata
        assert config
        return config, b"".join(bytes(it) for it in film.demux(video=0) if it.size)
