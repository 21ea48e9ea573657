"""The built dashboard, from memory: no disk in a request, and nothing outside its folder.

Files in `assets/` have a hash in their names and never change; all others are asked for again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from mimetypes import MimeTypes
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

INDEX: Final = "index.html"
FEEDBACK: Final = "feedback.html"
PHONE: Final = "phone.html"

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))  # the better one first
_OF_THE_API: Final = frozenset({"v1", "simulator", "assets"})
_MISSING: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Helpdesk</title>
<h1>The dashboard is not built</h1>
<p>The API works all the same. In a checkout, run <code>make dashboard</code> and start again.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class File:
    """One file, in every encoding that was built."""

    content_type: str
    etag: str
    cache_control: str
    identity: bytes
    encoded: Mapping[str, bytes]

    def answer(self, request: web.Request) -> web.Response:
        """Send it, or say that the browser has it."""
        headers = {
            "ETag": self.etag,
            "Cache-Control": self.cache_control,
            "Vary": "Accept-Encoding",
        }
        if self.etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        body = self.identity
        accepted = _accepted(request)
        for encoding, encoded in self.encoded.items():
            if encoding in accepted:
                headers["Content-Encoding"], body = encoding, encoded
                break
        return web.Response(body=body, headers=headers | {"Content-Type": self.content_type})


def load(folder: Path) -> dict[str, File]:
    """Read all files by their paths; none when nothing was built."""
    if not folder.is_dir():
        return {}
    return dict(_files(folder))


def serving(files: Mapping[str, File], *, simulator: bool) -> Middleware:
    """Make the middleware that answers every GET which is no endpoint."""
    hidden = frozenset() if simulator else frozenset({PHONE})

    @web.middleware
    async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
        unknown = isinstance(request.match_info.http_exception, web.HTTPNotFound)
        if unknown and request.method in ("GET", "HEAD"):
            return _page(request, files, hidden)
        return await handler(request)

    return serve


def _page(request: web.Request, files: Mapping[str, File], hidden: frozenset[str]) -> web.Response:
    path = request.path.lstrip("/") or INDEX
    if path in files and path not in hidden:
        return files[path].answer(request)
    first = path.partition("/")[0]
    is_file = "." in path.rpartition("/")[2] and path != INDEX
    if first in _OF_THE_API or is_file:
        raise web.HTTPNotFound
    if not files:
        return web.Response(text=_MISSING, content_type="text/html", status=503)
    return files[FEEDBACK if first == "f" else INDEX].answer(request)


def _files(folder: Path) -> Iterator[tuple[str, File]]:
    types = MimeTypes()
    types.add_type("application/manifest+json", ".webmanifest")
    types.add_type("text/javascript", ".js")  # some machines' tables say otherwise
    types.add_type("font/woff2", ".woff2")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix in (".br", ".gz") or name.startswith("."):
            continue
        identity = path.read_bytes()
        kind = types.guess_type(name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        yield (
            name,
            File(
                content_type=f"{kind}; charset=utf-8" if text else kind,
                etag=f'"{sha256(identity).hexdigest()[:20]}"',
                cache_control=_FOR_EVER if name.startswith("assets/") else _ASK_AGAIN,
                identity=identity,
                encoded=_encoded(path),
            ),
        )


def _encoded(path: Path) -> dict[str, bytes]:
    beside = ((encoding, path.with_name(path.name + suffix)) for encoding, suffix in _ENCODINGS)
    return {encoding: it.read_bytes() for encoding, it in beside if it.is_file()}


def _accepted(request: web.Request) -> frozenset[str]:
    """Encodings that the browser names without `q=0`."""
    named = request.headers.get("Accept-Encoding", "").lower().split(",")
    parts = ([part.strip() for part in it.split(";")] for it in named)
    return frozenset(it[0] for it in parts if not any(_is_zero(part) for part in it[1:]))


def _is_zero(parameter: str) -> bool:
    return parameter.startswith("q=") and parameter[2:].strip("0.") == ""
