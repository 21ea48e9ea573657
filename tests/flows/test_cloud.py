"""Two numbers of the Cloud API in one helpdesk: webhooks in, replies out by the right one.

To one the client wrote just now, to the other long ago.  Everything is real but Meta.
"""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any

import aiohttp
import pytest

from helpdesk.adapters.whatsapp.cloud.signature import HEADER, sign
from tests.support.desk import Desk, eventually, visiting
from tests.support.files import picture
from tests.support.graph.phones import ACCOUNT, NUMBER
from tests.support.graph.server import SECRET, TOKEN, FakeGraph
from tests.support.refused import RefusedError
from tests.support.server import Server, running
from tests.whatsapp.cloud.payloads import AT, a_message, body, of_messages

SALES = "200000000000001"
ANA = "5511987654321"
REFUSED = (
    'helpdesk_http_requests_total{method="POST",route="/webhooks/{family}/{name}",status="401"} 1.0'
)


@pytest.fixture
async def fake() -> AsyncIterator[FakeGraph]:
    it = FakeGraph(numbers=(NUMBER, SALES))
    await it.up()
    yield it
    await it.close()


async def tell(url: str, raw: bytes, signature: str | None = None) -> int:
    headers = {HEADER: sign(raw, SECRET) if signature is None else signature}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}/webhooks/whatsapp/cloud", data=raw, headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.slow
async def test_replies_leave_through_the_number_the_client_wrote_to(
    fake: FakeGraph, tmp_path: Path
) -> None:
    environment = {
        "HELPDESK__ADAPTERS__BRIDGE": "whatsapp.cloud",
        "HELPDESK__CLOUD__BASE_URL": fake.url,
        "HELPDESK__CLOUD__PHONE_NUMBER_ID": NUMBER,
        "HELPDESK__CLOUD__ACCOUNT_ID": ACCOUNT,
        "HELPDESK__CLOUD__TOKEN": TOKEN,
        "HELPDESK_CLOUD_TOKEN_SALES": TOKEN,
        "HELPDESK__CLOUD__APP_SECRET": SECRET,
        "HELPDESK__VENOM__NODE": str(tmp_path / "nowhere"),
    }
    manager = running(tmp_path / "data", **environment)
    server = await asyncio.to_thread(manager.__enter__)
    fake.hook_url = f"{server.url}/webhooks/whatsapp/cloud"
    try:
        async with visiting(server) as visitor:
            desk = await visitor.desk()
            await desk.post(
                "/v1/sessions", {"name": "Sales", "bridge": "whatsapp.cloud", "account": SALES}
            )
            await both_connected(desk)
            said, sold = just_now_and_long_ago()
            assert await tell(server.url, said, "sha256=00") == 401
            await asyncio.sleep(2.1)  # the api learns of a new number within two seconds
            for raw in (said, said, sold):  # a repetition is one message
                assert await tell(server.url, raw) == 200
            assert await tell(server.url, b"{") == 200
            await eventually(lambda: put_aside(desk), lambda it: it == ["inbound.unreadable.v1"])
            await answered_by(desk, fake, "WhatsApp", NUMBER)
            await answered_by_template(desk, fake, "Sales", SALES)
            await photo_is_fetched(server.url, desk, fake)
            assert REFUSED in (await desk.get("/metrics")).decode()
            await another_bridge_is_looked_after(desk, server)
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)
    log = server.log.read_text()
    assert [it for it in (TOKEN, SECRET, ANA) if it in log] == []


def just_now_and_long_ago() -> tuple[bytes, bytes]:
    """What the client wrote to one number, and to the other."""
    old = body(of_messages(a_message("text")))
    sold = old.replace(NUMBER.encode(), SALES.encode()).replace(b"wamid.", b"wamid.s.")
    return old.replace(AT.encode(), str(int(time())).encode()), sold


async def put_aside(desk: Desk) -> list[str]:
    return [it["type"] for it in (await desk.get("/v1/dead-letters"))["items"]]


async def both_connected(desk: Desk) -> None:
    async def states() -> list[str]:
        return [it["state"] for it in (await desk.get("/v1/sessions"))["items"]]

    await eventually(states, lambda it: it == ["connected", "connected"])


async def greeted(desk: Desk, session: str) -> str:
    """Wait for the client's message, and name its attendance."""

    async def found() -> list[dict[str, object]]:
        shown = await desk.attendances()
        return [it for it in shown if it["session"]["name"] == session]

    [attendance] = await eventually(found)
    id = str(attendance["id"])
    assert [it["text"] for it in await desk.messages(id)] == ["Olá"]
    return id


async def answered_by(desk: Desk, fake: FakeGraph, session: str, number: str) -> None:
    reply = await desk.reply(await greeted(desk, session), f"by {session}")
    sent = await eventually(lambda: posted(fake, number, "text"))
    assert [it["text"]["body"] for it in sent] == [f"by {session}"]
    await desk.delivered_as(reply, "sent", "delivered")


async def answered_by_template(desk: Desk, fake: FakeGraph, session: str, number: str) -> None:
    id = await greeted(desk, session)
    with pytest.raises(RefusedError, match="window_closed"):
        await desk.reply(id, "too late")
    of = (await desk.attendance(id))["session"]["id"]
    [_, hello] = await desk.items(f"/v1/sessions/{of}/templates")
    chosen = {"name": hello["name"], "language": hello["language"], "variables": {"1": "Rita"}}
    reply = await desk.post(f"/v1/attendances/{id}/replies", {"template": chosen})
    [sent] = await eventually(lambda: posted(fake, number, "template"))
    assert sent["template"]["components"][0]["parameters"][0]["text"] == "Rita"
    await desk.delivered_as(reply, "sent", "delivered")
    assert reply["text"] == "Olá, Rita! Podemos continuar?"


async def photo_is_fetched(url: str, desk: Desk, fake: FakeGraph) -> None:
    """The webhook brings its id only: a bot fetches it, in two steps, with the token."""
    photo = picture("png")
    fake.files["1166"] = (photo, "image/png")
    about = {"id": "1166", "mime_type": "image/png", "sha256": sha256(photo).hexdigest()}
    assert await tell(url, body(of_messages(a_message("image", image=about)))) == 200

    async def state() -> str:
        [attendance] = [
            it for it in await desk.attendances() if it["session"]["name"] == "WhatsApp"
        ]
        newest = (await desk.messages(attendance["id"]))[-1]
        return str((newest["media"] or {}).get("state"))

    await eventually(state, lambda it: it == "ready")


async def another_bridge_is_looked_after(desk: Desk, server: Server) -> None:
    """What a number lacks is told by the dashboard and the doctor, and is no other's business."""
    lacking = await desk.post("/v1/sessions", {"name": "Web", "bridge": "whatsapp.venom"})

    async def state() -> str:
        shown = (await desk.get("/v1/sessions"))["items"]
        return next(str(it["state"]) for it in shown if it["id"] == lacking["id"])

    await eventually(state, lambda it: it == "failed")
    told = (await asyncio.to_thread(server.run, "doctor")).stdout.splitlines()
    assert "ok    WhatsApp (whatsapp.cloud)" in told
    [wrong] = [it for it in told if it.startswith("WRONG")]
    assert wrong.startswith("WRONG WhatsApp (whatsapp.venom): ")
    assert "set venom.node" in wrong


async def posted(fake: FakeGraph, number: str, kind: str) -> list[Any]:
    return [it for by, it in fake.sent_by if by == number and it.get("type") == kind]
