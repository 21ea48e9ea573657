"""What Dockerfile and compose.yaml promise, as far as it can be read."""

import re
from typing import Any

import pytest

from helpdesk.configuration import load
from helpdesk.roles import Role
from tests.support.container import ROOT, VARIABLE, compose, filled, roles, stages

SECRETS = {"POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "HELPDESK_ADMIN_PASSWORD"}
FILLED = dict.fromkeys(SECRETS, "long-enough-secret")


def example() -> dict[str, str]:
    """What .env.example has."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(it.split("=", 1) for it in lines if it and not it.startswith("#"))


def test_the_image_has_no_root_and_says_how_it_is() -> None:
    *_, final = stages()
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", final.one("USER"))
    assert final.command("ENTRYPOINT") == ["helpdesk"]
    assert final.command("CMD") == ["run"]
    assert final.command("HEALTHCHECK") == ["helpdesk-probe"]
    assert all("slim" in it.one("FROM") for it in stages())


def test_what_is_copied_into_the_image_is_not_ignored() -> None:
    allowed = {it[1:] for it in (ROOT / ".dockerignore").read_text().splitlines() if it[:1] == "!"}
    copied = {
        source.rstrip("/").split("/")[0]
        for rest in stages()[0].all("COPY")
        for source in rest.split()[:-1]
    }
    assert copied == allowed


def test_no_secret_is_in_compose_and_every_variable_is_explained() -> None:
    text = (ROOT / "compose.yaml").read_text()
    used = {name: kind for name, kind, _ in VARIABLE.findall(text)}
    assert {name for name, kind in used.items() if kind == "?"} == SECRETS
    assert set(example()) == set(used)
    assert {it for it in SECRETS if example()[it]} == set()
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize(("name", "service"), [*roles().items()])
def test_a_role_has_settings_that_the_helpdesk_knows(name: str, service: dict[str, Any]) -> None:
    assert service["command"] == ["run", "--role", Role(name)]
    given = {k: filled(v, example() | FILLED) for k, v in service["environment"].items()}
    settings = load(None, stages()[-1].environment | given)
    assert settings.adapters.broker == "amqp"
    assert settings.health.port
    assert settings.http.public_url == example()["HELPDESK_URL"]
    assert service["stop_grace_period"] == "30s"  # more than supervisor.DEADLINE


def test_every_role_runs_and_every_service_is_confined_and_watched() -> None:
    assert set(roles()) == {"api", "consumer", "bot"}
    services = compose()["services"]
    for name, it in services.items():
        assert it["read_only"], name
        assert it["cap_drop"] == ["ALL"], name
        assert it["restart"] == "unless-stopped", name
        assert "healthcheck" in it or it["image"] == "helpdesk:local", name
    for name, it in roles().items():
        conditions = {k: v["condition"] for k, v in it["depends_on"].items()}
        assert conditions == dict.fromkeys(("postgres", "rabbitmq"), "service_healthy"), name
    assert {k for k, it in services.items() if "ports" in it} == {"api"}
    kept = {volume.partition(":")[0] for it in services.values() for volume in it["volumes"]}
    assert kept == set(compose()["volumes"])
