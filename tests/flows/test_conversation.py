"""A conversation from the first word to the last tick, by HTTP."""

import asyncio
from typing import Any

import pytest
import structlog

from tests.support.desk import Desk, Phone, Visitor, eventually
from tests.support.refused import RefusedError

log = structlog.get_logger()


async def test_a_client_writes_an_attendant_answers_and_every_tick_is_told(
    desk: Desk, phone: Phone
) -> None:
    async with desk.feed() as feed:
        asked = await phone.writes("Vocês abrem no sábado?", name="Maria")
        heard = await feed.until(lambda it: it["event"] == "message.received.v1")
        assert heard["payload"]["message"]["text"] == "Vocês abrem no sábado?"

        attendance = await desk.attendance_of(phone.number, status="waiting")
        assert attendance["id"] == heard["payload"]["attendance"]["id"]
        assert (attendance["client"]["name"], attendance["unread"]) == ("Maria", 1)
        assert await phone.ticks(asked) in ("sent", "delivered")

        await desk.does(attendance["id"], "take")
        await desk.does(attendance["id"], "read")
        await eventually(lambda: phone.ticks(asked), lambda it: it == "read")
        replied = await desk.reply(attendance["id"], "Sim, até o meio-dia.")
        assert replied["delivery"] == "queued"
        shown = await phone.receives("Sim, até o meio-dia.")
        assert shown["delivery"] == "delivered"
        await desk.delivered_as(replied, "delivered")
        await phone.reads()
        await feed.until(lambda it: _delivery(it) == "read")
        assert (await desk.delivered_as(replied, "read"))["failure"] is None

    its = [it for it in feed.events if replied["id"] in str(it)]
    ranks = list(filter(None, map(_delivery, its)))
    assert ranks == sorted(ranks, key=["sent", "delivered", "read"].index)
    after = await desk.attendance(attendance["id"])
    assert (after["status"], after["unread"]) == ("active", 0)
    assert after["attendant"]["id"] == desk.id


def _delivery(event: dict[str, Any]) -> str | None:
    if event["event"] != "message.delivery_changed.v1":
        return None
    delivery: str = event["payload"]["message"]["delivery"]
    return delivery


async def test_unread_grows_with_each_message_until_the_holder_looks(
    desk: Desk, phone: Phone
) -> None:
    await phone.writes("um")
    attendance = await desk.attendance_of(phone.number)
    await desk.does(attendance["id"], "take")
    await phone.writes("dois")
    await phone.writes("três")
    await eventually(lambda: desk.attendance(attendance["id"]), lambda it: it["unread"] == 3)
    await desk.does(attendance["id"], "read")
    assert (await desk.attendance(attendance["id"]))["unread"] == 0


async def test_a_text_is_kept_byte_for_byte(desk: Desk, phone: Phone) -> None:
    text = "  á\u0301 \u202eevil\u202c 👩🏽‍🚀\r\n\t\ufeff" + "ß" * 4000 + "\x07 "
    await phone.writes(text)
    attendance = await desk.attendance_of(phone.number)
    assert (await desk.messages(attendance["id"]))[0]["text"] == text
    await desk.reply(attendance["id"], text)
    assert (await phone.receives("evil"))["text"] == text


async def test_quotes_go_both_ways(desk: Desk, phone: Phone) -> None:
    await phone.writes("Qual das duas?")
    attendance = await desk.attendance_of(phone.number)
    (question,) = await desk.messages(attendance["id"])
    await desk.reply(attendance["id"], "A primeira.", quote=question["id"])
    answer = await phone.receives("A primeira.")
    assert answer["quote"] == (await phone.shows())[0]["id"]

    await phone.writes("Obrigada!", quote=answer["id"])
    messages = await eventually(lambda: desk.messages(attendance["id"]), lambda it: len(it) == 3)
    assert [it["quote"] and it["quote"]["text"] for it in messages] == [
        None,
        "Qual das duas?",
        "A primeira.",
    ]


async def test_a_note_stays_with_the_team(desk: Desk, phone: Phone) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    note = await desk.post(f"/v1/attendances/{attendance['id']}/notes", {"text": "Cuidado"})
    assert (note["direction"], note["delivery"]) == ("note", None)
    await desk.reply(attendance["id"], "Olá!")
    await phone.receives("Olá!")
    assert await phone.received() == ["Olá!"]
    texts = [it["text"] for it in await desk.messages(attendance["id"])]
    assert texts == ["Oi", "Cuidado", "Olá!"]


