"""Films: their size as shown, their length, and their first picture.

Runs in a worker process.  However long a film is, a few packets of it are read.
"""

from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from helpdesk.adapters.pyav.images import EDGE, save
from helpdesk.adapters.pyav.tasks import MAX_PIXELS, Answer, RefusedError
from helpdesk.domain.file import Recognised
from helpdesk.domain.media import Facts, Form

_PACKETS: Final = 300  # within which a picture must come


def convert(
    container: InputContainer,
    stream: VideoStream,
    recognised: Recognised,
    into: Path,
    forms: frozenset[Form],
) -> Answer:
    """Decode the first picture: a film without one cannot be shown.

    Raises:
        RefusedError: there is none, or it has too many pixels.
    """
    context = stream.codec_context
    context.thread_count = 1
    if context.width * context.height > MAX_PIXELS:
        raise RefusedError("too many pixels")
    frame = _first_picture(container, stream)
    width, height = frame.width, frame.height
    if frame.rotation % 180:
        width, height = height, width
    made = (
        {Form.POSTER: save(_upright(frame), into / "poster.webp")} if Form.POSTER in forms else {}
    )
    facts = Facts(width=width, height=height, duration=_seconds(container, stream))
    return Answer(recognised=recognised, facts=facts, made=made)


def _first_picture(container: InputContainer, stream: VideoStream) -> VideoFrame:
    for count, packet in enumerate(container.demux(stream)):
        try:
            if frames := packet.decode():
                return frames[0]
        except av.InvalidDataError:
            continue
        if count > _PACKETS:
            break
    raise RefusedError("no picture that can be decoded")


def _upright(frame: VideoFrame) -> Image.Image:
    scale = min(1.0, EDGE / max(frame.width, frame.height))
    size = [max(1, round(it * scale)) for it in (frame.width, frame.height)]
    image: Image.Image = frame.to_image(width=size[0], height=size[1])  # type: ignore[no-untyped-call]
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def _seconds(container: InputContainer, stream: VideoStream) -> float | None:
    """What the file says; nobody reads it to its end to find out."""
    if container.duration is not None:
        return round(container.duration / av.time_base, 3)
    if stream.duration is not None and stream.time_base is not None:
        return round(float(stream.duration * stream.time_base), 3)
    return None
