"""The dashboard's files, the documents, and the headers of everything."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpdesk.adapters.http.middlewares import CSP
from tests.http.site import Answer, Site, open_site

BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A dashboard as Vite leaves it."""
    files = {
        "index.html": b"<h1>inbox</h1>",
        "feedback.html": b"<h1>feedback</h1>",
        "phone.html": b"<h1>phone</h1>",
        "theme.js": b"dark()",
        "theme.js.br": b"dark in br",
        "theme.js.gz": b"dark in gz",
        "manifest.webmanifest": b"{}",
        ".build-hash": b"secret",
        "assets/index-abc123.js": b"run()",
        "assets/index-abc123.css": b"a {}",
        "sounds/new.mp3": b"\xff\xfb",
    }
    for name, content in files.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "static"


@pytest.fixture
async def site(built: Path) -> AsyncIterator[Site]:
    async with open_site(static=built) as it:
        yield it


async def get(site: Site, path: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await site.call(f"GET {path}", headers=named, auto_decompress=False)


@pytest.mark.parametrize("path", ["/", "/index.html", "/attendances/123", "/settings", "/docs/"])
async def test_every_page_of_the_dashboard_is_its_index(site: Site, path: str) -> None:
    answer = await get(site, path)
    assert (answer.status, answer.body) == (200, b"<h1>inbox</h1>")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_feedback_link_opens_the_feedback_page(site: Site) -> None:
    assert (await get(site, "/f/AbCd-_")).body == b"<h1>feedback</h1>"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-old.js",
        "/assets/nothing",
        "/nothing.png",
        "/.build-hash",
        "/theme.js.br",
        "/v1/nothing",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/C:/secret.txt",
    ],
)
async def test_what_is_no_page_is_not_found(site: Site, path: str) -> None:
    answer = await get(site, path)
    assert answer.status == 404
    assert b"secret" not in answer.body


async def test_hashed_files_are_kept_for_ever(site: Site) -> None:
    answer = await get(site, "/assets/index-abc123.js")
    assert (answer.status, answer.body) == (200, b"run()")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


async def test_other_files_are_asked_for_again_and_sent_when_they_changed(site: Site) -> None:
    first = await get(site, "/theme.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await get(site, "/theme.js", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert (await get(site, "/theme.js", If_None_Match='"other"')).status == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0,gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_the_best_encoding_that_the_browser_reads_is_sent(
    site: Site, accepted: str, encoding: str | None
) -> None:
    answer = await get(site, "/theme.js", Accept_Encoding=accepted)
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    bodies = {"br": b"dark in br", "gzip": b"dark in gz", None: b"dark()"}
    assert answer.body == bodies[encoding]


async def test_head_has_no_body(site: Site) -> None:
    for path in ("/", "/livez", "/openapi.json"):
        answer = await site.call(f"HEAD {path}")
        assert (answer.status, answer.body) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 0


async def test_the_phone_is_there_only_with_the_simulator(built: Path, site: Site) -> None:
    assert (await get(site, "/phone.html")).body == b"<h1>phone</h1>"
    async with open_site(static=built, simulator=False) as other:
        assert (await get(other, "/phone.html")).status == 404


async def test_without_a_built_dashboard_a_page_says_what_to_do() -> None:
    async with open_site() as site:
        answer = await get(site, "/")
        assert answer.status == 503
        assert b"make dashboard" in answer.body
        assert (await get(site, "/v1/nothing")).status == 404


@pytest.mark.parametrize(
    "route",
    ["GET /", "GET /docs", "GET /v1/me", "GET /nothing.js", "DELETE /v1/me", "GET /livez"],
)
async def test_every_answer_tells_browsers_to_trust_nothing_else(site: Site, route: str) -> None:
    headers = (await site.call(route)).headers
    assert headers["Content-Security-Policy"] == CSP
    assert "unsafe" not in CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    allowed = "microphone=(self), camera=(), geolocation=(self), payment=()"
    assert headers["Permissions-Policy"] == allowed
    assert headers["Server"] == "helpdesk"
    assert len(headers["X-Request-Id"]) == 32


async def test_what_depends_on_who_asks_is_not_kept(site: Site) -> None:
    answer = await site.call("GET /v1/me", by=site.office.ana)
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_request_keeps_the_id_it_came_with(site: Site) -> None:
    assert (await get(site, "/livez", X_Request_Id="abc-1")).headers["X-Request-Id"] == "abc-1"
    other = (await get(site, "/livez", X_Request_Id="a b")).headers["X-Request-Id"]
    assert other != "a b"
    assert other != "abc-1"


async def test_the_correlation_id_reaches_the_feed(site: Site) -> None:
    it = await site.waiting()
    await site.relay()
    head = await site.cases.feed().head()
    headers = {"X-Request-Id": "from-the-browser"}
    path = f"POST /v1/attendances/{it.id}/notes"
    await site.call(path, json={"text": "!"}, by=site.office.ana, headers=headers)
    await site.relay()
    async for item in site.cases.feed().follow(head):
        assert item.envelope.correlation == "from-the-browser"
        break


async def test_long_json_is_compressed_for_who_can_read_it(site: Site) -> None:
    for _ in range(5):
        await site.waiting()
    route = "GET /v1/attendances"
    bearer = {"Authorization": f"Bearer {await site.token(site.office.dora)}"}
    packed = await site.call(route, headers=bearer | BROWSER, auto_decompress=False)
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = await site.call(
        route, headers=bearer | {"Accept-Encoding": "identity"}, auto_decompress=False
    )
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    short = await site.call("GET /v1/counts", headers=bearer | BROWSER, auto_decompress=False)
    assert "Content-Encoding" not in short.headers


async def test_the_documentation_is_a_page_without_scripts(site: Site) -> None:
    page = await get(site, "/docs")
    text = page.body.decode()
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<script" not in text
    assert "style=" not in text
    for path in ("/v1/attendances/{id}/replies", "/v1/feed", "/simulator/state"):
        assert path in text
    assert (await get(site, "/docs.css")).headers["Content-Type"].startswith("text/css")
