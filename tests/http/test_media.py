"""Files come by many parts: all of them are sent, or none, and what is wrong is named."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.http.files import JPEG, form, kept, photo, upload
from tests.http.site import Site


async def test_files_are_sent_in_order_with_their_captions(site: Site) -> None:
    it = await site.held_by(site.office.ana)
    data = form(
        ("file", b"%PDF-1.7", "Orçamento.pdf", "application/pdf"),
        ("caption", "Dois", "", ""),
        ("kind", "image", "", ""),
        ("file", JPEG, "foto.jpg", "image/jpeg"),
    )
    answer = await upload(site, it, data)
    one, two = answer.json["items"]
    assert (one["kind"], one["text"], one["media"]["name"]) == ("document", "", "Orçamento.pdf")
    assert (two["kind"], two["text"], two["delivery"]) == ("image", "Dois", "queued")
    assert two["media"]["sha256"] == sha256(JPEG).hexdigest()
    listed = await site.call(f"GET /v1/attendances/{it.id}/messages", by=site.office.ana)
    assert listed.json["items"][-2:] == [one, two]


async def test_a_repeated_key_answers_with_what_it_made(site: Site) -> None:
    it = await site.held_by(site.office.ana)
    first = await upload(site, it, photo(), key="k")
    again = await upload(site, it, photo(), key="k")
    assert again.json == first.json
    other = await upload(site, it, photo(b"GIF89a"), key="k")
    assert (other.status, other.code) == (409, "idempotency_key_reused")


async def test_what_is_too_large_is_refused_and_nothing_is_left(site: Site) -> None:
    it = await site.held_by(site.office.ana)
    large = JPEG + bytes(32 * 1024**2)
    data = form(
        ("file", b"GIF89a first", "a.gif", "image/gif"),
        ("file", BytesIO(large), "b.jpg", "image/jpeg"),
    )
    answer = await upload(site, it, data)
    assert (answer.status, answer.code, answer.fields) == (413, "too_large", {"file"})
    assert answer.json["limit"] == 32 * 1024**2
    assert await kept(site) == 0
    listed = await site.call(f"GET /v1/attendances/{it.id}/messages", by=site.office.ana)
    assert {one["media"] for one in listed.json["items"]} == {None}


def part(name: str, content: bytes = b"1") -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (
        name.encode(),
        content,
    )


END = b"--x--\r\n"
FORM = "multipart/form-data; boundary=x"
WRONG: dict[str, tuple[bytes, str]] = {
    "no boundary": (b"", "body"),
    "nonsense": (b"nonsense", "body"),
    "nothing": (END, "file"),
    "a strange field": (part("zzz") + END, "zzz"),
    "a strange kind": (part("kind", b"virus") + part("file") + END, "kind"),
    "no UTF-8": (part("caption", b"\xff") + END, "caption"),
    "a caption without end": (part("caption", b"a" * 20_000) + END, "caption"),
    "a long caption": (part("caption", b"a" * 1025) + part("file") + END, "caption"),
    "a huge header": (b"--x\r\nA: " + b"b" * 100_000 + b"\r\n\r\n1\r\n" + END, "body"),
    "many headers": (b"--x\r\n" + b"A: b\r\n" * 5000 + b"\r\n1\r\n" + END, "body"),
    "many parts": (part("caption") * 300 + END, "body"),
    "a strange quote": (part("quote") + part("file") + END, "quote"),
    "parts within parts": (
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n" + END,
        "body",
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_body_is_named(site: Site, name: str) -> None:
    it = await site.held_by(site.office.ana)
    body, field = WRONG[name]
    kind = FORM if name != "no boundary" else "multipart/form-data"
    path = f"POST /v1/attendances/{it.id}/media"
    answer = await site.call(path, data=body, by=site.office.ana, headers={"Content-Type": kind})
    assert (answer.status, answer.fields) == (422, {field})
    assert await kept(site) == 0


async def test_only_a_form_is_read(site: Site) -> None:
    it = await site.held_by(site.office.ana)
    path = f"POST /v1/attendances/{it.id}/media"
    answer = await site.call(path, json={}, by=site.office.ana)
    assert (answer.status, answer.fields) == (415, {"Content-Type"})


async def test_a_phone_sends_a_file_and_shows_it(site: Site) -> None:
    path = "/simulator/phones/+5511987654321"
    said = await site.call(f"POST {path}/messages", data=photo())
    assert (said.status, said.json["kind"], said.json["text"]) == (201, "image", "Veja")
    shown = await site.call(f"GET {path}/media/{said.json['id']}")
    assert (shown.status, shown.body) == (200, JPEG)
    other = await site.call(f"GET /simulator/phones/+5511900000001/media/{said.json['id']}")
    assert (other.status, other.code) == (404, "media_not_found")
    assert (await site.call(f"GET {path}/media/nothing")).status == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (form(("caption", "Oi", "", "")), "file"),
        (form(("file", b"1", "a", "x/y"), ("file", b"2", "b", "x/y")), "file"),
    ],
)
async def test_a_phone_sends_one_file_at_a_time(
    site: Site, data: aiohttp.FormData, field: str
) -> None:
    headers = {} if data.is_multipart else {"Content-Type": "multipart/form-data; boundary=x"}
    body: Any = data
    if not data.is_multipart:
        body = b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\n1\r\n--x--'
    path = "POST /simulator/phones/+5511987654321/messages"
    answer = await site.call(path, data=body, headers=headers)
    assert (answer.status, answer.fields) == (422, {field})


async def test_places_and_cards_are_said_on_both_sides(site: Site) -> None:
    place = {"latitude": -23.5, "longitude": -46.6, "name": "Sé", "address": ""}
    card = {"name": "Bia", "phones": ["+55 11 9"], "emails": [], "organization": ""}
    it = await site.held_by(site.office.ana)
    for path in (
        f"POST /v1/attendances/{it.id}/replies",
        "POST /simulator/phones/+5511987654321/messages",
    ):
        said = await site.call(path, json={"location": place}, by=site.office.ana)
        assert (said.status, said.json["kind"], said.json["location"]) == (201, "location", place)
        said = await site.call(path, json={"contacts": [card]}, by=site.office.ana)
        assert (said.status, said.json["kind"], said.json["contacts"]) == (201, "contact", [card])
        both = {"contacts": [card], "text": "Oi"}
        assert (await site.call(path, json=both, by=site.office.ana)).status == 422


async def test_what_may_be_sent_is_told_before(site: Site) -> None:
    me = (await site.call("GET /v1/me", by=site.office.ana)).json
    assert (me["limits"]["caption"], me["limits"]["files"]) == (1024, 30)
    body = {"name": "Filial", "bridge": "whatsapp.venom"}
    added = (await site.call("POST /v1/sessions", json=body, by=site.office.dora)).json
    listed = (await site.call("GET /v1/sessions", by=site.office.ana)).json["items"]
    able = {it["bridge"]: it["capabilities"] for it in listed}
    assert able["whatsapp.venom"] == added["capabilities"]
    shown = [(it["media"]["image"] >> 20, it["voice"], it["edit"]) for it in able.values()]
    assert shown == [(32, "ogg_opus", True), (32, "mp3", False)]  # larger ones are made smaller
