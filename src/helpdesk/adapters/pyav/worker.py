"""The process in which the files of strangers are opened; `python -m` starts it.

It reads tasks from standard input and answers on standard output, one line each.  It has no
secrets, opens no connection, and may use little memory and time; when it dies, the file was at
fault, and another takes its place.  It ends when its input does, also in the middle of a task.
"""

import contextlib
import os
import resource
import struct
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Final

import av
from PIL import UnidentifiedImageError

from helpdesk.adapters.pyav import images, sound, video
from helpdesk.adapters.pyav.film import is_playable, make_playable
from helpdesk.adapters.pyav.recognise import NO_TYPE, SOUND_ONLY
from helpdesk.adapters.pyav.streams import opened, pictures_of, sound_of
from helpdesk.adapters.pyav.tasks import (
    ALONE,
    READY,
    Answer,
    RefusedError,
    Task,
    encode,
    task_of,
)
from helpdesk.domain.file import INLINE, MediaKind, Recognised, as_claimed
from helpdesk.domain.media import Form

MEMORY: Final = 1024 * 1024 * 1024  # bytes of address space; the libraries alone map 200 MB
FILE_SIZE: Final = 64 * 1024 * 1024  # bytes of one rendition
FILES: Final = 32
# What libraries raise at files that are not what they say; anything else is ours to mend, and the
# process says so by dying of it.
_BROKEN: Final = (
    av.FFmpegError,
    RefusedError,
    UnidentifiedImageError,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG
    struct.error,
    ValueError,
)


def main() -> None:
    seconds = int(sys.argv[1])
    # Libraries that write to standard output must not write into the conversation.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    restrict()
    answers.write(READY)
    try:
        for line in tasks(sys.stdin.buffer):
            allow(seconds)
            answers.write(encode(work(task_of(line))) + b"\n")
    finally:
        os._exit(1)  # at once: without waiting for the thread that reads


def tasks(given: BinaryIO) -> Iterator[bytes]:
    """Yield lines; end the process with its input, whatever it is doing."""
    queue: SimpleQueue[bytes] = SimpleQueue()

    def read() -> None:
        for line in given:
            queue.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    yield from iter(queue.get, None)


def restrict() -> None:
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # some systems have only some of them
            resource.setrlimit(what, (most, most))


def allow(seconds: int) -> None:
    """Let this process compute for so long; the system ends it then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def work(task: Task) -> Answer:
    """Make a plain document of what cannot be shown.

    Raises:
        MemoryError: the limit was reached; let this process go.
    """
    try:
        return look(task)
    except MemoryError:  # FFmpeg's is both
        raise
    except _BROKEN as error:
        reason = str(error) if isinstance(error, RefusedError) else type(error).__name__
        document = Recognised(kind=MediaKind.DOCUMENT, mime=NO_TYPE)
        return Answer(recognised=document, reason=reason)


def look(task: Task) -> Answer:
    it, source, into = task.recognised, Path(task.source), Path(task.into)
    if it.kind is MediaKind.DOCUMENT:
        return Answer(recognised=it)
    if INLINE[it.mime] is MediaKind.IMAGE:
        return images.convert(task, source, into)
    if task.forms == ALONE and it.kind is MediaKind.VIDEO:
        return Answer(recognised=it, made={Form.PLAYABLE: make_playable(source, it.mime, into)})
    with opened(source, it.mime) as container:
        film, stream = pictures_of(container), sound_of(container)
        it = _corrected(it, pictures=film is not None)
        if it.kind is MediaKind.DOCUMENT:
            return Answer(recognised=it, reason="not what it claims to be")
        if film:
            answer = video.convert(container, film, it, into, task.forms)
            plays = is_playable(container, film, stream, it.mime)
            return answer if plays else replace(answer, later=ALONE & task.forms)
        if stream:
            return sound.convert(container, stream, it, into, task.forms)
    raise RefusedError("neither sound nor pictures")


def _corrected(it: Recognised, *, pictures: bool) -> Recognised:
    """Correct what the first bytes did not tell: whether there are pictures in it."""
    silent = SOUND_ONLY.get(it.mime, it.mime)
    mime = it.mime.replace("audio/", "video/") if pictures else silent
    return Recognised(kind=as_claimed(mime, it.kind), mime=mime)


if __name__ == "__main__":
    main()
