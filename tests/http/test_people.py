"""Clients, attendants, sectors, sessions and oneself over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.adapters.system.drawing import draw_qr
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.bridge import QrReported
from helpdesk.domain.session import Qr
from helpdesk.domain.usecases.show_qr import UploadQr
from helpdesk.ports.leases import lease_of
from tests.http.site import PHONE, Site
from tests.support.builders import fresh


async def test_me_says_what_the_dashboard_needs(site: Site) -> None:
    me = (await site.call("GET /v1/me", by=site.office.ana)).json
    assert me["attendant"]["sectors"] == [str(site.office.sales.id)]
    assert (me["locale"], me["live"], me["version"]) == ("pt-BR", "websocket", "1.2.3")
    assert me["simulator"] is True
    assert me["limits"] == {"text": 4096, "caption": 1024, "files": 30}


async def test_one_changes_ones_name_and_steps_away(site: Site) -> None:
    ana = site.office.ana
    me = (await site.call("PATCH /v1/me", json={"name": "Ana Lima", "away": True}, by=ana)).json
    assert (me["attendant"]["name"], me["attendant"]["away"]) == ("Ana Lima", True)
    me = (await site.call("PATCH /v1/me", json={"away": False}, by=ana)).json
    assert (me["attendant"]["name"], me["attendant"]["away"]) == ("Ana Lima", False)
    assert (await site.call("PATCH /v1/me", json={"role": "admin"}, by=ana)).fields == {"role"}


async def test_who_has_a_dashboard_open_is_online(site: Site) -> None:
    ana, open_one = site.office.ana, f"/v1/me/presence/{fresh()}"
    for verb, status, online in (("PUT", 200, True), ("PUT", 200, True), ("DELETE", 204, False)):
        assert (await site.call(f"{verb} {open_one}", by=ana)).status == status
        people = (await site.call("GET /v1/attendants", by=ana)).json["items"]
        assert [it["online"] for it in people if it["id"] == str(ana.id)] == [online]


async def test_a_client_is_entered_once_and_described(site: Site) -> None:
    ana = site.office.ana
    made = await site.call("POST /v1/clients", json={"phone": PHONE, "name": "Rui"}, by=ana)
    again = await site.call("POST /v1/clients", json={"phone": PHONE[1:]}, by=ana)
    assert (made.status, again.status) == (201, 201)
    assert made.json == again.json
    assert made.json["identities"] == [{"kind": "phone", "value": PHONE}]
    path = f"/v1/clients/{made.json['id']}"
    body = {"notes": "pays\nlate", "tags": ["vip", " vip ", "b2b"]}
    changed = (await site.call(f"PATCH {path}", json=body, by=ana)).json
    assert changed | {"tags": []} == made.json | {"notes": "pays\nlate", "tags": []}
    assert changed["tags"] == ["vip", "b2b"]
    assert (await site.call(f"GET {path}", by=ana)).json == changed
    found = (await site.call("GET /v1/clients?q=RU%C3%8D", by=ana)).json["items"]
    assert found == [changed]


async def test_merged_clients_are_one(site: Site) -> None:
    kept, other = await site.waiting(), await site.office.meet("Outro")
    path = f"/v1/clients/{kept.client_id}"
    body = {"other_id": str(other.id)}
    merged = await site.call(f"POST {path}/merge", json=body, by=site.office.carla)
    assert merged.status == 200
    assert len(merged.json["identities"]) == 2
    seen = await site.call(f"GET /v1/clients/{other.id}", by=site.office.ana)
    assert seen.json["id"] == str(kept.client_id)
    (told,) = (await site.call(f"GET /v1/clients/{other.id}/merges", by=site.office.ana)).json[
        "items"
    ]
    assert told["actor"] == {"id": str(site.office.carla.id), "name": site.office.carla.name}
    assert told["merged"] == {"id": str(other.id), "name": "Outro"}
    assert told["kept"]["id"] == str(kept.client_id)
    past = await site.call(f"GET /v1/clients/{other.id}/attendances", by=site.office.ana)
    assert [it["id"] for it in past.json["items"]] == [str(kept.id)]
    itself = {"other_id": str(kept.client_id)}
    again = await site.call(f"POST {path}/merge", json=itself, by=site.office.carla)
    assert (again.status, again.code) == (409, "merge_refused")


async def test_a_sector_is_founded_and_changed(site: Site) -> None:
    dora = site.office.dora
    body = {"name": "Night", "policy": "least_busy", "close_after_seconds": 60}
    made = (await site.call("POST /v1/sectors", json=body, by=dora)).json
    assert (made["close_after_seconds"], made["check_every_seconds"]) == (60, None)
    path = f"PATCH /v1/sectors/{made['id']}"
    body = {"close_after_seconds": None, "is_default": True, "when_client_waits": "warn"}
    changed = (await site.call(path, json=body, by=dora)).json
    assert (changed["name"], changed["close_after_seconds"]) == ("Night", None)
    listed = (await site.call("GET /v1/sectors", by=site.office.ana)).json["items"]
    assert [it["name"] for it in listed if it["is_default"]] == ["Night"]
    undone = await site.call(path, json={"is_default": False}, by=dora)
    assert (undone.status, undone.fields) == (422, {"is_default"})


async def test_members_are_shown_with_their_sector(site: Site) -> None:
    sales, support = (await site.call("GET /v1/sectors", by=site.office.ana)).json["items"]
    assert support["members"] == [str(site.office.bia.id)]
    path = f"PATCH /v1/sectors/{sales['id']}"
    changed = await site.call(path, json={"name": "Vendas"}, by=site.office.dora)
    assert changed.json == sales | {"name": "Vendas"}


async def test_somebody_is_engaged_and_signs_in(site: Site) -> None:
    body = {
        "name": "Eva",
        "email": "Eva@Example.com",
        "role": "manager",
        "password": "long enough",
        "sectors": [str(site.office.sales.id)],
        "capacity": 2,
    }
    made = await site.call("POST /v1/attendants", json=body, by=site.office.dora)
    assert (made.status, made.json["email"], made.json["capacity"]) == (201, "eva@example.com", 2)
    assert made.json["sectors"] == [str(site.office.sales.id)]
    credentials = {"email": "eva@example.com", "password": "long enough"}
    assert (await site.call("POST /v1/sign-in", json=credentials)).status == 200
    twice = await site.call("POST /v1/attendants", json=body, by=site.office.dora)
    assert (twice.status, twice.code) == (409, "email_taken")
    path = f"/v1/attendants/{made.json['id']}"
    new = {"new": "even longer"}
    assert (await site.call(f"POST {path}/password", json=new, by=site.office.dora)).status == 204
    assert (await site.call("POST /v1/sign-in", json=credentials)).status == 401


async def test_the_last_admin_stays_one(site: Site) -> None:
    path = f"PATCH /v1/attendants/{site.office.dora.id}"
    answer = await site.call(path, json={"role": "manager"}, by=site.office.dora)
    assert (answer.status, answer.code) == (409, "last_admin")


async def test_open_attendances_are_counted_for_each(site: Site) -> None:
    await site.held_by(site.office.ana)
    team = (await site.call("GET /v1/attendants", by=site.office.ana)).json["items"]
    assert {it["name"]: it["open_attendances"] for it in team}["Ana"] == 1


async def test_leaders_are_told_which_process_serves_a_number_and_attendants_are_not(
    site: Site,
) -> None:
    office = site.office

    async def told(by: Attendant) -> Any:
        return (await site.call("GET /v1/sessions", by=by)).json["items"][0]["held_by"]

    assert await told(office.dora) is None
    name = lease_of(office.session.id)
    await site.cases.leases().acquire(name, owner="bot@host:7/ab12cd34", seconds=60)
    assert [await told(it) for it in (office.dora, office.carla)] == ["bot@host:7"] * 2
    assert await told(office.ana) is None


async def test_ways_to_whatsapp_say_what_they_need_and_which_are_official(site: Site) -> None:
    listed = (await site.call("GET /v1/bridges", by=site.office.dora)).json["items"]
    found = {it["name"]: (it["official"], it["qr"], it["account"]) for it in listed}
    assert found["whatsapp.cloud"] == (True, False, True)
    assert found["whatsapp.venom"] == (False, True, False)


async def test_a_qr_code_is_a_picture_that_nobody_keeps(site: Site) -> None:
    qr = Qr(text="2@secret", attempt=1, expires_at=datetime.now(UTC) + timedelta(seconds=20))
    session = site.office.session
    report = QrReported(at=datetime.now(UTC), session_id=session.id, qr=qr)
    drawn = await UploadQr(media=site.cases.media(), draw=draw_qr)(report)
    await site.office.save(session.issue(drawn.qr, at=datetime.now(UTC)))
    shown = (await site.call("GET /v1/sessions", by=site.office.ana)).json["items"][0]
    assert (shown["state"], shown["qr"]["attempt"]) == ("qr", 1)
    assert "secret" not in str(shown)
    path = f"GET /v1/sessions/{shown['id']}/qr"
    picture = await site.call(path, by=site.office.carla)
    assert picture.status == 200
    assert picture.body.startswith(b"\x89PNG")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Cache-Control"] == "no-store"
    assert (await site.call(path, by=site.office.ana)).status == 403


@pytest.mark.parametrize("expired", [True, False])
async def test_without_a_present_code_there_is_none(site: Site, expired: bool) -> None:
    if expired:
        qr = Qr(text="2@old", attempt=1, expires_at=datetime.now(UTC) - timedelta(seconds=1))
        await site.office.keep(replace(site.office.session, qr=qr))
    path = f"GET /v1/sessions/{site.office.session.id}/qr"
    answer = await site.call(path, by=site.office.carla)
    assert (answer.status, answer.code) == (404, "no_qr")


async def test_logging_out_is_accepted(site: Site) -> None:
    path = f"POST /v1/sessions/{site.office.session.id}/logout"
    answer = await site.call(path, by=site.office.carla)
    assert (answer.status, answer.body) == (202, b"")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"capacity": -1}, "capacity"),
        ({"capacity": 10**30}, "capacity"),
        ({"role": "king"}, "role"),
        ({"sectors": ["x"]}, "sectors[0]"),
        ({"sectors": ["00000000-0000-0000-0000-0000000000ff"]}, "sectors"),
        ({"name": " "}, "name"),
        ({"email": "x@example.com"}, "email"),
    ],
    ids=str,
)
async def test_a_wrong_property_is_named(site: Site, body: dict[str, Any], field: str) -> None:
    path = f"PATCH /v1/attendants/{site.office.ana.id}"
    answer = await site.call(path, json=body, by=site.office.dora)
    assert (answer.status, answer.fields) == (422, {field})
