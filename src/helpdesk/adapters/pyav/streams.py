"""Opening sound and video with FFmpeg: that one file, that one format, and no rare decoder.

Runs in a worker process.  The demuxer is the one that the first bytes announced, so that a playlist
which calls itself an MP4 is not taken for a playlist; nothing else is opened on a file's behalf.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from helpdesk.adapters.pyav.tasks import RefusedError

AnyStream = TypeVar("AnyStream", AudioStream | None, VideoStream | None)

_DEMUXERS: Final = {
    "audio/ogg": "ogg",
    "audio/webm": "matroska",
    "video/webm": "matroska",
    "audio/mp4": "mov",
    "video/mp4": "mov",
    "video/3gpp": "mov",
    "video/quicktime": "mov",
    "audio/aac": "aac",
    "audio/mpeg": "mp3",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
}
_DECODERS: Final = (
    "opus,libopus,vorbis,speex,libspeex,aac,mp3,mp3float,mp2,mp2float,flac,alac,amrnb,amrwb,"
    "libopencore_amrnb,libopencore_amrwb,pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_mulaw,"
    "pcm_alaw,h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,mpeg4,h263,mjpeg,png"
)
_OPTIONS: Final = {
    "protocol_whitelist": "file",
    "codec_whitelist": _DECODERS,
    "analyzeduration": "5000000",  # microseconds
}
_UNNAMED: Final = {"1 channels": "mono", "2 channels": "stereo"}  # as a plain WAV has them
_WRONG_SHARE: Final = 4  # one packet of so many may be undecodable: music has rubbish at its ends


@contextmanager
def opened(source: Path, mime: str) -> Iterator[InputContainer]:
    with (
        source.open("rb") as file,
        av.open(
            file, "r", format=_DEMUXERS[mime], options=_OPTIONS, metadata_errors="ignore"
        ) as container,
    ):
        yield container


def sound_of(container: InputContainer) -> AudioStream | None:
    return _decodable(next(iter(container.streams.audio), None))


def pictures_of(container: InputContainer) -> VideoStream | None:
    """The film; not the picture on a record's cover."""
    films = (it for it in container.streams.video if not it.disposition & Disposition.attached_pic)
    return _decodable(next(films, None))


def _decodable(stream: AnyStream) -> AnyStream:
    # Against what PyAV says of its type, a stream without a decoder has no context.
    if stream is not None and getattr(stream, "codec_context", None) is None:
        raise RefusedError("nothing decodes it")
    return stream


def sound_frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Decode all sound, passing over a few packets that cannot be.

    Raises:
        RefusedError: too many of them, or there is no sound at all.
    """
    context = stream.codec_context
    if context.layout.name in _UNNAMED:
        context.layout = _UNNAMED[context.layout.name]
    packets = wrong = samples = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            decoded = packet.decode()
        except MemoryError:
            raise
        except av.FFmpegError:
            wrong += 1
            continue
        for it in decoded:
            it.pts, it.time_base = samples, Fraction(1, it.sample_rate)  # without gaps or returns
            samples += it.samples
            yield it
    if not samples or wrong * _WRONG_SHARE > packets:
        raise RefusedError("no sound that can be decoded")
