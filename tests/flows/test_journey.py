"""Where a message was: one id in its journey, in the feed and in the log of what handled it."""

import json
from typing import Any

import pytest

from tests.support.desk import Desk, Phone, Visitor, eventually
from tests.support.refused import RefusedError
from tests.support.server import Server

UNTIL_READ = ["accepted", "queued", "sending", "sent", "delivered", "read"]


async def journey(desk: Desk, message: dict[str, Any], *wanted: str) -> list[dict[str, Any]]:
    """Wait until all of these steps are kept, and return what is."""

    async def look() -> list[dict[str, Any]]:
        return await desk.items(f"/v1/messages/{message['id']}/journey")

    return await eventually(look, lambda it: {step["name"] for step in it} >= set(wanted))


async def test_each_step_of_a_message_can_be_seen_with_its_process_and_its_cause(
    server: Server, desk: Desk, phone: Phone
) -> None:
    async with desk.feed() as feed:
        await phone.writes("Onde está meu pedido?")
        heard = await feed.until(lambda it: it["event"] == "message.received.v1")
    steps = await journey(desk, heard["payload"]["message"], "shown")
    assert [it["name"] for it in steps] == ["received", "queued", "stored", "shown"]
    times = [it["at"] for it in steps]
    assert times == sorted(times)
    assert {it["process"].partition("@")[0] for it in steps} == {"all"}
    [cause] = {it["correlation_id"] for it in steps}
    assert handled(server, cause) == ["InboundMessage"]


async def test_an_answers_request_id_is_followed_to_the_bot_and_back(
    server: Server, desk: Desk, phone: Phone
) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    await desk.does(attendance["id"], "take")
    headers = {
        "Authorization": f"Bearer {desk.token}",
        "X-Request-Id": f"ticket-{phone.number[1:]}",
    }
    path = f"{desk.url}/v1/attendances/{attendance['id']}/replies"
    async with desk.http.post(path, json={"text": "Bom dia"}, headers=headers) as answer:
        replied = await answer.json()
    await phone.receives("Bom dia")
    await journey(desk, replied, "delivered")  # a read that overtakes it makes it worth no step
    await phone.reads()
    steps = await journey(desk, replied, "read")
    assert [it["name"] for it in steps] == UNTIL_READ
    causes = {it["name"]: it["correlation_id"] for it in steps}
    assert {causes[it] for it in UNTIL_READ[:4]} == {headers["X-Request-Id"]}
    assert {"ReplyQueued", "SendReported"} <= set(handled(server, causes["sent"]))
    assert handled(server, causes["read"])[-1:] == ["StatusReported"]


async def test_a_message_one_may_not_see_has_no_journey(visitor: Visitor, desk: Desk) -> None:
    with pytest.raises(RefusedError) as refused:
        await desk.get("/v1/messages/00000000-0000-7000-8000-000000000000/journey")
    assert refused.value.code == "message_not_found"


def handled(server: Server, cause: str) -> list[str]:
    """What the log says was handled under a correlation id, in the order in which it ended."""
    lines = [json.loads(it) for it in server.log.read_text().splitlines() if it.startswith("{")]
    mine = [it for it in lines if it.get("correlation_id") == cause and it["event"] == "handled"]
    return [it["type"] for it in mine]
