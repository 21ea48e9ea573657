"""What the helpdesk and its worker processes say to each other: one JSON object on a line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from helpdesk.domain.file import Recognised
from helpdesk.domain.media import PHOTO_SIZE, Facts, Form

ALONE: Final = frozenset({Form.PLAYABLE})  # made of a film, and taking long
MAX_PIXELS: Final = 64_000_000  # a phone's largest photo has 50; four bytes each are 256 MB
READY: Final = b"ready\n"  # what a worker says when it has loaded its libraries


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Look into the file `source`, and put what is made of it into the directory `into`."""

    source: str
    recognised: Recognised
    into: str
    forms: frozenset[Form]
    photo_size: int = PHOTO_SIZE  # bytes of a photo, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A rendition; `name` is that of its file in the directory."""

    name: str
    mime: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """With a `reason` the file is a plain document, or one form less than wanted was made."""

    recognised: Recognised
    facts: Facts = field(default_factory=Facts)
    made: Mapping[Form, MadeFile] = field(default_factory=dict)
    reason: str = ""
    later: frozenset[Form] = frozenset()


class RefusedError(Exception):
    """The file cannot be shown; the message says why in a few words."""


encode: Final = msgspec.json.Encoder().encode
task_of: Final = msgspec.json.Decoder(Task).decode
answer_of: Final = msgspec.json.Decoder(Answer).decode
