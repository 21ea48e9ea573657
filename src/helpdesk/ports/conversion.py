"""Looking into files, and making of them what everybody can see and hear.

Files come from strangers.  An adapter opens them in processes of its own, with limits on number,
time and memory, never in ours; whatever a file contains, it answers, and it answers soon.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import PHOTO_SIZE, Facts, Form

HEAD: Final = 8192  # bytes of a file that `recognise` is given, or all of a shorter one


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A rendition in a file of its own, in the directory that was given."""

    path: Path
    mime: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a file really is, what is known of it, and what was made.

    `recognised` has the kind DOCUMENT when the file cannot be shown: it is broken, too large in
    pixels or seconds, not what it claims to be, or took too long; `reason` then says so in a few
    words for a log.  `later` are forms of use that take minutes: they are made when nothing else is
    asked for.
    """

    recognised: Recognised
    facts: Facts = field(default_factory=Facts)
    made: Mapping[Form, Made] = field(default_factory=dict)
    reason: str = ""
    later: frozenset[Form] = frozenset()


class Conversion(Protocol):
    def recognise(self, head: bytes, *, claimed: MediaKind, name: str, mime: str) -> Recognised:
        """Say by its first bytes what a file is; fast, without opening it.

        The result's kind is `claimed` where the bytes can be that, else DOCUMENT.  So is what is
        not surely an image, sound or video that browsers show without risk: SVG, HTML, executables
        and empty files.  A claimed DOCUMENT stays one.  A VOICE is any
        sound, also one in a container for video without pictures; a STICKER is WebP.  `mime` and
        `name` are the sender's words: a hint among types that share their first bytes.
        """
        ...

    async def convert(
        self,
        original: Path,
        recognised: Recognised,
        *,
        into: Path,
        forms: frozenset[Form],
        photo_size: int = PHOTO_SIZE,
    ) -> Converted:
        """Find out the facts, and make those of `forms` that befit the kind, in the directory.

        An image or sticker: its size, a THUMBNAIL (also when the original is small), a PHOTO of
        at most `photo_size` bytes unless an image is a plain JPEG or PNG of so many, a STICKER
        unless a sticker is one that WhatsApp takes, or a reason when it is more than one picture.
        A video: its size as shown, its length, a POSTER, and `later` PLAYABLE unless the original
        is H.264 with AAC in MP4; asked for that alone, it stays a video, with a reason when it
        could not be made.  Sound: its length, `media.PEAKS` peaks for the waveform, PLAYABLE unless
        every browser and WhatsApp play the original, and for a VOICE the form VOICE unless the
        original is mono Opus in Ogg already, and MP3.  A document: nothing.  Each form only when it
        is asked for.  What is made of a hostile or broken file is nothing, see `Converted`.

        `into` exists and is empty; the caller deletes it.  Waits for its turn when much is to do.

        Raises:
            UnavailableError: the adapter itself failed, not the file; ask again later.
        """
        ...
