"""The samples in config/monitoring speak of metrics that there are, in PromQL that can be read."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import promql_parser
import pytest
import yaml

from tests.support.desk import Desk, Phone, eventually
from tests.support.server import Server, free_port, running

ROOT: Final = Path(__file__).parents[2]
MONITORING: Final = ROOT / "config/monitoring"
SUFFIX: Final = re.compile(r"_(?:bucket|sum|count|total|created|info)$")
METRIC: Final = re.compile(r"\b(?:helpdesk|process|python)_[a-z_]+\b")
INTERVAL: Final = ("$__rate_interval", "5m")  # Grafana's own word for a fitting one


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> Iterator[dict[str, Any]]:
    for it in json.loads((MONITORING / "grafana.json").read_text())["panels"]:
        yield it
        yield from it.get("panels", [])


def expressions() -> list[str]:
    """Every PromQL expression in the alerts and on the board."""
    shown = [target["expr"] for it in panels() for target in it.get("targets", [])]
    return [it["expr"] for it in alerts()] + [it.replace(*INTERVAL) for it in shown]


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_is_promql(expression: str) -> None:
    assert str(promql_parser.parse(expression))


def test_every_alert_says_how_bad_it_is_what_happened_and_what_to_do() -> None:
    page = (ROOT / "docs/operations/monitoring.md").read_text()
    for it in alerts():
        assert it["labels"]["severity"] in ("critical", "warning", "info")
        assert it["annotations"]["summary"].endswith(".")
        assert f"`{it['alert']}`" in page, "docs/operations/monitoring.md does not explain it"


def test_every_panel_has_a_place_of_its_own() -> None:
    boxes = [it["gridPos"] for it in panels()]
    taken = [
        (x, y)
        for it in boxes
        for x in range(it["x"], it["x"] + it["w"])
        for y in range(it["y"], it["y"] + it["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(it["x"] + it["w"] for it in boxes) == 24
    assert len({it["id"] for it in panels()}) == len(list(panels()))


def named() -> set[str]:
    """Every metric of ours that an expression, or the page about them, names."""
    page = (ROOT / "docs/operations/monitoring.md").read_text()
    return {it for text in (*expressions(), page) for it in METRIC.findall(text)}


async def test_every_metric_that_is_named_is_told_by_the_running_product(
    desk: Desk, phone: Phone
) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    replied = await desk.reply(attendance["id"], "Bom dia")
    await desk.delivered_as(replied, "delivered")

    async def look() -> str:
        told: bytes = await desk.get("/metrics")
        return told.decode()

    told = await eventually(look, lambda it: 'helpdesk_journey_seconds_count{direction="outb' in it)
    families = {
        SUFFIX.sub("", it.split()[2]) for it in told.splitlines() if it.startswith("# TYPE")
    }
    assert {it for it in named() if SUFFIX.sub("", it) not in families} == set()
    assert 'helpdesk_session_state{name="' in told
    assert 'helpdesk_lease_since_seconds{lease="session:' in told
    assert phone.number.strip("+") not in told
    assert attendance["client"]["id"] not in told


async def test_who_reads_openmetrics_gets_exemplars_that_lead_to_the_log(
    server: Server, desk: Desk, phone: Phone
) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    [message] = await desk.messages(attendance["id"])
    path = f"/v1/messages/{message['id']}/journey"
    steps = await eventually(lambda: desk.items(path), lambda it: len(it) == 4)
    headers = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with desk.http.get(f"{desk.url}/metrics", headers=headers) as answer:
        assert answer.content_type == "application/openmetrics-text"
        told = await answer.text()
    causes = set(re.findall(r'# \{correlation_id="([^"]+)"\}', told))
    assert steps[0]["correlation_id"] in causes
    assert told.endswith("# EOF\n")


def test_health_has_a_port_of_its_own_where_one_is_wanted(tmp_path: Path) -> None:
    port = free_port()
    wanted = {"HELPDESK__HEALTH__PORT": str(port), "HELPDESK__PROCESS__NAME": "the only one"}
    with running(tmp_path / "data", **wanted) as server:
        probe = [sys.executable, "-c", "from helpdesk.probe import main; main()"]
        asked = subprocess.run(
            probe, check=False, env=server.variables(), capture_output=True, text=True
        )
        assert (asked.returncode, asked.stderr) == (0, "")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            told = answer.read().decode()
        assert 'helpdesk_process_info{process="the only one",role="all"' in told
    asked = subprocess.run(
        probe, check=False, env=server.variables(), capture_output=True, text=True
    )
    assert asked.returncode == 1
    assert "helpdesk-probe: " in asked.stderr
