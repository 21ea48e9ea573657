"""Uploads whose sender goes away in the middle of them."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.http.files import JPEG, kept
from tests.http.site import Site, open_site
from tests.support.memory import memory_opening

BOUNDARY = "b0undary"
LARGE = 10_000_000  # bytes that are announced


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """With files on disk."""
    opening = partial(memory_opening, media="local", place=tmp_path)
    async with open_site(opening=opening) as it:
        yield it


def part(content: bytes) -> bytes:
    head = 'Content-Disposition: form-data; name="file"; filename="a.jpg"'
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content


async def test_an_upload_that_breaks_off_leaves_nothing(site: Site, tmp_path: Path) -> None:
    attendance = await site.held_by(site.office.ana)
    url = site.client.make_url("/")
    _, writer = await asyncio.open_connection(url.host, url.port)
    head = (
        f"POST /v1/attendances/{attendance.id}/media HTTP/1.1",
        f"Host: {url.host}",
        f"Authorization: Bearer {await site.token(site.office.ana)}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {LARGE}",
    )
    # One file that is whole, and the beginning of another.
    body = part(JPEG) + b"\r\n" + part(JPEG + bytes(2_000_000))
    writer.write("\r\n".join((*head, "", "")).encode() + body)
    await writer.drain()
    async with asyncio.timeout(60):
        while not (unfinished(tmp_path) and await kept(site)):
            await asyncio.sleep(0.01)
        writer.transport.abort()
        while unfinished(tmp_path) or await kept(site):
            await asyncio.sleep(0.01)
    shown = await site.call(f"GET /v1/attendances/{attendance.id}/messages", by=site.office.ana)
    assert [it for it in shown.json["items"] if it["media"]] == []


def unfinished(place: Path) -> list[Path]:
    return list((place / "media/.unfinished").iterdir())
