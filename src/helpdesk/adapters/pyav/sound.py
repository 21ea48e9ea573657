"""Sound: its length, the peaks of its waveform, and the forms that browsers and bridges take.

Runs in a worker process; everything comes of one pass through the file.
"""

from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from helpdesk.adapters.pyav.streams import sound_frames
from helpdesk.adapters.pyav.tasks import Answer, MadeFile, RefusedError
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import PEAKS, Facts, Form

MAX_SECONDS: Final = 4 * 3600
MAX_CONVERTED_SECONDS: Final = 3600
_RATE: Final = 8000  # samples a second that are looked at for the waveform
_SLICE: Final = 160  # of those make one value, before there are only PEAKS of them

# What Chromium, Firefox, Safari and WhatsApp all play: containers with the codecs in them.
_EVERYWHERE: Final = frozenset({("audio/mpeg", "mp3"), ("audio/mp4", "aac")})


@dataclass(frozen=True, slots=True)
class _Target:
    name: str
    mime: str
    format: str
    codec: str
    rate: int
    bit_rate: int  # of each channel
    channels: int = 1
    muxer: tuple[tuple[str, str], ...] = ()
    encoder: tuple[tuple[str, str], ...] = ()


_TARGETS: Final = {
    Form.PLAYABLE: _Target(
        name="playable.m4a",
        mime="audio/mp4",
        format="ipod",
        codec="aac",
        rate=48_000,
        bit_rate=64_000,
        channels=2,
        muxer=(("movflags", "faststart"),),  # plays before all of it is there
    ),
    Form.VOICE: _Target(  # as phones record their own
        name="voice.ogg",
        mime="audio/ogg",
        format="ogg",
        codec="libopus",
        rate=16_000,
        bit_rate=24_000,
        encoder=(("application", "voip"),),
    ),
    Form.MP3: _Target(
        name="voice.mp3",
        mime="audio/mpeg",
        format="mp3",
        codec="libmp3lame",
        rate=44_100,
        bit_rate=64_000,
    ),
}


def convert(
    container: InputContainer,
    stream: AudioStream,
    recognised: Recognised,
    into: Path,
    forms: frozenset[Form],
) -> Answer:
    """Decode once, encode into every form that is of use.

    Raises:
        RefusedError: no sound, or hours of it.
    """
    wanted = [it for it in forms if _is_of_use(it, stream, recognised)]
    peaks = Peaks()
    with ExitStack() as stack:
        encoders = [stack.enter_context(Encoder(it, into, stream)) for it in wanted]
        for frame in sound_frames(container, stream):
            peaks.take(frame)
            if peaks.seconds > MAX_SECONDS:
                raise RefusedError("hours of sound")
            if peaks.seconds <= MAX_CONVERTED_SECONDS:
                for encoder in encoders:
                    encoder.take(frame)
    facts = Facts(duration=round(peaks.seconds, 3), waveform=peaks.of(PEAKS))
    if peaks.seconds > MAX_CONVERTED_SECONDS and wanted:
        return Answer(recognised=recognised, facts=facts, reason="too long to be converted")
    made = {it: MadeFile(name=_TARGETS[it].name, mime=_TARGETS[it].mime) for it in wanted}
    return Answer(recognised=recognised, facts=facts, made=made)


def _is_of_use(form: Form, stream: AudioStream, of: Recognised) -> bool:
    codec = stream.codec_context
    if form is Form.PLAYABLE:
        return (of.mime, codec.codec.canonical_name) not in _EVERYWHERE
    if of.kind is not MediaKind.VOICE:
        return False
    if form is Form.VOICE:
        is_one = of.mime == "audio/ogg" and codec.codec.canonical_name == "opus"
        return not is_one or codec.channels != 1
    return form is Form.MP3 and of.mime != "audio/mpeg"


class Encoder:
    """One form being written."""

    def __init__(self, form: Form, into: Path, source: AudioStream) -> None:
        target = _TARGETS[form]
        channels = min(source.codec_context.channels, target.channels)
        self._container: OutputContainer = av.open(
            str(into / target.name), "w", format=target.format, options=dict(target.muxer)
        )
        stream = self._container.add_stream(
            target.codec,
            rate=target.rate,
            layout="stereo" if channels > 1 else "mono",
            options=dict(target.encoder),
        )
        assert isinstance(stream, AudioStream)
        self._stream = stream
        self._stream.bit_rate = target.bit_rate * channels

    def __enter__(self) -> "Encoder":
        return self

    def take(self, frame: AudioFrame) -> None:
        self._container.mux(self._stream.encode(frame))

    def __exit__(self, error: object, *_: object) -> None:
        if error is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()


class Peaks:
    """How loud each slice of the sound is at its loudest."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._loudest = array("H")  # of every `_SLICE` samples
        self._rest = array("h")
        self._resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)

    def take(self, frame: AudioFrame) -> None:
        self.seconds += frame.samples / frame.sample_rate
        for it in self._resampler.resample(frame):
            self._rest.frombytes(bytes(it.planes[0])[: 2 * it.samples])
        whole = len(self._rest) // _SLICE * _SLICE
        for start in range(0, whole, _SLICE):
            heard = self._rest[start : start + _SLICE]
            highest, lowest = max(heard), min(heard)
            self._loudest.append(max(highest, -lowest))
        del self._rest[:whole]

    def of(self, count: int) -> tuple[int, ...]:
        """From 0 to 100, which is the loudest of all."""
        most = max(self._loudest, default=0) or 1
        edges = [len(self._loudest) * it // count for it in range(count + 1)]
        slices = (self._loudest[a : max(b, a + 1)] for a, b in pairwise(edges))
        return tuple(round(100 * max(it, default=0) / most) for it in slices)
