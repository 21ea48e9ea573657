"""Films that WhatsApp and every browser play: H.264 with AAC in MP4, from whatever else they are.

Runs in a worker process.  What is right already is copied, as most of what phones record is; the
rest is encoded again, so that it is no larger than WhatsApp takes.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from helpdesk.adapters.pyav.streams import opened, pictures_of, sound_of
from helpdesk.adapters.pyav.tasks import MadeFile, RefusedError
from helpdesk.adapters.pyav.tracks import SOUND_RATE, Copied, Pictures, Shape, Sound, Track

SIZE: Final = 15 * 1024 * 1024  # bytes of what is encoded: WhatsApp takes 16 MB
BEST_RATE: Final = 2_500_000  # bits a second, of pictures
WORST_RATE: Final = 100_000  # with fewer there is nothing to be seen
_CONTAINERS: Final = frozenset({"video/mp4", "video/3gpp"})
_COPIED: Final = _CONTAINERS | {"video/quicktime"}  # the others do not say when to decode
_STEADY: Final = frozenset({"video/x-msvideo"})  # it does not say when a picture is shown
_PIXELS: Final = frozenset({"yuv420p", "yuvj420p"})  # phones decode no others


def is_playable(
    container: InputContainer, film: VideoStream, sound: AudioStream | None, mime: str
) -> bool:
    """Whether it is what the Cloud API takes ("Supported media types"), and browsers play."""
    alone = len(container.streams.video) == 1 and len(container.streams.audio) <= 1
    return alone and mime in _CONTAINERS and _is_h264(film) and (sound is None or _is_aac(sound))


def _is_h264(film: VideoStream) -> bool:
    context = film.codec_context
    return context.codec.canonical_name == "h264" and context.pix_fmt in _PIXELS


def _is_aac(sound: AudioStream) -> bool:
    return sound.codec_context.codec.canonical_name == "aac"


def make_playable(source: Path, mime: str, into: Path) -> MadeFile:
    """Write the same film anew.

    Raises:
        RefusedError: it is too long for what may be sent, or broken.
    """
    seen, path = _look(source, mime), into / "playable.mp4"
    with (
        opened(source, mime) as container,
        av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        film, sound = pictures_of(container), sound_of(container)
        assert film
        pictures = _pictures(out, film, mime, seen)
        tracks: dict[int, Track] = {film.index: pictures}
        if sound:
            tracks[sound.index] = Copied(out, sound) if _is_aac(sound) else Sound(out, sound)
        for packet in container.demux([it for it in (film, sound) if it]):
            for one in tracks[packet.stream.index].take(packet):
                out.mux(one)
    if isinstance(pictures, Pictures) and path.stat().st_size > SIZE:
        raise RefusedError("too long to be converted")
    width, height = seen.size
    return MadeFile(name=path.name, mime="video/mp4", width=width, height=height)


@dataclass(frozen=True, slots=True)
class _Seen:
    seconds: float
    rotation: int  # degrees counter-clockwise by which it is turned when it is shown
    size: tuple[int, int]  # width and height as it is shown


def _look(source: Path, mime: str) -> _Seen:
    """Read all, and decode one picture: what a browser recorded does not say how long it is."""
    first: VideoFrame | None = None
    last = 0.0
    with opened(source, mime) as container:
        film = pictures_of(container)
        assert film
        film.codec_context.thread_count = 1
        for packet in container.demux(film):
            if first is None:
                with suppress(av.InvalidDataError):
                    first = next(iter(film.decode(packet)), None)
            if packet.pts is not None:
                last = max(last, float(packet.pts * packet.time_base))
    if first is None:
        raise RefusedError("no picture that can be decoded")
    turned = first.rotation % 180 != 0
    size = (first.height, first.width) if turned else (first.width, first.height)
    return _Seen(last, first.rotation % 360, size)


def _pictures(out: OutputContainer, film: VideoStream, mime: str, seen: _Seen) -> Track:
    if _is_h264(film) and mime in _COPIED:
        return Copied(out, film)
    room = 0.95 * 8 * SIZE / max(seen.seconds, 1.0) - SOUND_RATE
    if room < WORST_RATE:
        raise RefusedError("too long to be converted")
    shape = Shape(
        size=seen.size,
        rotation=seen.rotation,
        bit_rate=int(min(room, BEST_RATE)),
        pause=1 / film.average_rate if mime in _STEADY and film.average_rate else None,
    )
    return Pictures(out, film, shape)
