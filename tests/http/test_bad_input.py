"""Whatever is wrong with a request is named with a reason, and nothing of it is our fault."""

import asyncio
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from helpdesk.domain.errors import UnavailableError
from tests.http.site import Answer, Site, open_site

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def path(site: Site) -> str:
    """Where a reply can be written."""
    return f"POST /v1/attendances/{(await site.waiting()).id}/replies"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "text"),
        (b"{", "body"),
        (b"nonsense", "body"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b'{"text": 1}', "text"),
        (b'{"text": null}', "text"),
        (b'{"text": ""}', "text"),
        (b'{"text": "a\\u0000"}', "text"),
        (b'{"text": "a", "extra": 1}', "extra"),
        (b'{"text": "a", "quote": "x"}', "quote"),
        (b'{"text": "a", "quote": "00000000-0000-0000-0000-0000000000ff"}', "quote"),
        (b'{"text": "\\ud800"}', "body"),
        (b'{"text": "\xff"}', "body"),
        (b'{"text": "a"} more', "body"),
        (b'\xef\xbb\xbf{"text": "a"}', "body"),
        (b'{"text": "' + b"a" * 4097 + b'"}', "text"),
        (b"[" * 50_000, "body"),
        (b'{"text": ' + b"[" * 50_000, "text"),
        (b'{"x": ' * 20_000, "x"),
        (b'{"quote": 1e999, "text": "a"}', "quote"),
        (b'{"text": ' + b"9" * 10_000 + b"}", "text"),
    ],
    ids=lambda it: it[:30].decode("latin-1") if isinstance(it, bytes) else it,
)
async def test_a_wrong_body_is_named(site: Site, path: str, body: bytes, field: str) -> None:
    answer = await site.call(path, data=body, headers=JSON, by=site.office.ana)
    assert (answer.status, answer.code, answer.fields) == (422, "invalid", {field})


async def test_one_too_deep_is_refused_too(site: Site) -> None:
    body = b'{"tags": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    client = await site.office.meet()
    path = f"PATCH /v1/clients/{client.id}"
    answer = await site.call(path, data=body, headers=JSON, by=site.office.ana)
    assert answer.status == 422


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "nonsense",
    ],
)
async def test_only_json_is_read(site: Site, path: str, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    answer = await site.call(path, data=b'{"text": "a"}', headers=headers, by=site.office.ana)
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


async def test_json_may_name_its_charset(site: Site, path: str) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    answer = await site.call(path, data=b'{"text": "a"}', headers=headers, by=site.office.ana)
    assert answer.status == 201


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with open_site(max_body_bytes=1000) as site:
        path = f"POST /v1/attendances/{(await site.waiting()).id}/replies"
        answer = await site.call(path, json={"text": "a" * 1000}, by=site.office.ana)
        assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=x", "limit"),
        ("limit=1.5", "limit"),
        ("limit=" + "9" * 300, "limit"),
        ("limit=\u0661", "limit"),
        ("status=lost", "status"),
        ("mine=perhaps", "mine"),
        ("sector=x", "sector"),
        ("sector=null", "sector"),
        ("client=1", "client"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "a" * 301, "cursor"),
        ("page=2", "page"),
        ("%00=1", "\ufffd"),
        ("a%ED%A0%80=1", "a\ufffd\ufffd\ufffd"),
    ],
)
async def test_a_wrong_parameter_is_named(site: Site, query: str, field: str) -> None:
    answer = await site.call(f"GET /v1/attendances?{query}", by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {field})


@pytest.mark.parametrize("before", ["0", "-1", "x", str(2**31), "9" * 100])
async def test_a_wrong_position_is_named(site: Site, before: str) -> None:
    path = f"GET /v1/attendances/{(await site.waiting()).id}/messages?before={before}"
    assert (await site.call(path, by=site.office.ana)).fields == {"before"}


@pytest.mark.parametrize("q", ["", "%20", "%00", "a" * 201, "%F0%9F", "ol", "%22%20%22"])
async def test_a_search_needs_something_to_search_for(site: Site, q: str) -> None:
    answer = await site.call(f"GET /v1/search?q={q}", by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"q"})


