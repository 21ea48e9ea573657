"""Files of messages: sending, showing, asking for them again, and links for players."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

import msgspec
from aiohttp import web

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.auth import Access
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.parts import Parts
from helpdesk.adapters.http.problems import invalid
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body
from helpdesk.adapters.http.serving import disposition, send_file, type_of
from helpdesk.adapters.http.views import ListOut, MessageOut, list_of
from helpdesk.domain.attachment import NotFetchableError
from helpdesk.domain.attendance import (
    AttendanceClosedError,
    AttendanceNotFoundError,
    NotYoursError,
)
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import FileTooLargeError, MediaNotFoundError
from helpdesk.domain.ids import AttendanceId, MediaId, MessageId
from helpdesk.domain.media import Form
from helpdesk.domain.usecases.read_media import Shown, link_of
from helpdesk.domain.usecases.send_media import Kept
from helpdesk.domain.window import WindowClosedError

Signature = Annotated[str, msgspec.Meta(max_length=100, pattern=NO_NUL)]


class FileQuery(Body, frozen=True):
    """`expires` and `signature` are those of a link; `download` saves instead of showing."""

    expires: int | None = None
    signature: Signature | None = None
    download: bool = False


class LinkOut(Out, frozen=True):
    """`form` is null for the original."""

    form: Form | None
    url: str
    expires_at: datetime


@endpoint(
    "POST /v1/attendances/{id}/media",
    takes=Nothing,
    returns=ListOut[MessageOut],
    status=HTTPStatus.CREATED,
    errors=(
        AttendanceNotFoundError,
        AttendanceClosedError,
        NotYoursError,
        WindowClosedError,
        FileTooLargeError,
    ),
    keyed=True,
    files=frozenset({"quote"}),
)
async def send_files(call: Call[Nothing]) -> ListOut[MessageOut]:
    """Send files to the client, each with its caption, in order.

    The parts `kind` and `caption` are about the `file` that follows them; `quote` is the id of a
    message, and is about the first file. A `sticker` is made of a WebP, PNG or JPEG. How large a
    file of each kind may be is among the capabilities of the attendance's session (`GET
    /v1/sessions`). All are sent, or none.
    """
    send, attendance = call.cases.send_media, AttendanceId(call.id)
    limits = await send.admit(attendance, by=call.by)
    parts, kept = call.parts(), list[Kept]()
    try:
        async for upload in parts:
            kept.append(await send.keep(upload, limits))
        quote = _quote(parts)
        sent = await send(attendance, kept, by=call.by, quote=quote, key=call.key)
    except BaseException:
        await _discard(call, kept)
        raise
    return list_of(sent, MessageOut.of)


async def _discard(call: Call[Nothing], kept: list[Kept]) -> None:
    """Leave nothing behind; when that fails, the clean-up job does it."""
    try:
        await call.cases.send_media.discard(kept)
    except UnavailableError:
        return


def _quote(parts: Parts) -> MessageId | None:
    text = parts.fields.get("quote")
    try:
        return MessageId(UUID(text)) if text else None
    except ValueError as error:
        raise invalid("quote", "must be a UUID") from error


@endpoint(
    "GET /v1/media/{id}",
    takes=FileQuery,
    returns="*/*",
    errors=(MediaNotFoundError,),
    access=Access.LINK,
    ranges=True,
)
async def read_file(call: Call[FileQuery]) -> web.StreamResponse:
    """Show the original of a file, to whoever sees its message or has a link.

    Images, sound and video are shown in place; everything else is saved as a file.
    """
    return await _send(call, None)


@endpoint(
    "GET /v1/media/{id}/{form}",
    takes=FileQuery,
    returns="*/*",
    errors=(MediaNotFoundError,),
    access=Access.LINK,
    ranges=True,
)
async def read_rendition(call: Call[FileQuery]) -> web.StreamResponse:
    """Show what was made of a file: a thumbnail, a poster, sound that every browser plays."""
    try:
        return await _send(call, Form(call.text("form")))
    except ValueError:
        raise MediaNotFoundError from None


async def _send(call: Call[FileQuery], form: Form | None) -> web.StreamResponse:
    found = await _found(call, form)
    inline = found.inline and not call.input.download
    if call.request.method == "GET":
        told = disposition(found.name, inline=inline)
        mime = type_of(found.mime, inline=inline)
        if url := await call.cases.read_media.address(found, mime=mime, disposition=told):
            return web.Response(status=HTTPStatus.FOUND, headers={"Location": url})
    return await send_file(
        call.request,
        partial(_open, call, found),
        size=found.blob.size,
        sha256=found.blob.sha256,
        mime=found.mime,
        name=found.name,
        inline=inline,
    )


async def _found(call: Call[FileQuery], form: Form | None) -> Shown:
    read, id, it = call.cases.read_media, MediaId(call.id), call.input
    if it.signature is not None:
        return await read.follow(link_of(id, form, it.expires or 0), it.signature)
    return await read.find(id, form, by=call.by)


def _open(
    call: Call[FileQuery], found: Shown, start: int, end: int
) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
    return call.cases.read_media.open(found, start=start, end=end)


@endpoint(
    "GET /v1/media/{id}/links",
    takes=Nothing,
    returns=ListOut[LinkOut],
    errors=(MediaNotFoundError,),
)
async def list_links(call: Call[Nothing]) -> ListOut[LinkOut]:
    """Sign links to a file and its renditions, good for ten minutes without signing in."""
    links = await call.cases.read_media.links(MediaId(call.id), by=call.by)
    return ListOut(
        [
            LinkOut(
                form=it.form,
                url=f"/v1/media/{it.media_id}{f'/{it.form}' if it.form else ''}"
                f"?expires={it.expires}&signature={signature}",
                expires_at=it.expires_at,
            )
            for it, signature in links
        ]
    )


@endpoint(
    "POST /v1/media/{id}/fetch",
    takes=Nothing,
    status=HTTPStatus.ACCEPTED,
    errors=(MediaNotFoundError, NotFetchableError),
)
async def fetch_again(call: Call[Nothing]) -> None:
    """Ask again for a client's file that could not be fetched; it is in the feed when it comes."""
    await call.cases.ask_again(MediaId(call.id), by=call.by)


ENDPOINTS: Final = (send_files, list_links, read_file, read_rendition, fetch_again)
