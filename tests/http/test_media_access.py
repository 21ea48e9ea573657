"""Files are shown to those who see the message, and run by nobody."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer

from helpdesk.domain.ids import MediaId
from helpdesk.domain.media import Form, Rendition
from tests.http.files import JPEG, SVG, photo, sent
from tests.http.site import Site
from tests.support.streams import pieces


async def test_bytes_come_back_as_they_were_sent(site: Site) -> None:
    media = await sent(site, photo())
    answer = await site.call(f"GET /v1/media/{media['id']}", by=site.office.ana)
    assert (answer.status, answer.body) == (200, JPEG)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="foto.jpg"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"].startswith("private")
    headers = {"If-None-Match": answer.headers["ETag"]}
    unchanged = await site.call(f"GET /v1/media/{media['id']}", by=site.office.ana, headers=headers)
    assert (unchanged.status, unchanged.body) == (304, b"")
    head = await site.call(f"HEAD /v1/media/{media['id']}", by=site.office.ana)
    assert (head.headers["Content-Length"], head.body) == (str(len(JPEG)), b"")
    saved = await site.call(f"GET /v1/media/{media['id']}?download=true", by=site.office.ana)
    assert saved.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("0-0", 0, 1), ("5-", 5, None), ("-7", -7, None), ("10-99999999", 10, None), ("3-8", 3, 9)],
)
async def test_a_part_is_served_alone(site: Site, wanted: str, start: int, end: int | None) -> None:
    media = await sent(site, photo())
    headers = {"Range": f"bytes={wanted}"}
    answer = await site.call(f"GET /v1/media/{media['id']}", by=site.office.ana, headers=headers)
    part = JPEG[start:end]
    assert (answer.status, answer.body) == (206, part)
    first = len(JPEG) + start if start < 0 else start
    told = f"bytes {first}-{first + len(part) - 1}/{len(JPEG)}"
    assert answer.headers["Content-Range"] == told


async def test_a_part_that_is_not_there_is_refused(site: Site) -> None:
    media = await sent(site, photo())
    for wanted in ("bytes=999999-", "bytes=9-3", "lines=1-2"):
        answer = await site.call(
            f"GET /v1/media/{media['id']}", by=site.office.ana, headers={"Range": wanted}
        )
        assert (answer.status, answer.code) == (416, "range_not_satisfiable")
    outdated = {"Range": "bytes=0-1", "If-Range": '"old"'}
    whole = await site.call(f"GET /v1/media/{media['id']}", by=site.office.ana, headers=outdated)
    assert (whole.status, len(whole.body)) == (200, len(JPEG))


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (SVG, "a.svg", "image/svg+xml"),
        (b"<!doctype html><script>alert(1)</script>", "a.html", "text/html"),
        (SVG, "a.png", "image/png"),
        (b"MZ\x90\0", "foto.jpg", "image/jpeg"),
        (b"", "leer.jpg", "image/jpeg"),
        (JPEG, "canto.mp3", "audio/mpeg"),  # harmless, but not what it claims to be
    ],
)
async def test_what_might_run_or_claims_to_be_something_else_is_only_saved(
    site: Site, content: bytes, name: str, mime: str
) -> None:
    media = await sent(site, photo(content, name, mime))
    assert media["kind"] == "document"
    answer = await site.call(f"GET /v1/media/{media['id']}", by=site.office.ana)
    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a%0D%0AX-Evil: 1.jpg",
        "a%22; filename=%22b.exe",
        "\u202egpj.exe",
        "日本.jpg",
    ],
)
async def test_a_hostile_name_does_no_harm(site: Site, name: str) -> None:
    media = await sent(site, photo(name=name))
    answer = await site.call(f"GET /v1/media/{media['id']}", by=site.office.ana)
    assert "X-Evil" not in answer.headers
    told = answer.headers["Content-Disposition"]
    assert told.isascii()
    assert "/" not in media["name"]
    assert told.count('"') == 2


@dataclass(frozen=True, slots=True)
class Files:
    """A file with a thumbnail: whose id, and a link to each of its forms."""

    id: str
    links: list[str]


async def a_file(site: Site) -> Files:
    """Let Ana send a photo, with a thumbnail, and sign links to it."""
    media = await sent(site, photo())
    async with site.office.store.transaction() as work:
        it = await work.chores.message_of(MediaId(UUID(media["id"])))
    assert it
    assert it.content.media
    stored = await site.cases.media().put(pieces(b"small"), limit=99)
    made = Rendition(form=Form.THUMBNAIL, blob=stored.blob, mime="image/webp")
    content = replace(it.content, media=replace(it.content.media, renditions=(made,)))
    await site.office.keep(replace(it, content=content))
    links = await site.call(f"GET /v1/media/{media['id']}/links", by=site.office.ana)
    return Files(media["id"], [one["url"] for one in links.json["items"]])


async def test_files_are_for_those_who_see_the_message(site: Site) -> None:
    files, office = await a_file(site), site.office
    paths = [f"/v1/media/{files.id}{it}" for it in ("", "/thumbnail", "/links")]
    for person, status in ((office.ana, 200), (office.carla, 200), (office.dora, 200)):
        found = [(await site.call(f"GET {it}", by=person)).status for it in paths]
        assert found == [status] * 3, person.name
    for path in [*paths, f"/v1/media/{files.id}/poster", f"/v1/media/{files.id}/nonsense"]:
        answer = await site.call(f"GET {path}", by=office.bia)
        assert (answer.status, answer.code) == (404, "media_not_found")
        assert (await site.call(f"GET {path}")).status == 401
    asked = await site.call(f"POST /v1/media/{files.id}/fetch", by=office.bia)
    assert (asked.status, asked.code) == (404, "media_not_found")
    there = await site.call(f"POST /v1/media/{files.id}/fetch", by=office.ana)
    assert (there.status, there.code) == (409, "not_fetchable")


async def test_a_link_is_good_for_some_minutes_and_for_its_file_alone(site: Site) -> None:
    files = await a_file(site)
    original, thumbnail = files.links
    assert (await site.call(f"GET {original}")).body == JPEG
    assert (await site.call(f"GET {thumbnail}")).body == b"small"
    forged = [
        original.replace("signature=", "signature=0"),
        original.replace("/v1/media/", "/v1/media/").replace("?", "/thumbnail?"),
        original.replace("expires=", "expires=9"),
        original.replace("expires=", "expires=-"),
        original.partition("&")[0] + "&signature=",
    ]
    for link in forged:
        assert (await site.call(f"GET {link}")).status in (401, 404), link
    now = site.cases.now()
    later = replace(site.http.read_media, now=lambda: now().replace(year=now().year + 1))
    old = replace(site.http, read_media=later)
    assert await _status(site, old, original) == 404


async def _status(site: Site, http: Any, path: str) -> int:
    async with (
        TestClient(TestServer(site.another(http))) as client,
        client.get(path) as answer,
    ):
        return answer.status
