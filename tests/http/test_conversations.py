"""Attendances and messages over HTTP."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from helpdesk.domain.message import Delivery, Failure
from tests.http.site import PHONE, Site

NOWHERE = UUID(int=1 << 100)


async def test_an_answer_shows_its_author_and_what_it_quotes(site: Site) -> None:
    heard, message = await site.office.hear(await site.office.attend(), "Bom dia, tudo bem?")
    body = {"text": "Tudo! 😀\n*sim*", "quote": str(message.id)}
    path = f"/v1/attendances/{heard.id}"
    reply = await site.call(f"POST {path}/replies", json=body, by=site.office.ana)
    assert reply.status == 201
    assert reply.json["text"] == body["text"]
    assert reply.json["delivery"] == "queued"
    assert reply.json["author"] == {"id": str(site.office.ana.id), "name": "Ana"}
    assert reply.json["quote"] == {
        "id": str(message.id),
        "kind": "text",
        "text": "Bom dia, tudo bem?",
        "direction": "inbound",
    }
    shown = (await site.call(f"GET {path}", by=site.office.ana)).json
    assert shown["attendant"]["name"] == "Ana"
    assert shown["last_message"]["text"] == body["text"]
    listed = (await site.call(f"GET {path}/messages", by=site.office.ana)).json["items"]
    assert [it["position"] for it in listed] == [1, 2]
    assert listed[1] == reply.json


async def test_a_colleagues_client_cannot_be_answered_and_the_refusal_names_the_colleague(
    site: Site,
) -> None:
    held = await site.held_by(site.office.ana)
    path = f"POST /v1/attendances/{held.id}/replies"
    answer = await site.call(path, json={"text": "Oi"}, by=site.office.carla)
    assert (answer.status, answer.code) == (409, "not_yours")
    assert answer.json["holder"] == {"id": str(site.office.ana.id), "name": "Ana"}
    assert "holder_id" not in answer.json


async def test_of_two_who_take_at_once_one_is_told_the_other(site: Site) -> None:
    waiting = await site.waiting()
    path = f"POST /v1/attendances/{waiting.id}/take"
    people = (site.office.ana, site.office.carla)
    answers = await asyncio.gather(*(site.call(path, by=it) for it in people))
    assert sorted(it.status for it in answers) == [200, 409]
    winner = next(it for it in answers if it.status == 200).json["attendant"]
    loser = next(it for it in answers if it.status == 409)
    assert (loser.code, loser.json["holder"]) == ("already_taken", winner)


async def test_a_manager_takes_by_force(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    path = f"POST /v1/attendances/{held.id}/take"
    refused = await site.call(path, json={"force": True}, by=site.office.ana)
    assert (refused.status, refused.code) == (403, "role_required")
    taken = await site.call(path, json={"force": True}, by=site.office.carla)
    assert taken.json["attendant"]["name"] == "Carla"


async def test_what_one_hands_over_is_shown_though_it_is_out_of_sight(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    path = f"/v1/attendances/{held.id}"
    body = {"sector_id": str(site.office.support.id), "reason": " not\n ours "}
    moved = await site.call(f"POST {path}/transfer", json=body, by=site.office.ana)
    assert moved.status == 200
    assert (moved.json["status"], moved.json["sector"]["name"]) == ("waiting", "Help")
    assert (await site.call(f"GET {path}", by=site.office.ana)).status == 404
    history = (await site.call(f"GET {path}/history", by=site.office.bia)).json
    assert history["next"] is None
    assert [it["kind"] for it in history["items"]] == ["opened", "assigned", "transferred"]
    assert history["items"][-1]["reason"] == "not ours"
    assert history["items"][-1]["actor"]["name"] == "Ana"


@pytest.mark.parametrize("both", [True, False])
async def test_a_transfer_has_one_target(site: Site, both: bool) -> None:
    held = await site.held_by(site.office.ana)
    ids = {"attendant_id": str(site.office.bia.id), "sector_id": str(site.office.support.id)}
    path = f"POST /v1/attendances/{held.id}/transfer"
    answer = await site.call(path, json=ids if both else {}, by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {"attendant_id"})


@pytest.mark.parametrize("field", ["attendant_id", "sector_id"])
async def test_a_transfer_to_nowhere_names_the_field(site: Site, field: str) -> None:
    held = await site.held_by(site.office.ana)
    path = f"POST /v1/attendances/{held.id}/transfer"
    answer = await site.call(path, json={field: str(NOWHERE)}, by=site.office.ana)
    assert (answer.status, answer.fields) == (422, {field})


async def test_a_closed_attendance_takes_no_answer_but_a_note(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    path = f"POST /v1/attendances/{held.id}"
    closed = await site.call(f"{path}/close", json={"reason": "done"}, by=site.office.ana)
    assert (closed.json["status"], closed.json["closed_by"]) == ("closed", "attendant")
    answer = await site.call(f"{path}/replies", json={"text": "Oi"}, by=site.office.ana)
    assert (answer.status, answer.code) == (409, "attendance_closed")
    note = await site.call(f"{path}/notes", json={"text": "!"}, by=site.office.ana)
    assert (note.status, note.json["direction"], note.json["delivery"]) == (201, "note", None)


async def test_reading_and_typing_answer_nothing(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    await site.office.hear(held, "?")
    path = f"/v1/attendances/{held.id}"
    for verb in ("read", "typing"):
        answer = await site.call(f"POST {path}/{verb}", by=site.office.ana)
        assert (answer.status, answer.body) == (204, b"")
    assert (await site.call(f"GET {path}", by=site.office.ana)).json["unread"] == 0


async def test_what_failed_is_tried_again_and_says_why_it_failed(site: Site) -> None:
    held, reply = await site.office.answer(await site.waiting(), site.office.ana)
    why = Failure("recipient_unreachable", "not on WhatsApp")
    failed = reply.track(Delivery.FAILED, attendance=held, failure=why, at=reply.at)
    await site.office.save(failed)
    path = f"/v1/attendances/{held.id}/messages"
    shown = (await site.call(f"GET {path}", by=site.office.ana)).json["items"][-1]
    assert shown["failure"] == {"code": "recipient_unreachable", "detail": "not on WhatsApp"}
    again = await site.call(f"POST /v1/messages/{reply.id}/retry", by=site.office.ana)
    assert (again.status, again.json["delivery"], again.json["attempt"]) == (200, "queued", 2)
    once_more = await site.call(f"POST /v1/messages/{reply.id}/retry", by=site.office.ana)
    assert (once_more.status, once_more.code) == (409, "not_retryable")
    unknown = await site.call(f"POST /v1/messages/{NOWHERE}/retry", by=site.office.ana)
    assert (unknown.status, unknown.code) == (404, "message_not_found")


async def test_the_first_message_opens_an_attendance_once(site: Site) -> None:
    body = {"phone": PHONE, "name": "Rui", "text": "Bom dia"}
    opened = await site.call("POST /v1/attendances", json=body, by=site.office.ana)
    assert opened.status == 201
    assert opened.json["attendance"]["client"]["name"] == "Rui"
    assert opened.json["attendance"]["opened_by"] == "attendant"
    assert opened.json["message"]["position"] == 1
    client_id = opened.json["attendance"]["client"]["id"]
    body = {"client_id": client_id, "text": "Bom dia"}
    again = await site.call("POST /v1/attendances", json=body, by=site.office.ana)
    assert (again.status, again.code) == (409, "attendance_open")
    assert again.json["attendance_id"] == opened.json["attendance"]["id"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"text": "Oi"}, 422, "phone"),
        ({"text": "Oi", "phone": PHONE, "client_id": str(NOWHERE)}, 422, "phone"),
        ({"text": "Oi", "phone": "12"}, 422, "phone"),
        ({"text": "Oi", "client_id": str(NOWHERE)}, 404, None),
        ({"text": "Oi", "phone": PHONE, "session_id": str(NOWHERE)}, 422, "session_id"),
        ({"text": "Oi", "phone": PHONE, "sector_id": str(NOWHERE)}, 422, "sector_id"),
        ({"text": "", "phone": PHONE}, 422, "text"),
    ],
    ids=str,
)
async def test_a_first_message_needs_somebody_to_go_to(
    site: Site, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = await site.call("POST /v1/attendances", json=body, by=site.office.ana)
    assert answer.status == status
    assert field is None or answer.fields == {field}


async def test_a_repeated_key_makes_nothing_new(site: Site) -> None:
    waiting = await site.waiting()
    path = f"POST /v1/attendances/{waiting.id}"
    key = {"Idempotency-Key": "1 of today"}
    for verb in ("replies", "notes"):
        headers = {"Idempotency-Key": f"key of {verb}"}
        send = [
            await site.call(
                f"{path}/{verb}", json={"text": verb}, headers=headers, by=site.office.ana
            )
            for _ in range(2)
        ]
        assert send[0].status == send[1].status == 201
        assert send[0].json == send[1].json
    bodies: dict[str, Any] = {
        "POST /v1/attendances": {"phone": PHONE, "text": "Oi"},
        "POST /v1/clients": {"phone": "+5511933333333"},
        "POST /v1/sectors": {"name": "New"},
        "POST /v1/attendants": {
            "name": "Eva",
            "email": "eva@example.com",
            "role": "attendant",
            "password": "long enough",
        },
        f"POST /simulator/phones/{PHONE}/messages": {"text": "Oi"},
    }
    for route, body in bodies.items():
        first = await site.call(route, json=body, headers=key, by=site.office.dora)
        second = await site.call(route, json=body, headers=key, by=site.office.dora)
        assert first.status == second.status == 201, (first, second)
        assert id_in(first.json) == id_in(second.json)


async def test_a_key_that_made_something_else_is_refused(site: Site) -> None:
    waiting = await site.waiting()
    path = f"POST /v1/attendances/{waiting.id}/replies"
    key = {"Idempotency-Key": "k"}
    await site.call(path, json={"text": "one"}, headers=key, by=site.office.ana)
    answer = await site.call(path, json={"text": "two"}, headers=key, by=site.office.ana)
    assert (answer.status, answer.code) == (409, "idempotency_key_reused")


async def test_lists_go_on_from_their_cursor_to_the_end(site: Site) -> None:
    for number in range(7):
        await site.waiting(f"one {number}")
    for path in ("/v1/attendances?limit=3", "/v1/clients?limit=3", "/v1/search?q=one&limit=3"):
        found, cursor, pages = [], "", 0
        while True:
            page = (await site.call(f"GET {path}&cursor={cursor}", by=site.office.dora)).json
            found += [id_in(it) for it in page["items"]]
            cursor, pages = page["next"], pages + 1
            if cursor is None:
                break
        assert (len(found), len(set(found)), pages) == (7, 7, 3), path


async def test_history_is_paged_by_position(site: Site) -> None:
    held = await site.held_by(site.office.ana)
    for number in range(3, 8):
        held, _ = await site.office.hear(held, str(number))
    path = f"GET /v1/attendances/{held.id}/messages?limit=3"
    page = (await site.call(path, by=site.office.ana)).json
    assert ([it["position"] for it in page["items"]], page["next"]) == ([5, 6, 7], "5")
    page = (await site.call(f"{path}&before={page['next']}", by=site.office.ana)).json
    assert ([it["position"] for it in page["items"]], page["next"]) == ([2, 3, 4], "2")
    page = (await site.call(f"{path}&before={page['next']}", by=site.office.ana)).json
    assert ([it["position"] for it in page["items"]], page["next"]) == ([1], None)


async def test_lists_are_narrowed_by_what_is_asked(site: Site) -> None:
    waiting, held = await site.waiting(), await site.held_by(site.office.ana)
    other = await site.office.attend(sector=site.office.support)
    closed = await site.office.close(await site.held_by(site.office.ana))

    async def ids(query: str) -> set[str]:
        answer = await site.call(f"GET /v1/attendances?{query}", by=site.office.dora)
        return {it["id"] for it in answer.json["items"]}

    assert await ids("status=waiting") == {str(waiting.id), str(other.id)}
    assert await ids("status=active") == {str(held.id)}
    assert await ids("status=open") == {str(waiting.id), str(held.id), str(other.id)}
    assert await ids("status=closed&mine=&sector=&cursor=") == {str(closed.id)}
    assert await ids(f"sector={site.office.support.id}") == {str(other.id)}
    assert await ids(f"client={held.client_id}") == {str(held.id)}
    assert await ids("mine=true") == set()
    counts = (await site.call("GET /v1/counts", by=site.office.dora)).json
    assert counts == {"waiting": 2, "mine": 0, "all": 3, "closed": 1, "unread": 1}


def id_in(it: dict[str, Any]) -> str:
    """The id of what was made or found."""
    made = it.get("message", it)
    id: str = made["id"]
    return id
