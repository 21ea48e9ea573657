"""Alive, ready, and how it goes."""

import asyncio
from collections.abc import Mapping

import pytest

from helpdesk.adapters.http import health
from helpdesk.adapters.http.options import Probes
from tests.http.site import PHONE, Site, open_site, ready


async def test_a_process_that_answers_is_alive(site: Site) -> None:
    assert (await site.call("GET /livez")).json == {"status": "ok"}


async def test_readiness_names_what_is_wrong() -> None:
    async def ready() -> Mapping[str, str | None]:
        return {"store": None, "broker": "it does not answer"}

    async with open_site(probes=Probes(ready=ready)) as site:
        answer = await site.call("GET /readyz")
    assert answer.status == 503
    assert answer.json == {
        "status": "unavailable",
        "components": {"store": "ok", "broker": "it does not answer"},
    }


async def test_what_can_be_done_without_is_named_and_we_stay_ready() -> None:
    async def ready() -> Mapping[str, str | None]:
        return {"store": None, "live": "Firebase's quota is used up"}

    async with open_site(probes=Probes(ready=ready)) as site:
        answer = await site.call("GET /readyz")
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["components"]["live"] == "Firebase's quota is used up"


async def test_readiness_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.05)

    async def ready() -> Mapping[str, str | None]:
        await asyncio.sleep(60)
        return {}

    async with open_site(probes=Probes(ready=ready)) as site:
        answer = await site.call("GET /readyz")
    assert answer.status == 503
    assert "did not answer" in answer.json["components"]["checks"]


async def test_a_site_that_is_well_is_ready(site: Site) -> None:
    answer = await site.call("GET /readyz")
    assert (answer.status, answer.json["components"]) == (200, {"store": "ok"})


async def test_requests_are_counted_by_template(site: Site) -> None:
    it = await site.waiting()
    await site.call(f"GET /v1/attendances/{it.id}", by=site.office.ana)
    await site.call(f"GET /simulator/phones/{PHONE}/messages")
    await site.call("GET /v1/feedback/secret")
    await site.call("GET /nothing/secret.png")
    told = (await site.call("GET /metrics")).body.decode()
    assert (
        'helpdesk_http_requests_total{method="GET",route="/v1/attendances/{id}",status="200"} 1.0'
        in told
    )
    assert 'route="unmatched",status="404"' in told
    assert 'helpdesk_http_request_seconds_count{method="GET",route="/v1/attendances/{id}"}' in told
    assert str(it.id) not in told
    assert PHONE not in told
    assert "secret" not in told


async def test_what_costs_a_question_is_measured_when_metrics_are_asked_for() -> None:
    asked = []

    async def measure() -> None:
        asked.append(1)

    async with open_site(probes=Probes(ready=ready, measure=measure)) as site:
        assert "process_resident_memory_bytes" in (await site.call("GET /metrics")).body.decode()
    assert asked == [1]
