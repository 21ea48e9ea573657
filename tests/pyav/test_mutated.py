"""A thousand broken and malicious files: each is answered in time, and no harm is done."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Final

import pytest

from helpdesk.adapters.pyav.conversion import PyAvConversion
from helpdesk.adapters.pyav.pool import Pool
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import Form
from helpdesk.ports.conversion import HEAD, Converted
from tests.support import files

COUNT: Final = 1000
SECONDS: Final = 5.0  # of computing for one
FORMS: Final = frozenset(Form) - {Form.MP3}


@pytest.mark.slow
async def test_a_thousand_mutated_files_do_no_harm(tmp_path: Path) -> None:
    pool = Pool(size=2, seconds=SECONDS)
    conversion = PyAvConversion(pool, films=pool)
    given, kinds = iter(enumerate(mutants())), Counter[str]()

    async def convert_some() -> None:
        for number, content in given:
            before = monotonic()
            converted = await _convert(conversion, content, tmp_path / f"{number}")
            # Looked into, and made a film of: each two tries of twice as long, with two starts.
            assert monotonic() - before < 2 * (4 * SECONDS + 10)
            kinds[converted.recognised.kind] += 1

    try:
        await asyncio.gather(convert_some(), convert_some())
    finally:
        await pool.close()
    assert kinds.total() == COUNT
    assert kinds[MediaKind.DOCUMENT] > COUNT / 5  # many are beyond showing
    assert kinds.total() - kinds[MediaKind.DOCUMENT] > COUNT / 5  # and many are not


async def _convert(conversion: PyAvConversion, content: bytes, folder: Path) -> Converted:
    folder.mkdir()
    source = folder / "original"
    source.write_bytes(content)
    found = _recognised(conversion, content)
    converted = await conversion.convert(source, found, into=folder, forms=FORMS)
    _must_be_sound(converted)
    if converted.later:
        film = converted.recognised
        _must_be_sound(await conversion.convert(source, film, into=folder, forms=converted.later))
    return converted


def _recognised(conversion: PyAvConversion, content: bytes) -> Recognised:
    """As whatever it passes for."""
    kinds = [MediaKind.IMAGE, MediaKind.VOICE, MediaKind.VIDEO, MediaKind.DOCUMENT]
    head = content[:HEAD]
    passes = (conversion.recognise(head, claimed=it, name="a", mime="") for it in kinds)
    return next(it for it, kind in zip(passes, kinds, strict=True) if it.kind is kind)


def _must_be_sound(it: Converted) -> None:
    if it.recognised.kind is MediaKind.DOCUMENT:
        assert it.made == {}
    assert it.made or it.reason or it.recognised.kind is not MediaKind.VIDEO
    for made in it.made.values():
        assert made.path.stat().st_size > 0


def mutants() -> Iterator[bytes]:
    """The same ones every time: a failure can be repeated."""
    chance = random.Random(20_260_101)
    originals = [make() for make in SMALL]
    yield from (files.bomb(), files.greedy(), files.zipped({"a": bytes(10_000_000)}), b"")
    for number in range(COUNT - 4):
        original = originals[number % len(originals)]
        yield chance.choice(MUTATIONS)(chance, original)


SMALL: Final[list[Callable[[], bytes]]] = [
    lambda: files.deep_png(60, 40),
    *(make for mime, make in files.INLINE.items() if not mime.startswith("audio/")),
    lambda: files.sound("ogg", "libopus", seconds=0.2),
    lambda: files.sound("webm", "libopus", seconds=0.2),
    lambda: files.sound("mp4", "aac", seconds=0.2),
    lambda: files.sound("adts", "aac", seconds=0.2),
    lambda: files.sound("mp3", "libmp3lame", rate=44_100, seconds=0.2),
    lambda: files.sound("amr", "libopencore_amrnb", rate=8000, seconds=0.2),
    lambda: files.sound("wav", "pcm_s16le", rate=8000, seconds=0.2),
    lambda: files.sound("flac", "flac", rate=8000, seconds=0.2),
]


def cut(chance: random.Random, original: bytes) -> bytes:
    return original[: chance.randrange(len(original))]


def flip(chance: random.Random, original: bytes) -> bytes:
    """Anywhere, from one byte to many."""
    content = bytearray(original)
    for _ in range(chance.choice((1, 4, 30, 200))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def exaggerate(chance: random.Random, original: bytes) -> bytes:
    """Where headers are, with numbers that overflow."""
    content = bytearray(original)
    for _ in range(chance.choice((1, 4, 30))):
        at = chance.randrange(min(600, len(content)))
        content[at] = chance.choice((0, 0x7F, 0x80, 0xFF))
    return bytes(content)


def lose(chance: random.Random, original: bytes) -> bytes:
    at = chance.randrange(len(original))
    return original[:at] + original[at + chance.randrange(1, 400) :]


def repeat(chance: random.Random, original: bytes) -> bytes:
    at = chance.randrange(len(original))
    piece = original[at : at + chance.randrange(1, 400)]
    return original[:at] + piece * chance.choice((2, 20, 500)) + original[at:]


MUTATIONS: Final = (cut, flip, exaggerate, lose, repeat)
