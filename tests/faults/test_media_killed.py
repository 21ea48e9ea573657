"""Killed while files come and go: what was answered is whole, what was not can be tried again."""

import asyncio
import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from tests.support.desk import Desk, Json, visiting
from tests.support.refused import RefusedError
from tests.support.server import Server, running
from tests.support.uploads import send

FILES = 200
AT_ONCE = 16
LARGE = 40 * 1024 * 1024  # more than sockets hold

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


async def upload(desk: Desk, attendance: str, number: int, content: bytes) -> Json | None:
    """Send a file; None when the server did not live to answer."""
    try:
        [sent] = await send(desk, attendance, [(f"{number}", content)], key=f"file {number}")
    except (aiohttp.ClientError, ConnectionError, RefusedError):
        return None
    return sent


async def uploads(
    desk: Desk, attendance: str, contents: dict[int, bytes], *, dies: asyncio.Event | None = None
) -> dict[int, Json]:
    room, done = asyncio.Semaphore(AT_ONCE), dict[int, Json]()

    async def one(number: int, content: bytes) -> None:
        async with room:
            sent = await upload(desk, attendance, number, content)
        if sent is not None:
            done[number] = sent
            if dies and len(done) == FILES // 3:
                dies.set()

    await asyncio.gather(*(one(*it) for it in contents.items()))
    return done


async def numbered(desk: Desk, attendance: str) -> list[Json]:
    shown = await desk.messages(attendance)
    return [it for it in shown if it["media"] and it["text"].isdecimal()]


async def whole(desk: Desk, sent: Sequence[Json], contents: dict[int, bytes]) -> None:
    """Read each file back while others are read."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(it: Json) -> None:
        async with room:
            content = await desk.get(f"/v1/media/{it['media']['id']}")
        wanted = contents[int(it["text"])]
        assert sha256(content).digest() == sha256(wanted).digest(), it["text"]

    await asyncio.gather(*map(one, sent))


async def cut_off(desk: Desk, server: Server, when: asyncio.Event, large: Json) -> None:
    """Kill the server in the middle of a download, which then does not look whole."""
    headers = {"Authorization": f"Bearer {desk.token}"}
    url = f"{desk.url}/v1/media/{large['media']['id']}"
    async with desk.http.get(url, headers=headers) as answer:
        await answer.content.readexactly(65_536)
        await when.wait()
        await asyncio.to_thread(server.kill)
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await answer.read()


async def test_what_was_answered_is_whole_and_the_rest_can_be_sent_again(tmp_path: Path) -> None:
    chance = random.Random(7)
    contents = {it: chance.randbytes(chance.randrange(1, 400_000)) for it in range(FILES)}
    with running(tmp_path / "data") as server:
        async with visiting(server) as visitor:
            desk = await visitor.desk()
            await visitor.phone("+551130000777").writes("Oi")
            attendance = (await desk.attendance_of("+551130000777"))["id"]
            [large] = await send(desk, attendance, [("large", bytes(LARGE))])
            dies = asyncio.Event()
            killing = asyncio.create_task(cut_off(desk, server, dies, large))
            before = await uploads(desk, attendance, contents, dies=dies)
            await killing
            await asyncio.to_thread(server.start)
            assert FILES // 3 <= len(before) < FILES
            await whole(desk, list(before.values()), contents)
            shown = await numbered(desk, attendance)
            await whole(desk, shown, contents)  # also those whose answer was lost

            after = await uploads(desk, attendance, contents)
            assert len(after) == FILES
            assert {it["id"] for it in before.values()} <= {it["id"] for it in after.values()}
            shown = await numbered(desk, attendance)
            assert sorted(int(it["text"]) for it in shown) == sorted(contents)
            await whole(desk, shown, contents)
