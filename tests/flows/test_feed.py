"""The live feed: nothing missed, nothing twice, nothing that is not one's business."""

import asyncio
from typing import Final

import aiohttp
import pytest

from tests.flows.conftest import new_number
from tests.support.desk import Desk, Phone, Visitor, eventually

MANY: Final = 200


async def test_who_was_cut_off_gets_exactly_what_was_missed(visitor: Visitor, desk: Desk) -> None:
    phones = [visitor.phone(new_number()) for _ in range(10)]
    async with desk.feed() as witness:
        async with desk.feed() as feed:
            await phones[0].writes("antes")
            await feed.until(lambda it: it["event"] == "message.received.v1")
        told_before = feed.texts()

        texts = await talk_on(phones)
        while not set(texts) <= set(witness.texts()):
            await witness.next_frame()

        async with desk.feed(since=feed.cursor) as again:
            while len(again.texts()) < MANY:
                await again.next_frame()
            await phones[0].writes("depois")
            await again.until(lambda it: "depois" in again.texts())
        while "depois" not in witness.texts():
            await witness.next_frame()

    assert told_before == ["antes"]
    assert sorted(again.texts()) == sorted([*texts, "depois"])
    after = [it for it in witness.events if int(it["cursor"]) > int(feed.cursor)]
    assert again.events == after


async def talk_on(phones: list[Phone]) -> list[str]:
    """Let each phone say its part of 200 messages, and return what was said."""

    async def talk(phone: Phone) -> list[str]:
        texts = [f"{phone.number} diz {n}" for n in range(MANY // len(phones))]
        for text in texts:
            await phone.writes(text)
        return texts

    return [text for it in await asyncio.gather(*map(talk, phones)) for text in it]


async def test_a_cursor_is_never_told_twice_and_only_grows(desk: Desk, phone: Phone) -> None:
    async with desk.feed() as feed:
        await asyncio.gather(*(phone.writes(f"n {n}") for n in range(30)))
        while len(feed.texts()) < 30:
            await feed.next_frame()
    cursors = [int(it["cursor"]) for it in feed.events]
    assert cursors == sorted(set(cursors))


async def test_each_attendant_hears_only_what_they_may_see(visitor: Visitor) -> None:
    admin = await visitor.desk()
    sales = (await admin.get("/v1/sectors"))["items"][0]
    support = await admin.post("/v1/sectors", {"name": "Suporte técnico"})
    ana = await visitor.attendant("Ana", sectors=[sales["id"]])
    bia = await visitor.attendant("Bia", sectors=[support["id"]])
    carla = await visitor.attendant("Carla", role="manager", sectors=[sales["id"]])
    phone = visitor.phone(new_number())
    async with (
        admin.feed() as all_of_it,
        ana.feed() as sales_feed,
        bia.feed() as support_feed,
        carla.feed() as managers_feed,
    ):
        feeds = [all_of_it, sales_feed, support_feed, managers_feed]
        await phone.writes("para vendas")
        attendance = await ana.attendance_of(phone.number, status="waiting")
        await carla.reply(attendance["id"], "agora é meu")
        await carla.does(attendance["id"], "transfer", sector_id=support["id"])
        await phone.writes("para o suporte")
        await support_feed.until(lambda it: it["event"] == "message.received.v1")
        await bia.reply(attendance["id"], "boa tarde")
        for feed in feeds:
            await feed.quiet()

    assert [it for it in all_of_it.texts() if "vendas" in it or "suporte" in it] == [
        "para vendas",
        "para o suporte",
    ]
    assert sales_feed.texts() == ["para vendas"]  # then a colleague took it
    assert managers_feed.texts() == ["para vendas", "agora é meu"]
    assert support_feed.texts() == ["para o suporte", "boa tarde"]
    assert "attendance.transferred.v1" in [it["event"] for it in managers_feed.events]
    for who, sees in ((ana, 0), (bia, 1), (carla, 0), (admin, 1)):
        shown = [it for it in await who.attendances() if it["id"] == attendance["id"]]
        assert len(shown) == sees


async def test_presence_follows_the_feed(visitor: Visitor) -> None:
    admin = await visitor.desk()
    dora = await visitor.attendant("Dora")

    async def is_online() -> bool:
        team = (await admin.get("/v1/attendants"))["items"]
        return any(it["id"] == dora.id and it["online"] for it in team)

    assert not await is_online()
    async with dora.feed():
        await eventually(is_online)
    await eventually(is_online, lambda it: not it)


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_strangers_are_turned_away(visitor: Visitor, token: str) -> None:
    stranger = Desk(visitor.http, visitor.server.url, token)
    with pytest.raises((aiohttp.WSServerHandshakeError, ConnectionError)):
        async with stranger.feed():
            pass
