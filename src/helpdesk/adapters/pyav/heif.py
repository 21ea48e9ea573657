"""HEIC, as iPhones take photos: pictures coded as HEVC, mostly many tiles that make up one.

Runs in a worker process.  The boxes around the pictures are read here (ISO 23008-12, ISO 14496-12);
FFmpeg is given the coded pictures alone, with the decoder that films have as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from helpdesk.adapters.pyav.tasks import MAX_PIXELS, RefusedError

_MATRICES: Final = {1: Colorspace.ITU709, 9: Colorspace.BT2020}  # H.273; else as in a JPEG
_TURNS: Final = (
    None,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
)
_MIRRORS: Final = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)


def opened(source: Path) -> Image.Image:
    """Decode the main picture, as it is to be shown.

    Raises:
        RefusedError: too many pixels, or coded in another way.
        EOFError, LookupError, ValueError: it is broken.
    """
    collection = Collection(memoryview(source.read_bytes()))
    main = collection.items[collection.main]
    image = _grid(main, collection) if main.kind == b"grid" else _picture(main, main)
    for name, content in main.properties:
        if name == b"irot" and (turn := _TURNS[content[0] & 3]) is not None:
            image = image.transpose(turn)
        elif name == b"imir":
            image = image.transpose(_MIRRORS[content[0] & 1])
    if profile := main.colours(b"prof") or main.colours(b"rICC"):
        image.info["icc_profile"] = bytes(profile)
    return image


def _grid(main: "Item", collection: "Collection") -> Image.Image:
    """Put the tiles together (ISO 23008-12, 6.6.2.3)."""
    it = Bytes(main.content)
    it.number(1)
    large = it.number(1) & 1
    rows, columns = it.number(1) + 1, it.number(1) + 1
    size = it.number(4 if large else 2), it.number(4 if large else 2)
    _must_be_small(size)
    if len(main.tiles) != rows * columns:
        raise RefusedError("not as many tiles as it says")
    whole = Image.new("RGB", size)
    for number, tile in enumerate(main.tiles):
        picture = _picture(collection.items[tile], main)
        row, column = divmod(number, columns)
        whole.paste(picture, (column * picture.width, row * picture.height))
    return whole


def _picture(it: "Item", main: "Item") -> Image.Image:
    """Decode one; its colours are as the main picture says, or itself, or HEVC."""
    if it.kind != b"hvc1":
        raise RefusedError("nothing decodes it")
    size = Bytes(it.property(b"ispe"))
    size.number(4)
    _must_be_small((size.number(4), size.number(4)))
    decoder = av.CodecContext.create("hevc", "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.extradata = bytes(it.property(b"hvcC"))
    decoder.thread_count = 1
    coded = av.Packet(bytes(it.content))
    frame = next(iter([*decoder.decode(coded), *decoder.decode(None)]), None)
    if frame is None:
        raise RefusedError("no picture that can be decoded")
    matrix, whole = int(frame.colorspace), int(frame.color_range) != ColorRange.MPEG
    if told := main.colours(b"nclx") or it.colours(b"nclx"):
        matrix, whole = int.from_bytes(told[4:6]), bool(told[6] & 0x80)
    image: Image.Image = frame.to_image(  # type: ignore[no-untyped-call]
        src_colorspace=_MATRICES.get(matrix, Colorspace.ITU601),
        src_color_range=ColorRange.JPEG if whole else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    return image


def _must_be_small(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise RefusedError("too many pixels")


@dataclass(slots=True)
class Item:
    kind: bytes = b""
    content: bytes = b""
    properties: list[tuple[bytes, memoryview]] = field(default_factory=list)
    tiles: list[int] = field(default_factory=list)  # items

    def property(self, name: bytes) -> memoryview:
        """Raises LookupError when there is none."""
        return dict(self.properties)[name]

    def colours(self, kind: bytes) -> memoryview | None:
        """What is said of its colours in this way."""
        told = (it for name, it in self.properties if name == b"colr")
        return next((it[4:] for it in told if it[:4] == kind), None)


class Collection:
    """The items of a file, by their numbers; `main` is that of the picture to show."""

    def __init__(self, file: memoryview) -> None:
        meta = dict(boxes(dict(boxes(file))[b"meta"][4:]))
        self._file = file
        self._data = meta.get(b"idat", memoryview(b""))
        self.items: dict[int, Item] = {}
        self.main = _numbered(Bytes(meta[b"pitm"]), 1)
        self._read_kinds(Bytes(meta[b"iinf"]))
        self._read_properties(dict(boxes(meta[b"iprp"]))[b"ipco"], boxes(meta[b"iprp"]))
        if b"iref" in meta:
            self._read_tiles(Bytes(meta[b"iref"]))
        self._read_contents(Bytes(meta[b"iloc"]))

    def _read_kinds(self, it: "Bytes") -> None:
        it.number(2 if _version(it) == 0 else 4)
        for _, entry in boxes(it.rest()):
            info = Bytes(entry)
            id = _numbered(info, 3)
            info.number(2)
            self.items[id] = Item(bytes(info.take(4)))

    def _read_properties(
        self, container: memoryview, parts: Iterator[tuple[bytes, memoryview]]
    ) -> None:
        known = [*boxes(container)]
        for it in (Bytes(content) for name, content in parts if name == b"ipma"):
            version, flags = it.number(1), it.number(3)
            for _ in range(it.number(4)):
                item = self.items[it.number(2 if version == 0 else 4)]
                wide = flags & 1
                for _ in range(it.number(1)):
                    index = it.number(2) & 0x7FFF if wide else it.number(1) & 0x7F
                    if index:
                        item.properties.append(known[index - 1])

    def _read_tiles(self, it: "Bytes") -> None:
        size = 2 if _version(it) == 0 else 4
        for name, content in boxes(it.rest()):
            if name == b"dimg":
                reference = Bytes(content)
                item = self.items[reference.number(size)]
                item.tiles = [reference.number(size) for _ in range(reference.number(2))]

    def _read_contents(self, it: "Bytes") -> None:
        version = _version(it)
        sizes = it.number(2)
        offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        for _ in range(it.number(2 if version < 2 else 4)):
            item = self.items[it.number(2 if version < 2 else 4)]
            inside = version > 0 and it.number(2) & 15 == 1
            where = self._data if inside else self._file
            it.number(2)  # of the file that it is in: this one
            start, pieces = it.number(base), list[memoryview]()
            for _ in range(it.number(2)):
                it.number(index if version else 0)
                at = start + it.number(offset)
                pieces.append(where[at : at + it.number(length)])
            item.content = b"".join(pieces)


def boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield names and contents (ISO 14496-12, 4.2)."""
    while content:
        it = Bytes(content)
        size, name = it.number(4), bytes(it.take(4))
        if size == 1:
            size = it.number(8)
        size = size or len(content)
        if size < it.at:
            raise ValueError("a box that ends before it begins")
        yield name, content[it.at : size]
        content = content[size:]


def _version(it: "Bytes") -> int:
    version = it.number(1)
    it.number(3)
    return version


def _numbered(it: "Bytes", wide: int) -> int:
    """Read the number of an item, which has four bytes from version `wide`."""
    return it.number(4 if _version(it) >= wide else 2)


class Bytes:
    """Read from the beginning; EOFError when there is no more."""

    def __init__(self, content: memoryview | bytes) -> None:
        self._content = memoryview(content)
        self.at = 0

    def take(self, count: int) -> memoryview:
        self.at += count
        if self.at > len(self._content):
            raise EOFError
        return self._content[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def rest(self) -> memoryview:
        return self._content[self.at :]