async def test_a_parameter_where_there_is_none_is_named(site: Site, path: str) -> None:
    answer = await site.call(f"{path}?x=1", json={"text": "a"}, by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"x"})


@pytest.mark.parametrize("id", ["1", "x", "%00", "00000000-0000-0000-0000-00000000000g"])
async def test_an_id_is_a_uuid(site: Site, id: str) -> None:
    answer = await site.call(f"GET /v1/attendances/{id}", by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"id"})


@pytest.mark.parametrize("key", ["", "a" * 201, "caf\u00e9", "a\tb"])
async def test_a_key_is_printable(site: Site, path: str, key: str) -> None:
    headers = {"Idempotency-Key": key}
    answer = await site.call(path, json={"text": "a"}, headers=headers, by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"Idempotency-Key"})


async def test_an_unknown_path_is_a_problem(site: Site) -> None:
    for route in ("GET /v1/nothing", "POST /v1/nothing", "GET /simulator/x", "DELETE /x"):
        answer = await site.call(route)
        assert (answer.status, answer.code) == (404, "not_found"), route


@pytest.mark.parametrize(
    ("route", "allowed"),
    [
        ("DELETE /v1/me", {"GET", "HEAD", "PATCH"}),
        ("GET /v1/sign-in", {"POST"}),
        ("OPTIONS /v1/counts", {"GET", "HEAD"}),
        ("POST /livez", {"GET", "HEAD"}),
        ("PROPFIND /v1/counts", {"GET", "HEAD"}),
    ],
)
async def test_a_method_that_is_not_there_names_those_that_are(
    site: Site, route: str, allowed: set[str]
) -> None:
    answer = await site.call(route)
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /v1/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/feedback/%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/feedback/\xed\xa0\x80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: x\r\nCookie: helpdesk_session=\xff\r\n\r\n",
        b"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\xffb\r\n\r\n",
        b"GET /v1/feedback/x HTTP/1.1\r\nHost: \xff\r\nX-Forwarded-For: \xff\r\n\r\n",
        b"POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n",
        b"GET //v1/me HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://other/v1/me HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
    ids=repr,
)
async def test_bytes_that_are_no_text_are_refused(site: Site, raw: bytes) -> None:
    url = site.client.make_url("")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(raw)
    async with asyncio.timeout(60):
        status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    assert 400 <= status < 500 or b"etc/passwd" in raw or b"//v1" in raw
    assert status != 500


async def test_a_bug_shows_nothing_of_itself_but_is_logged(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await broken(site, monkeypatch, ZeroDivisionError("secret"))
    assert (answer.status, answer.code) == (500, "internal_server_error")
    assert b"secret" not in answer.body
    with capture_logs() as lines:
        await broken(site, monkeypatch, ZeroDivisionError("secret"))
    assert [it["event"] for it in lines] == ["request_failed", "request"]
    assert lines[0]["exc_info"] is True or lines[0]["log_level"] == "error"


async def test_a_neighbour_that_does_not_answer_is_no_bug(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await broken(site, monkeypatch, UnavailableError("The store does not answer."))
    assert (answer.status, answer.code) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def broken(site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Answer:
    """Let the board fail."""

    async def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(type(site.cases.board()), "counts", fail)
    return await site.call("GET /v1/counts", by=site.office.ana)


async def test_a_problem_has_the_form_of_rfc_9457(site: Site) -> None:
    answer = await site.call("GET /v1/attendances?limit=0", by=site.office.ana)
    assert json.loads(answer.body) == {
        "type": "urn:helpdesk:problem:invalid",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "limit: Expected int >= 1",
        "code": "invalid",
        "errors": [{"field": "limit", "reason": "Expected int >= 1"}],
    }


async def test_a_text_that_is_much_too_long_is_refused_by_its_name(site: Site) -> None:
    answer = await site.call(f"GET /v1/clients?q={'á' * 9000}", by=site.office.dora)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "q")
