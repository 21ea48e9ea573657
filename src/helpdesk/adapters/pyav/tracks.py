"""One stream of a film on its way into another: copied, or decoded and encoded again.

Runs in a worker process.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol, TypeAlias

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from helpdesk.adapters.pyav.tasks import RefusedError

AnyPacket: TypeAlias = "Packet[Any]"

FRAMES: Final = 30  # a second; the others of slow motion are left out
SOUND_RATE: Final = 96_000  # bits a second
_SAMPLES: Final = 48_000  # a second
_TICK: Final = Fraction(1, 90_000)  # seconds
_EDGES: Final = ((900_000, 1280), (400_000, 848), (0, 640))  # pixels, for so many bits a second
_UPRIGHT: Final = {90: ("transpose=cclock",), 180: ("hflip", "vflip"), 270: ("transpose=clock",)}
_FAULTS: Final = 50  # packets that cannot be decoded before it is no film


class Track(Protocol):
    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        """Turn what was read, or at last a packet of nothing, into what is to be written."""
        ...


class Copied:
    def __init__(self, out: OutputContainer, source: VideoStream | AudioStream) -> None:
        self._stream = out.add_stream_from_template(source)

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        if packet.size:
            packet.stream = self._stream
            yield packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What pictures are, and what is to be made of them."""

    size: tuple[int, int]  # pixels, as it is shown
    rotation: int  # degrees counter-clockwise by which it is turned for that
    bit_rate: int  # at most
    pause: Fraction | None = None  # seconds between two, where the file does not tell their times

    @property
    def smaller(self) -> tuple[int, int]:
        """What a telephone shows, and so many bits are enough for; in even numbers."""
        edge = next(it for least, it in _EDGES if self.bit_rate >= least)
        scale = min(1.0, edge / max(self.size))
        width, height = (max(2, 2 * round(it * scale / 2)) for it in self.size)
        return width, height


class Pictures:
    """Encoded again, and upright."""

    def __init__(self, out: OutputContainer, source: VideoStream, shape: Shape) -> None:
        source.codec_context.thread_count = 1
        width, height = shape.smaller
        stream = out.add_stream("libx264", rate=FRAMES, options=_h264(shape.bit_rate))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = _TICK
        stream.codec_context.thread_count = 1
        self._stream = stream
        self._decoder = Decoder(source)
        self._pause = shape.pause
        self._count = 0
        self._next = Fraction(0)  # seconds, before which no picture is taken
        upright = _UPRIGHT.get(shape.rotation, ())
        self._graph = _graph(source, *upright, f"scale={width}:{height}", "format=yuv420p")

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        for frame in self._decoder.frames(packet):
            assert isinstance(frame, VideoFrame)
            at = self._time(frame)
            if at is None or at < self._next:
                continue
            self._next = at + Fraction(9, 10 * FRAMES)  # a tenth early is not too early
            self._graph.push(frame)
            made = self._graph.pull()
            assert isinstance(made, VideoFrame)
            made.pts, made.time_base = int(at / _TICK), _TICK
            yield from self._stream.encode(made)
        if not packet.size:
            yield from self._stream.encode(None)

    def _time(self, frame: VideoFrame) -> Fraction | None:
        """When it is shown, in seconds."""
        self._count += 1
        if self._pause is not None:
            return (self._count - 1) * self._pause
        if frame.pts is None or frame.time_base is None:
            return None
        return Fraction(frame.pts * frame.time_base)


def _h264(bit_rate: int) -> dict[str, str]:
    """As old telephones still play it: Android's WhatsApp does not like B-frames."""
    return {
        "preset": "veryfast",
        "profile": "main",
        "bf": "0",
        "crf": "25",
        "maxrate": str(bit_rate),
        "bufsize": str(2 * bit_rate),
    }


class Sound:
    """Encoded again; gaps are filled, so that it stays with the pictures."""

    def __init__(self, out: OutputContainer, source: AudioStream) -> None:
        stream = out.add_stream("aac", rate=_SAMPLES, layout="stereo")
        assert isinstance(stream, AudioStream)
        stream.bit_rate = SOUND_RATE
        self._stream = stream
        self._decoder = Decoder(source)
        self._graph = _graph(
            source,
            f"aresample={_SAMPLES}:async=1:first_pts=0",
            f"aformat=sample_fmts=fltp:sample_rates={_SAMPLES}:channel_layouts=stereo",
        )

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        for frame in self._decoder.frames(packet):
            self._graph.push(frame)
            yield from self._encoded()
        if not packet.size:
            self._graph.push(None)
            yield from self._encoded()
            yield from self._stream.encode(None)

    def _encoded(self) -> Iterator[AnyPacket]:
        while True:
            try:
                made = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            assert isinstance(made, AudioFrame)
            yield from self._stream.encode(made)


def _graph(source: VideoStream | AudioStream, *steps: str) -> Graph:
    graph = Graph()
    if isinstance(source, VideoStream):
        nodes, end = [graph.add_buffer(source)], "buffersink"
    else:
        nodes, end = [graph.add_abuffer(source)], "abuffersink"
    for step in (*steps, end):
        name, _, options = step.partition("=")
        nodes.append(graph.add(name, options or None))
    graph.link_nodes(*nodes).configure()
    return graph


class Decoder:
    def __init__(self, stream: VideoStream | AudioStream) -> None:
        self._stream = stream
        self._faults = 0

    def frames(self, packet: AnyPacket) -> Sequence[VideoFrame | AudioFrame]:
        """Decode, passing over what cannot be.  Raises RefusedError when that is too much."""
        try:
            return self._stream.decode(packet)
        except MemoryError:
            raise
        except av.FFmpegError as error:
            self._faults += 1
            if self._faults > _FAULTS:
                raise RefusedError("too much of it cannot be decoded") from error
            return []