async def test_a_reply_sent_again_with_its_key_is_one_reply(desk: Desk, phone: Phone) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    said = await asyncio.gather(
        *(desk.reply(attendance["id"], "Olá!", key="the-same") for _ in range(8))
    )
    assert len({it["id"] for it in said}) == 1
    await phone.receives("Olá!")
    with pytest.raises(RefusedError) as refused:
        await desk.reply(attendance["id"], "Something else", key="the-same")
    assert refused.value.status in (409, 422)
    assert await phone.received() == ["Olá!"]


async def test_an_attendant_may_write_first(desk: Desk, phone: Phone) -> None:
    body = {"phone": phone.number, "name": "Rui", "text": "Seu pedido chegou."}
    opened = await desk.post("/v1/attendances", body)
    assert opened["attendance"]["opened_by"] == "attendant"
    await phone.receives("Seu pedido chegou.")
    with pytest.raises(RefusedError) as refused:
        await desk.post("/v1/attendances", body)
    assert refused.value.code == "attendance_open"
    assert refused.value.problem["attendance_id"] == opened["attendance"]["id"]

    await phone.writes("Já vou buscar.")
    found = await eventually(lambda: desk.messages(opened["attendance"]["id"]), lambda it: it[1:])
    assert [it["text"] for it in found] == ["Seu pedido chegou.", "Já vou buscar."]


async def test_who_writes_with_and_without_the_ninth_digit_is_one_person(
    visitor: Visitor, desk: Desk
) -> None:
    with_it, without = visitor.phone("+5511987654321"), visitor.phone("+551187654321")
    await without.writes("Sou eu")
    await with_it.writes("ainda eu")
    attendances = await eventually(
        desk.attendances,
        lambda all_of: any(it["last_position"] == 2 for it in _of(all_of, with_it, without)),
    )
    (attendance,) = _of(attendances, with_it, without)
    texts = [it["text"] for it in await desk.messages(attendance["id"])]
    assert texts == ["Sou eu", "ainda eu"]


def _of(attendances: list[dict[str, Any]], *phones: Phone) -> list[dict[str, Any]]:
    numbers = {it.number for it in phones}
    return [it for it in attendances if it["client"]["phone"] in numbers]


async def test_what_was_said_is_found_without_accents(desk: Desk, phone: Phone) -> None:
    await phone.writes("Quero um orçamento de instalação elétrica")
    await desk.attendance_of(phone.number)
    found = await desk.items("/v1/search", q="instalacao ELETRICA")
    assert [it["attendance"]["client"]["phone"] for it in found] == [phone.number]


async def test_typing_is_shown_on_both_sides(desk: Desk, phone: Phone) -> None:
    await phone.writes("Oi")
    attendance = await desk.attendance_of(phone.number)
    await desk.does(attendance["id"], "take")
    async with desk.feed() as feed:
        await phone.post(f"/simulator/phones/{phone.number}/typing", {"typing": True})
        await feed.until(
            lambda it: (
                it["event"] == "client.typing.v1"
                and it["payload"]["attendance_id"] == attendance["id"]
            )
        )
    await desk.does(attendance["id"], "typing")
    path = f"/simulator/phones/{phone.number}/messages"
    await eventually(lambda: phone.get(path), lambda it: it["typing"])


async def test_the_work_done_is_counted_in_metrics(desk: Desk) -> None:
    metrics = (await desk.get("/metrics")).decode()
    assert "helpdesk_" in metrics


async def test_a_message_is_on_the_feed_in_less_than_a_blink(desk: Desk, phone: Phone) -> None:
    clock = asyncio.get_running_loop().time
    took = []
    async with desk.feed() as feed:
        for n in range(10):
            wrote_at = clock()
            await phone.writes(f"número {n}")
            await feed.until(lambda it: it["event"] == "message.received.v1")
            took.append(round((clock() - wrote_at) * 1000))
    # Told, not judged: how long it takes is the machine's business as well.
    log.info("phone_to_feed", milliseconds=sorted(took))
