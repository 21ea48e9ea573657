"""Signing in and out, cookies, and requests that other sites' pages forge."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.http.site import Answer, Site, open_site

PASSWORD = "correct horse battery"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as it:
        await it.cases.change_password().set(it.office.ana.id, new=PASSWORD)
        yield it


async def sign_in(site: Site, password: str = PASSWORD, **more: Any) -> Answer:
    body = {"email": site.office.ana.email, "password": password}
    return await site.call("POST /v1/sign-in", json=body, **more)


def cookie_of(answer: Answer) -> str:
    return answer.headers["Set-Cookie"].partition(";")[0]


async def test_a_sign_in_gives_a_token_and_a_cookie(site: Site) -> None:
    answer = await sign_in(site)
    assert answer.status == 200
    assert answer.json["attendant"]["name"] == "Ana"
    for headers in (
        {"Authorization": f"Bearer {answer.json['token']}"},
        {"Cookie": cookie_of(answer)},
    ):
        me = await site.call("GET /v1/me", headers=headers)
        assert me.json["attendant"]["id"] == str(site.office.ana.id)


async def test_the_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    attributes = {it.strip() for it in (await sign_in(site)).headers["Set-Cookie"].split(";")}
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= attributes
    assert "Secure" not in attributes


async def test_behind_https_the_cookie_stays_there() -> None:
    async with open_site(base_url="https://help.example.com") as site:
        await site.cases.change_password().set(site.office.ana.id, new=PASSWORD)
        assert "Secure" in (await sign_in(site)).headers["Set-Cookie"]


async def test_the_address_may_be_spelled_in_capitals(site: Site) -> None:
    body = {"email": f" {site.office.ana.email.upper()} ", "password": PASSWORD}
    assert (await site.call("POST /v1/sign-in", json=body)).status == 200


async def test_a_wrong_password_and_an_unknown_address_look_the_same(site: Site) -> None:
    wrong = await sign_in(site, "wrong")
    body = {"email": "nobody@example.com", "password": PASSWORD}
    unknown = await site.call("POST /v1/sign-in", json=body)
    assert wrong.status == unknown.status == 401
    assert wrong.json == unknown.json
    assert wrong.code == "invalid_credentials"


async def test_guessing_is_slowed_down_for_one_address_only(site: Site) -> None:
    answers = [await sign_in(site, "wrong") for _ in range(11)]
    assert {it.status for it in answers[:10]} == {401}
    assert (answers[10].status, answers[10].code) == (429, "too_many_requests")
    assert 0 < int(answers[10].headers["Retry-After"]) <= 30
    assert (await sign_in(site)).status == 429  # or the right one would tell itself
    body = {"email": site.office.bia.email, "password": "wrong"}
    assert (await site.call("POST /v1/sign-in", json=body)).status == 401


async def test_signing_in_well_is_not_counted(site: Site) -> None:
    assert {(await sign_in(site)).status for _ in range(12)} == {200}


async def test_a_proxy_names_the_address_that_guesses() -> None:
    async with open_site(trusted_proxies=1) as site:

        async def guess(number: int, address: str) -> int:
            body = {"email": f"{number}@example.com", "password": "wrong"}
            headers = {"X-Forwarded-For": f"6.6.6.{number}, {address}"}
            return (await site.call("POST /v1/sign-in", json=body, headers=headers)).status

        assert [await guess(it, "203.0.113.9") for it in range(31)][-1] == 429
        assert await guess(31, "203.0.113.10") == 401


async def test_signing_out_ends_this_sign_in_only(site: Site) -> None:
    first, second = await sign_in(site), await sign_in(site)
    bearer = {"Authorization": f"Bearer {first.json['token']}"}
    out = await site.call("POST /v1/sign-out", headers=bearer)
    assert out.status == 204
    assert 'helpdesk_session=""' in out.headers["Set-Cookie"]
    assert (await site.call("GET /v1/me", headers=bearer)).status == 401
    still = {"Authorization": f"Bearer {second.json['token']}"}
    assert (await site.call("GET /v1/me", headers=still)).status == 200


async def test_a_new_password_ends_the_other_sign_ins(site: Site) -> None:
    first, second = await sign_in(site), await sign_in(site)
    bearer = {"Authorization": f"Bearer {first.json['token']}"}
    body = {"current": PASSWORD, "new": "another good one"}
    assert (await site.call("POST /v1/me/password", json=body, headers=bearer)).status == 204
    assert (await site.call("GET /v1/me", headers=bearer)).status == 200
    other = {"Authorization": f"Bearer {second.json['token']}"}
    assert (await site.call("GET /v1/me", headers=other)).status == 401
    assert (await sign_in(site, "another good one")).status == 200


async def test_a_new_password_needs_the_present_one(site: Site) -> None:
    body = {"current": "wrong", "new": "another good one"}
    answer = await site.call("POST /v1/me/password", json=body, by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"current"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-Helpdesk": "0"}, 403),
        ({"X-Helpdesk": "1"}, 200),
        ({"X-Helpdesk": "1", "Origin": "https://evil.example"}, 403),
        ({"X-Helpdesk": "1", "Origin": "null"}, 403),
        ({"X-Helpdesk": "1", "Origin": "http://[bad"}, 403),
        ({"X-Helpdesk": "1", "Origin": "http://127.0.0.1:8080"}, 200),
        ({"X-Helpdesk": "1", "Origin": "http://desk.local", "Host": "desk.local"}, 200),
    ],
    ids=str,
)
async def test_with_the_cookie_a_change_needs_proof_that_the_page_is_ours(
    site: Site, headers: dict[str, str], status: int
) -> None:
    cookie = {"Cookie": cookie_of(await sign_in(site))}
    answer = await site.call("PATCH /v1/me", json={"away": True}, headers=cookie | headers)
    assert answer.status == status
    if status == 403:
        assert answer.code == "csrf"


async def test_with_the_cookie_reading_needs_no_proof(site: Site) -> None:
    cookie = {"Cookie": cookie_of(await sign_in(site)), "Origin": "https://evil.example"}
    assert (await site.call("GET /v1/me", headers=cookie)).status == 200


async def test_a_bearer_token_needs_no_proof(site: Site) -> None:
    headers = {"Origin": "https://app.example"}
    answer = await site.call("PATCH /v1/me", json={}, headers=headers, by=site.office.ana)
    assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "a" * 500},
        {"Authorization": "Bearer caf\u00e9"},
        {"Authorization": "Basic YW5hOnBhc3M="},
        {"Cookie": "helpdesk_session=;;=;\u00e9"},
        {"Cookie": 'helpdesk_session="'},
    ],
    ids=str,
)
async def test_nonsense_signs_nobody_in(site: Site, headers: dict[str, str]) -> None:
    assert (await site.call("GET /v1/me", headers=headers)).status == 401


async def test_who_is_no_longer_active_is_out_at_once(site: Site) -> None:
    ana, dora = site.office.ana, site.office.dora
    assert (await site.call("GET /v1/me", by=ana)).status == 200
    token = await site.token(ana)
    await site.call(f"PATCH /v1/attendants/{ana.id}", json={"active": False}, by=dora)
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await site.call("GET /v1/me", headers=bearer)).status == 401
    assert (await sign_in(site)).status == 401
