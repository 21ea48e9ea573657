"""Templates and the window over HTTP."""

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.attendance import Attendance
from tests.http.files import photo, upload
from tests.http.site import PHONE, Site

HELLO = {"name": "retomar_atendimento", "language": "pt_BR", "variables": {"1": "Rita"}}


async def official(site: Site) -> Attendance:
    """An attendance of an official number, whose client wrote in another year."""
    office = site.office
    office.session = replace(office.session, bridge="whatsapp.cloud")
    await office.keep(office.session)
    waiting = await site.waiting()
    long_ago = replace(waiting, heard_at=waiting.opened_at.replace(year=2020))
    await office.keep(long_ago)
    return long_ago


async def test_the_window_is_shown_and_what_is_refused_after_it_says_what_to_do(
    site: Site,
) -> None:
    it, ana = await official(site), site.office.ana
    path = f"/v1/attendances/{it.id}"
    shown = (await site.call(f"GET {path}", by=ana)).json
    assert shown["window_closes_at"] == "2020-11-24T12:00:00Z"
    for refused in (
        await site.call(f"POST {path}/replies", json={"text": "Oi"}, by=ana),
        await upload(site, it, photo(), by=ana),
        await site.call("POST /v1/attendances", json={"text": "Oi", "phone": PHONE}, by=ana),
    ):
        assert (refused.status, refused.code) == (409, "window_closed")
        assert "template" in refused.json["detail"]
    sent = await site.call(f"POST {path}/replies", json={"template": HELLO}, by=ana)
    assert (sent.status, sent.json["kind"]) == (201, "text")
    assert sent.json["template"] == {"name": "retomar_atendimento", "language": "pt_BR"}
    assert sent.json["text"].startswith("Olá, Rita!")
    listed = (await site.call(f"GET {path}/messages", by=ana)).json["items"]
    assert listed[-1] == sent.json


async def test_a_number_lists_its_approved_templates_with_their_variables(site: Site) -> None:
    session = site.office.session.id
    answer = await site.call(f"GET /v1/sessions/{session}/templates", by=site.office.ana)
    found = {it["name"]: it for it in answer.json["items"]}
    assert "promocao_em_analise" not in found
    order = found["pedido_enviado"]
    assert (order["header"], order["footer"]) == ("Pedido {{1}}", "Loja Exemplo")
    assert [it["key"] for it in order["variables"]] == ["header.1", "cliente", "dia", "button.1"]
    assert order["buttons"][1] == {"text": "Falar com a loja", "url": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"template": HELLO | {"name": "none"}}, "template.name"),
        ({"template": HELLO | {"language": "fr"}}, "template.language"),
        ({"template": HELLO | {"variables": {}}}, "template.variables.1"),
        ({"template": HELLO | {"variables": {"1": "a", "2": "b"}}}, "template.variables.2"),
        ({"template": HELLO, "text": "Oi"}, "template"),
    ],
)
async def test_what_is_wrong_with_a_template_is_named(
    site: Site, body: dict[str, Any], field: str
) -> None:
    it = await official(site)
    path = f"POST /v1/attendances/{it.id}/replies"
    refused = await site.call(path, json=body, by=site.office.ana)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field)


async def test_a_stranger_is_written_to_with_a_template_of_a_number(site: Site) -> None:
    await official(site)
    body: dict[str, Any] = {"phone": "+5511955554444", "template": HELLO}
    refused = await site.call("POST /v1/attendances", json=body, by=site.office.ana)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "session_id")
    body |= {"session_id": str(site.office.session.id)}
    both = await site.call("POST /v1/attendances", json=body | {"text": "Oi"}, by=site.office.ana)
    assert (both.status, both.json["errors"][0]["field"]) == (422, "template")
    begun = await site.call("POST /v1/attendances", json=body, by=site.office.ana)
    assert begun.status == 201
    assert begun.json["message"]["template"]["name"] == "retomar_atendimento"
