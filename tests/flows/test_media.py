"""Files both ways, through a real server: bytes equal, and the text never waits."""

from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from struct import pack
from zlib import compress, crc32

import pytest

from tests.flows.conftest import new_number
from tests.support.desk import Desk, Json, Phone, Visitor, eventually, visiting
from tests.support.server import Server, running
from tests.support.uploads import send, shoot


def png(side: int) -> bytes:
    """Draw a picture that cannot be compressed much."""
    rows = b"".join(
        b"\0" + bytes((x * x * y + x * 7 + y) % 251 for x in range(side * 3)) for y in range(side)
    )

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return pack(">I", len(content)) + body + pack(">I", crc32(body))

    header = pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PNG = png(300)
PDF = b"%PDF-1.7" + bytes(range(256)) * 777
HASTY = {
    "HELPDESK__MEDIA__RETRY_FIRST_SECONDS": "0.05",
    "HELPDESK__MEDIA__RETRY_LONGEST_SECONDS": "0.1",
}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("media") / "data", **HASTY) as it:
        yield it


@pytest.fixture
async def visitor(hasty: Server) -> AsyncIterator[Visitor]:
    async with visiting(hasty) as it:
        yield it


@pytest.fixture
async def desk(visitor: Visitor) -> Desk:
    return await visitor.desk()


@pytest.fixture
def phone(visitor: Visitor) -> Phone:
    return visitor.phone(new_number())


async def newest(desk: Desk, phone: Phone) -> Json:
    it = await desk.attendance_of(phone.number)
    return (await desk.messages(it["id"]))[-1]


async def test_every_byte_arrives_from_the_phone_and_back(desk: Desk, phone: Phone) -> None:
    await shoot(phone, PNG, caption="Veja")
    message = await newest(desk, phone)
    assert (message["kind"], message["text"], message["media"]["state"]) == (
        "image",
        "Veja",
        "ready",
    )
    assert await desk.get(f"/v1/media/{message['media']['id']}") == PNG
    shown = await eventually(
        lambda: newest(desk, phone), lambda it: it["media"]["processing"] is False
    )
    assert (shown["media"]["width"], shown["media"]["height"]) == (300, 300)
    assert [it["form"] for it in shown["media"]["renditions"]] == ["thumbnail"]
    assert await desk.get(f"/v1/media/{shown['media']['id']}/thumbnail")
    one, two = await send(desk, message["attendance_id"], [("Um", PNG), ("Dois", PDF)])
    await desk.delivered_as(two, "delivered", "read")
    came = [it for it in await phone.shows() if it["direction"] == "in"]
    assert [(it["text"], it["kind"]) for it in came] == [("Um", "document"), ("Dois", "document")]
    for it, content in zip(came, (PNG, PDF), strict=True):
        path = f"/simulator/phones/{phone.number}/media/{it['id']}"
        assert sha256(await phone.get(path)).digest() == sha256(content).digest()
    assert one["media"]["sha256"] == sha256(PNG).hexdigest()


async def test_twenty_failures_keep_neither_the_text_nor_the_file_away(
    desk: Desk, phone: Phone
) -> None:
    await desk.patch("/simulator/state", {"fail_media": 20})
    async with desk.feed() as feed:
        await shoot(phone, PNG, caption="Veja")
        told = await feed.until(lambda it: it["event"] == "message.received.v1")
        message = told["payload"]["message"]
        assert (message["text"], message["media"]["state"]) == ("Veja", "pending")
        await feed.until(
            lambda it: (
                it["event"] == "message.media_changed.v1"
                and it["payload"]["message"]["id"] == message["id"]
                and it["payload"]["message"]["media"]["state"] == "ready"
            )
        )
    media = (await newest(desk, phone))["media"]
    assert (media["state"], media["attempts"]) == ("ready", 20)
    assert await desk.get(f"/v1/media/{media['id']}") == PNG
    assert (await desk.get("/simulator/state"))["fail_media"] == 0


async def test_a_file_that_is_gone_says_so(desk: Desk, phone: Phone) -> None:
    await desk.patch("/simulator/state", {"media_gone": True})
    try:
        await shoot(phone, PNG, caption="Veja")
        message = await newest(desk, phone)
    finally:
        await desk.patch("/simulator/state", {"media_gone": False})
    assert (message["text"], message["media"]["state"]) == ("Veja", "gone")


async def test_a_restart_forgets_no_file(hasty: Server, desk: Desk, phone: Phone) -> None:
    await desk.patch("/simulator/state", {"fail_media": 1000})
    await shoot(phone, PNG)
    assert (await newest(desk, phone))["media"]["state"] == "pending"
    hasty.kill()
    hasty.start()
    async with visiting(hasty) as visitor:
        desk = await visitor.desk()
        await desk.patch("/simulator/state", {"fail_media": 0})
        await eventually(lambda: newest(desk, phone), lambda it: it["media"]["state"] == "ready")
