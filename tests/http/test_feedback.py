"""The client's feedback page, as its script sees it."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from helpdesk.domain.feedback import Feedback
from tests.http.site import Site

TOKEN = "AbCdEfGhIjKlMnOpQrStUv"
PATH = f"/v1/feedback/{TOKEN}"


async def ask(site: Site, *, days_ago: int = 0) -> None:
    closed = await site.office.close(await site.held_by(site.office.ana))
    at = site.cases.now()() - timedelta(days=days_ago)
    await site.office.keep(Feedback.ask(closed.id, token=TOKEN, at=at))


async def test_a_score_is_taken_once(site: Site) -> None:
    await ask(site)
    for _ in range(2):  # looking changes nothing
        form = await site.call(f"GET {PATH}")
        assert (form.status, form.json["state"]) == (200, "open")
    given = await site.call(f"POST {PATH}", json={"score": 5, "comment": "Ótimo\n👍"})
    assert (given.status, given.json) == (200, {"score": 5})
    for method, body in (("GET", None), ("POST", {"score": 1})):
        again = await site.call(f"{method} {PATH}", json=body)
        assert (again.status, again.code) == (409, "feedback_used")
    listed = (await site.call("GET /v1/attendances", by=site.office.dora)).json["items"]
    assert listed[0]["feedback"]["score"] == 5
    assert listed[0]["feedback"]["comment"] == "Ótimo\n👍"


async def test_unknown_and_expired_links_say_so(site: Site) -> None:
    await ask(site, days_ago=8)
    expired = await site.call(f"GET {PATH}")
    assert (expired.status, expired.code) == (404, "feedback_expired")
    unknown = await site.call("POST /v1/feedback/unknown", json={"score": 5})
    assert (unknown.status, unknown.code) == (404, "feedback_unknown")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "score"),
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"score": 4.5}, "score"),
        ({"score": "5"}, "score"),
        ({"score": True}, "score"),
        ({"score": 5, "comment": "a" * 1001}, "comment"),
        ({"score": 5, "comment": "a\0"}, "comment"),
        ({"score": 5, "name": "x"}, "name"),
    ],
    ids=str,
)
async def test_what_is_no_answer_is_refused(site: Site, body: dict[str, Any], field: str) -> None:
    await ask(site)
    answer = await site.call(f"POST {PATH}", json=body)
    assert (answer.status, answer.fields) == (422, {field})


async def test_trying_links_is_slowed_down(site: Site) -> None:
    answers = [await site.call(f"GET /v1/feedback/guess{it}") for it in range(61)]
    assert {it.status for it in answers[:60]} == {404}
    assert answers[60].status == 429
    assert "Retry-After" in answers[60].headers


async def test_the_link_is_in_no_log(site: Site) -> None:
    await ask(site)
    with capture_logs() as lines:
        await site.call(f"GET {PATH}")
        await site.call(f"GET /f/{TOKEN}")
        await site.call("GET /simulator/phones/+5511900000009/messages")
    assert len(lines) == 3
    assert TOKEN not in str(lines)
    assert "900000009" not in str(lines)
