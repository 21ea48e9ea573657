"""What goes wrong between us and WhatsApp, as far as the simulated network can make it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.support.desk import Desk, Phone, eventually
from tests.support.refused import RefusedError

PNG = b"\x89PNG\r\n"


async def test_a_reply_that_failed_is_shown_with_its_reason_and_retried_once(
    desk: Desk, phone: Phone
) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    await desk.patch("/simulator/state", {"fail_next": 1})
    failed = await desk.delivered_as(await desk.reply(attendance["id"], "Olá!"), "failed")
    assert failed["failure"]["code"]
    assert await phone.received() == []

    again = await desk.post(f"/v1/messages/{failed['id']}/retry")
    assert (again["delivery"], again["attempt"]) == ("queued", 2)
    await phone.receives("Olá!")
    await desk.delivered_as(failed, "delivered")
    with pytest.raises(RefusedError) as refused:
        await desk.post(f"/v1/messages/{failed['id']}/retry")
    assert (refused.value.status, refused.value.code) == (409, "not_retryable")
    assert await phone.received() == ["Olá!"]


async def test_replies_wait_while_the_network_is_down_and_arrive_once_and_in_order(
    desk: Desk, phone: Phone
) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    texts = [f"resposta {n}" for n in range(20)]
    async with desk.feed() as feed:
        async with network_down(desk):
            await feed.until(lambda it: _state(it) == "disconnected")
            replies = [await desk.reply(attendance["id"], it) for it in texts]
            (session,) = (await desk.get("/v1/sessions"))["items"]
            assert session["state"] == "disconnected"
            written = await phone.writes("ainda me ouvem?")
            assert await phone.received() == []
            assert (await desk.message(replies[0]))["delivery"] == "queued"
        await feed.until(lambda it: _state(it) == "connected")
    await desk.delivered_as(replies[-1], "delivered")
    assert await phone.received() == texts
    stored = await eventually(
        lambda: desk.messages(attendance["id"]), lambda it: len(it) == len(texts) + 2
    )
    assert [it["text"] for it in stored if it["direction"] == "inbound"] == [
        "Oi",
        written["text"],
    ]


def _state(event: dict[str, Any]) -> str | None:
    if event["event"] != "session.changed.v1":
        return None
    state: str = event["payload"]["state"]
    return state


@asynccontextmanager
async def network_down(desk: Desk) -> AsyncIterator[None]:
    await desk.patch("/simulator/state", {"network": False})
    try:
        yield
    finally:
        await desk.patch("/simulator/state", {"network": True})


async def test_an_unlinked_number_shows_a_code_to_scan(desk: Desk, phone: Phone) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    with pytest.raises(RefusedError) as none_now:
        await desk.get(await qr(desk))
    assert none_now.value.code == "no_qr"

    await desk.post("/simulator/unlink")
    first = await shown_code(desk)
    reply = await desk.reply(attendance["id"], "Já voltamos")
    assert await phone.received() == []
    await scan(desk)
    await desk.delivered_as(reply, "delivered")

    (session,) = (await desk.get("/v1/sessions"))["items"]
    await desk.post(f"/v1/sessions/{session['id']}/logout")
    assert await shown_code(desk) != first
    await scan(desk)


async def shown_code(desk: Desk) -> bytes:
    await state(desk, "qr")
    code: bytes = await desk.get(await qr(desk))
    assert code.startswith(PNG)
    return code


async def qr(desk: Desk) -> str:
    (session,) = (await desk.get("/v1/sessions"))["items"]
    return f"/v1/sessions/{session['id']}/qr"


async def scan(desk: Desk) -> None:
    await eventually(lambda: scanned(desk))
    await state(desk, "connected")


async def scanned(desk: Desk) -> bool:
    try:
        await desk.post("/simulator/scan")
    except RefusedError as refused:
        return refused.code != "not_scannable"
    return True


async def state(desk: Desk, wanted: str) -> None:
    """Wait until the session is in this state."""

    async def look() -> str:
        (session,) = (await desk.get("/v1/sessions"))["items"]
        found: str = session["state"]
        return found

    await eventually(look, lambda it: it == wanted)


async def test_a_phone_that_is_off_gets_its_messages_when_it_is_on_again(
    desk: Desk, phone: Phone
) -> None:
    await phone.writes("Vou ficar sem bateria")
    attendance = await desk.attendance_of(phone.number)
    path = f"/simulator/phones/{phone.number}"
    await desk.call("PUT", path, {"online": False})
    reply = await desk.reply(attendance["id"], "Até já")
    await desk.delivered_as(reply, "sent")
    await desk.call("PUT", path, {"online": True})
    await desk.delivered_as(reply, "delivered")
    assert await phone.received() == ["Até já"]
