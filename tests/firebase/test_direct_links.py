"""Files that browsers read from the bucket itself: under our rule, and as we would serve them.

What is at an address is answered by fake-gcs-server, which believes every signature.  That Google
believes ours is taken from its own library, which must sign the same request in the same way.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from google.cloud.storage._signing import generate_signed_url_v4
from google.oauth2 import service_account

from helpdesk.adapters.firebase.storage import open_bucket
from helpdesk.domain.usecases.read_media import DIRECT_FROM
from helpdesk.neighbours import Firebase
from helpdesk.opening import OpeningError, shows
from helpdesk.settings import Adapters, Settings
from tests.http.files import JPEG, SVG, photo, sent
from tests.http.site import Answer, Site, open_site
from tests.support.bucket import Bucket, bucket_settings
from tests.support.memory import memory_opening

LARGE = JPEG + bytes(DIRECT_FROM)


@pytest.fixture
async def firebase(tmp_path: Path) -> AsyncIterator[Firebase]:
    async with bucket_settings(tmp_path, Bucket(tmp_path)) as it:
        yield replace(it, direct_links=True)


@pytest.fixture
async def site(tmp_path: Path, firebase: Firebase) -> AsyncIterator[Site]:
    files = partial(memory_opening, media="firebase", place=tmp_path, firebase=firebase)
    chosen = Settings(adapters=Adapters(media="firebase"), firebase=firebase)
    async with open_site(opening=files, shows=shows(chosen)) as it:
        yield it


async def asked(site: Site, media: Any, more: str = "", **how: Any) -> Answer:
    how.setdefault("by", site.office.ana)
    return await site.call(f"GET /v1/media/{media['id']}{more}", **how)


async def followed(site: Site, answer: Answer, wanted: str = "") -> Answer:
    """As a browser does: with the range that it wants, and nothing that says who it is."""
    assert answer.status == 302, answer
    headers = {"Range": wanted} if wanted else {}
    async with site.client.session.get(answer.headers["Location"], headers=headers) as it:
        return Answer(it.status, it.headers.copy(), await it.read())


async def test_a_large_file_is_read_from_the_bucket_by_those_who_see_it(site: Site) -> None:
    media = await sent(site, photo(LARGE))
    answer = await asked(site, media)
    assert answer.headers["Cache-Control"] == "no-store"
    whole = await followed(site, answer)
    assert (whole.status, whole.body == LARGE) == (200, True)
    part = await followed(site, answer, "bytes=5-9")
    assert (part.status, part.body) == (206, LARGE[5:10])

    stranger = await asked(site, media, by=site.office.bia)
    assert (stranger.status, stranger.code) == (404, "media_not_found")
    assert (await asked(site, media, by=None)).status == 401
    links = await asked(site, media, "/links")
    [link] = links.json["items"]
    assert (await site.call(f"GET {link['url']}")).status == 302
    old = link["url"].replace("expires=", "expires=1")
    assert (await site.call(f"GET {old}")).status == 404


async def test_it_is_signed_as_we_would_serve_it_for_ten_minutes(site: Site) -> None:
    media = await sent(site, photo(LARGE))
    told = signed(await asked(site, media))
    assert told["response-content-type"] == "image/jpeg"
    assert told["response-content-disposition"].startswith('inline; filename="foto.jpg"')
    assert told["X-Goog-Expires"] == "600"
    saved = signed(await asked(site, media, "?download=true"))
    assert saved["response-content-disposition"].startswith("attachment")
    assert saved["response-content-type"] == "application/octet-stream"


async def test_what_might_run_is_only_saved_there_too(site: Site) -> None:
    media = await sent(site, photo(SVG + b" " * DIRECT_FROM, "a.svg", "image/svg+xml"))
    told = signed(await asked(site, media))
    assert told["response-content-type"] == "application/octet-stream"
    assert told["response-content-disposition"].startswith("attachment")


async def test_what_is_small_comes_from_us(site: Site) -> None:
    media = await sent(site, photo())
    answer = await asked(site, media)
    assert (answer.status, answer.body) == (200, JPEG)
    large = await sent(site, photo(LARGE))
    head = await site.call(f"HEAD /v1/media/{large['id']}", by=site.office.ana)
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(LARGE)))


async def test_pages_show_pictures_and_sound_of_the_bucket_alone(
    site: Site, firebase: Firebase
) -> None:
    policy = (await site.call("GET /livez")).headers["Content-Security-Policy"].split("; ")
    assert f"img-src 'self' {firebase.storage_url} blob: data:" in policy
    assert f"media-src 'self' {firebase.storage_url} blob:" in policy
    assert "connect-src 'self'" in policy
    chosen = Settings(adapters=Adapters(media="firebase"), firebase=Firebase(direct_links=True))
    assert shows(chosen) == ("https://storage.googleapis.com",)
    for off in (Settings(), replace(chosen, firebase=Firebase())):
        assert shows(off) == ()


async def test_google_s_own_library_signs_alike(site: Site, firebase: Firebase) -> None:
    media = await sent(site, photo(LARGE, "praia à tarde.jpg"))
    answer = await asked(site, media)
    address, told = urlsplit(answer.headers["Location"]), signed(answer)
    theirs = generate_signed_url_v4(
        service_account.Credentials.from_service_account_file(firebase.credentials),  # type: ignore[no-untyped-call]
        resource=address.path,
        expiration=int(told["X-Goog-Expires"]),
        query_parameters={it: told[it] for it in told if it.startswith("response-")},
        _request_timestamp=told["X-Goog-Date"],
    )
    [signature] = parse_qs(urlsplit(theirs).query)["X-Goog-Signature"]
    assert signature == told["X-Goog-Signature"]


async def test_without_a_key_it_is_refused_at_the_start(tmp_path: Path) -> None:
    nameless = Firebase(bucket="b", storage_url="http://127.0.0.1:9", direct_links=True)
    with pytest.raises(OpeningError, match=r"firebase\.credentials"):
        async with open_bucket(nameless, tmp_path):
            pass


def signed(answer: Answer) -> dict[str, str]:
    """What the address says."""
    query = urlsplit(answer.headers["Location"]).query
    return {name: value for name, [value] in parse_qs(query).items()}
