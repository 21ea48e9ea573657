"""Requests with files in them."""

from io import BytesIO
from typing import Any

import aiohttp

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from tests.http.site import Answer, Site

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def form(*parts: tuple[str, bytes | str | BytesIO, str, str]) -> aiohttp.FormData:
    """Each part: its name, content, file name and type; a field has no type."""
    data = aiohttp.FormData(quote_fields=False)  # as browsers write names
    for name, content, filename, mime in parts:
        if mime:
            data.add_field(name, content, filename=filename, content_type=mime)
        else:
            data.add_field(name, content)
    return data


def photo(
    content: bytes = JPEG, name: str = "foto.jpg", mime: str = "image/jpeg"
) -> aiohttp.FormData:
    return form(("caption", "Veja", "", ""), ("file", content, name, mime))


async def upload(
    site: Site, it: Attendance, data: Any, *, by: Attendant | None = None, key: str = ""
) -> Answer:
    return await site.call(
        f"POST /v1/attendances/{it.id}/media",
        data=data,
        by=by or site.office.ana,
        headers={"Idempotency-Key": key} if key else {},
    )


async def kept(site: Site) -> int:
    media = site.cases.media()
    return len([it async for it in media.older_than(site.cases.now()().replace(year=9000))])


async def sent(site: Site, data: aiohttp.FormData) -> Any:
    """Send one file and return it as it is shown."""
    answer = await upload(site, await site.held_by(site.office.ana), data)
    assert answer.status == 201, answer
    return answer.json["items"][0]["media"]
