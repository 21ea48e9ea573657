"""Sending a file out of the media store: ranges, caching, and nothing that a browser would run."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import structlog
from aiohttp import web

from helpdesk.adapters.http.problems import RefusedError
from helpdesk.domain.errors import UnavailableError

SANDBOX: Final = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
CACHED: Final = "private, max-age=86400, immutable"  # what is at one address never changes

Open = Callable[[int, int], AbstractAsyncContextManager[AsyncIterator[bytes]]]
log = structlog.get_logger()


async def send_file(
    request: web.Request,
    open: Open,
    *,
    size: int,
    sha256: str,
    mime: str,
    name: str,
    inline: bool,
) -> web.StreamResponse:
    """Answer with a file, or the part that is asked for; `open` takes where to start and end.

    What is not shown `inline` is saved, and has no type.

    Raises:
        MediaNotFoundError, UnavailableError.
        RefusedError: 416, it has no such part.
    """
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": CACHED,
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": disposition(name, inline=inline),
    }
    if etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    start, end = _range(request, size, etag)
    response = web.StreamResponse(headers=headers)
    response.content_type = type_of(mime, inline=inline)
    response.content_length = end - start
    if (start, end) != (0, size) or _wants_range(request, etag):
        response.set_status(HTTPStatus.PARTIAL_CONTENT)
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    async with open(start, end) as chunks:
        await response.prepare(request)
        if request.method != "HEAD":
            await _write(request, response, chunks)
    return response


async def _write(
    request: web.Request, response: web.StreamResponse, chunks: AsyncIterator[bytes]
) -> None:
    try:
        async for chunk in chunks:
            await response.write(chunk)
        await response.write_eof()
    except (UnavailableError, ConnectionError) as error:
        # The status has gone out already: only a broken connection says that this is not all.
        log.info("file_not_sent", error=type(error).__name__)
        if request.transport is not None:
            request.transport.abort()


def type_of(mime: str, *, inline: bool) -> str:
    """What is only saved has no type that a browser knows."""
    return mime if inline else "application/octet-stream"


def disposition(name: str, *, inline: bool) -> str:
    """Write a Content-Disposition of RFC 6266; `name` is a safe one, see `domain.file`."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _wants_range(request: web.Request, etag: str) -> bool:
    condition = request.headers.get("If-Range")
    return "Range" in request.headers and condition in (None, etag)


def _range(request: web.Request, size: int, etag: str) -> tuple[int, int]:
    """Where to start and end; a range that makes no sense is none, as RFC 9110 allows."""
    if not _wants_range(request, etag):
        return 0, size
    try:
        wanted = request.http_range
    except ValueError:
        return _unsatisfiable(size)
    start, end = wanted.start or 0, size if wanted.stop is None else wanted.stop
    if start < 0:
        start = max(size + start, 0)
    if start >= size:
        return _unsatisfiable(size)
    return start, min(end, size)


def _unsatisfiable(size: int) -> tuple[int, int]:
    raise RefusedError(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "range_not_satisfiable",
        f"The file has {size} bytes.",
        headers={"Content-Range": f"bytes */{size}"},
    )
