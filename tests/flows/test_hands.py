"""Who holds an attendance, and what happens when two reach for it at once."""

import asyncio
from typing import Any

import pytest

from tests.flows.conftest import new_number
from tests.support.desk import Desk, Phone, Visitor, eventually
from tests.support.refused import RefusedError


async def test_of_two_who_take_at_once_one_wins_and_the_other_learns_who(
    visitor: Visitor, phone: Phone
) -> None:
    admin = await visitor.desk()
    sector = (await admin.get("/v1/sectors"))["items"][0]["id"]
    rivals = [await visitor.attendant(it, sectors=[sector]) for it in ("Eva", "Fábia", "Gil")]
    await phone.writes("Quem me atende?")
    attendance = await admin.attendance_of(phone.number)
    outcomes = await asyncio.gather(
        *(it.does(attendance["id"], "take") for it in rivals), return_exceptions=True
    )
    (won,) = [it for it in outcomes if isinstance(it, dict)]
    lost = [it for it in outcomes if isinstance(it, RefusedError)]
    assert len(lost) == 2
    assert {(it.status, it.code) for it in lost} == {(409, "already_taken")}
    assert {it.problem["holder"]["name"] for it in lost} == {won["attendant"]["name"]}

    loser = next(it for it in rivals if it.id != won["attendant"]["id"])
    with pytest.raises(RefusedError) as refused:
        await loser.reply(attendance["id"], "Eu também!")
    # An attendant does not even see what a colleague holds.
    assert refused.value.status in (404, 409)


async def test_an_attendance_goes_from_hand_to_hand_and_its_history_says_why(
    visitor: Visitor, desk: Desk, phone: Phone
) -> None:
    sector = (await desk.get("/v1/sectors"))["items"][0]["id"]
    colleague = await visitor.attendant("Hugo", sectors=[sector])
    await phone.writes("Oi")
    id = (await desk.attendance_of(phone.number))["id"]
    await desk.does(id, "take")
    await desk.does(id, "transfer", attendant_id=colleague.id, reason="fala espanhol")
    await colleague.does(id, "release")
    await colleague.does(id, "take")
    await colleague.does(id, "close", reason="resolvido")
    history = (await desk.get(f"/v1/attendances/{id}/history"))["items"]
    assert [(it["kind"], it["reason"]) for it in history] == [
        ("opened", None),
        ("assigned", None),
        ("transferred", "fala espanhol"),
        ("released", None),
        ("assigned", None),
        ("closed", "resolvido"),
    ]


async def test_a_message_after_closing_opens_another_attendance(desk: Desk, phone: Phone) -> None:
    await phone.writes("primeiro assunto")
    first = await desk.attendance_of(phone.number)
    await desk.does(first["id"], "close")
    with pytest.raises(RefusedError) as refused:
        await desk.reply(first["id"], "tarde demais")
    assert refused.value.code == "attendance_closed"

    await phone.writes("outro assunto")
    second = await desk.attendance_of(phone.number, status="waiting")
    assert second["id"] != first["id"]
    assert second["client"]["id"] == first["client"]["id"]
    earlier = await desk.items(f"/v1/clients/{first['client']['id']}/attendances")
    assert {it["id"] for it in earlier} == {first["id"], second["id"]}


async def test_least_busy_gives_new_people_to_who_is_online_and_has_room(
    visitor: Visitor, desk: Desk
) -> None:
    former = (await desk.get("/v1/sectors"))["items"][0]["id"]
    body = {"name": "Novidades", "policy": "least_busy", "is_default": True}
    sector = (await desk.post("/v1/sectors", body))["id"]  # where nobody waits yet
    iris = await visitor.attendant("Iris", sectors=[sector], capacity=2)
    phones = [visitor.phone(new_number()) for _ in range(3)]
    try:
        async with iris.feed():
            *_, third = [await writes(desk, it) for it in phones]
            mine = await eventually(lambda: iris.attendances(mine=True), lambda it: len(it) == 2)
            assert (await desk.attendance(third["id"]))["status"] == "waiting"
            await iris.does(mine[0]["id"], "close")
            await eventually(
                lambda: holder(desk, third), lambda it: it is not None and it["id"] == iris.id
            )
    finally:
        await desk.patch(f"/v1/sectors/{former}", {"is_default": True})


async def writes(desk: Desk, phone: Phone) -> dict[str, Any]:
    """Let somebody write, and wait for the attendance: of two at once either may be first."""
    await phone.writes("Oi")
    return await desk.attendance_of(phone.number)


async def holder(desk: Desk, attendance: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (await desk.attendance(attendance["id"]))["attendant"]
    return found
