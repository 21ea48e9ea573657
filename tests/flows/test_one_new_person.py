"""Many first messages of one new person at once: one client, one attendance, nothing doubled."""

import asyncio
from typing import Any, Final

import pytest

from tests.flows.conftest import new_number
from tests.support.desk import Desk, Phone, Visitor, eventually

MANY: Final = 100


async def send_at_once(phone: Phone) -> list[str]:
    """Send them all at the same time, and return the texts in the order the phone sent them."""
    await asyncio.gather(*(phone.writes(f"mensagem {n}") for n in range(MANY)))
    return [it["text"] for it in await phone.shows()]


async def stored(desk: Desk, phone: Phone, count: int = MANY) -> list[dict[str, Any]]:
    """Wait for so many messages and return them; look once more whether others follow."""
    attendance = await desk.attendance_of(phone.number)
    await eventually(lambda: desk.messages(attendance["id"]), lambda it: len(it) >= count)
    await asyncio.sleep(0.5)
    assert len([it for it in await desk.attendances() if _is_of(it, phone)]) == 1
    assert len(await desk.items("/v1/clients", q=phone.number, limit=100)) == 1
    return await desk.messages(attendance["id"])


def _is_of(attendance: dict[str, Any], phone: Phone) -> bool:
    found: bool = attendance["client"]["phone"] == phone.number
    return found


async def test_a_hundred_messages_become_one_attendance_in_the_order_sent(
    desk: Desk, phone: Phone
) -> None:
    sent = await send_at_once(phone)
    messages = await stored(desk, phone)
    assert [it["text"] for it in messages] == sent
    assert [it["position"] for it in messages] == list(range(1, MANY + 1))


async def test_it_is_the_same_when_every_message_is_delivered_twice(
    desk: Desk, phone: Phone
) -> None:
    await desk.patch("/simulator/state", {"duplicate_next": MANY})
    sent = await send_at_once(phone)
    messages = await stored(desk, phone)
    assert [it["text"] for it in messages] == sent
    await eventually(lambda: desk.get("/simulator/state"), lambda it: it["duplicate_next"] == 0)


async def test_messages_out_of_order_are_all_kept_and_none_is_doubled(
    desk: Desk, phone: Phone
) -> None:
    await desk.patch("/simulator/state", {"duplicate_next": MANY, "reorder_next": MANY})
    sent = await send_at_once(phone)
    messages = await stored(desk, phone)
    assert sorted(it["text"] for it in messages) == sorted(sent)


@pytest.mark.parametrize("twice", [False, True], ids=["once", "delivered twice"])
async def test_twenty_people_at_once_do_not_mix(visitor: Visitor, desk: Desk, twice: bool) -> None:
    phones = [visitor.phone(new_number()) for _ in range(20)]
    if twice:
        await desk.patch("/simulator/state", {"duplicate_next": 200})

    async def talk(phone: Phone) -> list[str]:
        texts = [f"{phone.number}: {n}" for n in range(10)]
        for text in texts:
            await phone.writes(text)
        return texts

    sent = await asyncio.gather(*map(talk, phones))
    for phone, texts in zip(phones, sent, strict=True):
        assert [it["text"] for it in await stored_soon(desk, phone, len(texts))] == texts


async def stored_soon(desk: Desk, phone: Phone, count: int) -> list[dict[str, Any]]:
    attendance = await desk.attendance_of(phone.number)
    return await eventually(lambda: desk.messages(attendance["id"]), lambda it: len(it) >= count)
