"""Files that come in a request, as they come: nothing of them is kept in memory.

A body is `multipart/form-data`.  Small fields say something of the next `file`; some are of all.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from helpdesk.adapters.http.problems import FieldProblem, RefusedError, invalid
from helpdesk.domain.file import MediaKind
from helpdesk.domain.usecases.send_media import Upload

Result = TypeVar("Result")

MULTIPART: Final = "multipart/form-data"
PIECE: Final = 65_536
FIELD_LIMIT: Final = 16_384  # bytes of a field that is no file
PARTS_LIMIT: Final = 200
SILENCE: Final = 60.0  # seconds within which something must come
_NAME_LIMIT: Final = 1000  # characters of a name as it is sent


class Parts:
    """One pass over a body; `fields` has what was said of all files, as far as it was read."""

    def __init__(self, request: web.Request, *, common: frozenset[str]) -> None:
        if request.content_type != MULTIPART:
            raise RefusedError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                f"Send {MULTIPART}.",
                errors=(FieldProblem("Content-Type", f"must be {MULTIPART}"),),
            )
        self._request = request
        self._common = common
        self.fields: dict[str, str] = {}

    async def __aiter__(self) -> AsyncIterator[Upload]:
        """Yield each file; it must be read before the next one is asked for."""
        said: dict[str, str] = {}
        async for part in self._parts():
            if part.name == "file":
                yield _upload(part, said)
                said = {}
            elif part.name in ("caption", "kind"):
                said[part.name] = await _text(part)
            elif part.name in self._common:
                self.fields[part.name] = await _text(part)
            else:
                raise invalid(_printable(part.name), "is unknown")

    async def _parts(self) -> AsyncIterator[BodyPartReader]:
        try:
            reader = await self._request.multipart()
            for _ in range(PARTS_LIMIT):
                part = await _soon(reader.next())
                if part is None:
                    return
                if not isinstance(part, BodyPartReader):
                    raise invalid("body", "has parts within parts")
                yield part
        except (ValueError, BadHttpMessage, AssertionError) as error:
            raise invalid("body", "must be well-formed multipart/form-data") from error
        raise invalid("body", f"has more than {PARTS_LIMIT} parts")


def _upload(part: BodyPartReader, said: dict[str, str]) -> Upload:
    kind = said.get("kind") or None
    if kind is not None and kind not in set(MediaKind):
        raise invalid("kind", f"must be one of {', '.join(MediaKind)}")
    return Upload(
        chunks=_chunks(part),
        name=_unescaped((part.filename or "")[:_NAME_LIMIT]),
        mime=part.headers.get("Content-Type", "").partition(";")[0].strip().lower()[:100],
        kind=MediaKind(kind) if kind else None,
        caption=said.get("caption", ""),
    )


def _unescaped(name: str) -> str:
    """Undo what browsers write for three characters, and for them alone (WHATWG, form-data)."""
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await _soon(part.read_chunk(PIECE)):
        yield chunk


async def _text(part: BodyPartReader) -> str:
    content = bytearray()
    async for chunk in _chunks(part):
        content += chunk
        if len(content) > FIELD_LIMIT:
            raise invalid(_printable(part.name), f"has more than {FIELD_LIMIT} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise invalid(_printable(part.name), "must be UTF-8") from error


async def _soon(reading: Awaitable[Result]) -> Result:
    try:
        async with asyncio.timeout(SILENCE):
            return await reading
    except TimeoutError:
        raise RefusedError(
            HTTPStatus.REQUEST_TIMEOUT, "request_timeout", "Nothing came for a minute."
        ) from None


def _printable(name: str | None) -> str:
    return (name or "a part without a name").encode("ascii", "replace").decode()[:100]
