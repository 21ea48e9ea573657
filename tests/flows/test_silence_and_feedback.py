"""Silence ends an attendance, and the client says how it was; with intervals of seconds."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.support.desk import Desk, Phone, Visitor, eventually
from tests.support.refused import RefusedError
from tests.support.server import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(
        tmp_path_factory.mktemp("silence") / "data",
        HELPDESK__SILENCE__CLOSE_AFTER_SECONDS="2",
        HELPDESK__SILENCE__CHECK_EVERY_SECONDS="1",
    ) as it:
        yield it


async def closed_by_silence(desk: Desk, phone: Phone) -> tuple[dict[str, Any], str]:
    """Let somebody be answered and then be silent; return the attendance and the link's token."""
    await phone.writes("Obrigado!")
    attendance = await desk.attendance_of(phone.number)
    await desk.reply(attendance["id"], "De nada.")
    asked = await phone.receives("/f/")
    (address,) = re.findall(r"https?://\S+", asked["text"])
    assert address.startswith(f"{desk.url}/f/")
    return await desk.attendance(attendance["id"]), address.rpartition("/")[2]


async def test_silence_closes_and_the_page_takes_the_score_once(
    visitor: Visitor, desk: Desk, phone: Phone
) -> None:
    async with desk.feed() as feed:
        closed, token = await closed_by_silence(desk, phone)
        await feed.until(  # others fall silent as well
            lambda it: (
                (it["event"], it["payload"].get("attendance", {}).get("id"))
                == ("attendance.closed.v1", closed["id"])
            )
        )
        assert (closed["status"], closed["closed_by"]) == ("closed", "silence")

        client = Phone(visitor.http, visitor.server.url)  # no sign-in
        page = (await client.get(f"/f/{token}")).decode()
        assert "<html" in page
        for _ in range(2):  # looking changes nothing
            assert (await client.get(f"/v1/feedback/{token}"))["state"] == "open"
        assert (await desk.attendance(closed["id"]))["feedback"] is None

        scored = {"score": 5, "comment": "Rápido e gentil"}
        assert (await client.post(f"/v1/feedback/{token}", scored))["score"] == 5
        await feed.until(lambda it: it["event"] == "attendance.rated.v1")
        for again in (
            client.post(f"/v1/feedback/{token}", {"score": 1}),
            client.get(f"/v1/feedback/{token}"),
        ):
            with pytest.raises(RefusedError) as refused:
                await again
            assert (refused.value.status, refused.value.code) == (409, "feedback_used")

    feedback = (await desk.attendance(closed["id"]))["feedback"]
    assert (feedback["score"], feedback["comment"]) == (5, "Rápido e gentil")
    history = (await desk.get(f"/v1/attendances/{closed['id']}/history"))["items"]
    assert [it["kind"] for it in history][-2:] == ["closed", "rated"]
    assert "closed" in [it["kind"] for it in history]


async def test_a_hundred_clicks_at_once_give_one_score(
    visitor: Visitor, desk: Desk, phone: Phone
) -> None:
    _, token = await closed_by_silence(desk, phone)
    client = Phone(visitor.http, visitor.server.url)
    clicks = [client.post(f"/v1/feedback/{token}", {"score": 1 + n % 5}) for n in range(20)]
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)
    assert len([it for it in outcomes if isinstance(it, dict)]) == 1


async def test_a_wrong_link_says_so(visitor: Visitor) -> None:
    client = Phone(visitor.http, visitor.server.url)
    with pytest.raises(RefusedError) as refused:
        await client.get("/v1/feedback/nonsense")
    assert (refused.value.status, refused.value.code) == (404, "feedback_unknown")
    assert "<html" in (await client.get("/f/nonsense")).decode()


async def test_the_secret_link_is_shown_to_no_attendant(desk: Desk, phone: Phone) -> None:
    closed, token = await closed_by_silence(desk, phone)
    messages = await desk.messages(closed["id"])
    assert messages[-1]["kind"] == "feedback_request"
    assert token not in str(messages)
    assert token not in str(await desk.attendance(closed["id"]))


async def test_the_clients_answer_to_the_question_opens_another_attendance(
    desk: Desk, phone: Phone
) -> None:
    closed, _ = await closed_by_silence(desk, phone)
    await phone.writes("Esqueci uma coisa")
    opened = await desk.attendance_of(phone.number, status="waiting")
    assert opened["id"] != closed["id"]


async def test_who_keeps_writing_is_not_closed(desk: Desk, phone: Phone) -> None:
    for _ in range(8):
        await phone.writes("e mais…")
        await asyncio.sleep(0.5)
    attendance = await desk.attendance_of(phone.number)
    assert (attendance["status"], attendance["last_position"]) == ("waiting", 8)


@pytest.mark.slow
async def test_a_client_who_waits_is_kept_and_the_managers_warned_where_a_sector_wants_that(
    desk: Desk, phone: Phone
) -> None:
    async with sector_set(desk, when_client_waits="warn"), desk.feed() as feed:
        await phone.writes("Alguém aí?")
        attendance = await desk.attendance_of(phone.number)
        await feed.until(lambda it: it["event"] == "attendance.neglected.v1")
        await asyncio.sleep(2)
        kept = await desk.attendance(attendance["id"])
        assert (kept["status"], kept["neglected"]) == ("waiting", True)
        await desk.reply(attendance["id"], "Estou aqui.")
        assert not (await desk.attendance(attendance["id"]))["neglected"]
        await eventually(
            lambda: desk.attendance(attendance["id"]), lambda it: it["status"] == "closed"
        )


async def test_a_sector_that_asks_no_feedback_sends_no_link(desk: Desk, phone: Phone) -> None:
    async with sector_set(desk, ask_feedback=False):
        await phone.writes("Tchau")
        attendance = await desk.attendance_of(phone.number)
        await eventually(
            lambda: desk.attendance(attendance["id"]), lambda it: it["status"] == "closed"
        )
        await asyncio.sleep(0.5)
        assert await phone.received() == []


@asynccontextmanager
async def sector_set(desk: Desk, **properties: object) -> AsyncIterator[None]:
    """Change the default sector inside the block."""
    before = (await desk.get("/v1/sectors"))["items"][0]
    await desk.patch(f"/v1/sectors/{before['id']}", properties)
    try:
        yield
    finally:
        await desk.patch(f"/v1/sectors/{before['id']}", {it: before[it] for it in properties})
