"""What outlives the process: restarts, and backups."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk, Visitor, eventually, visiting
from tests.support.server import Server, running
from tests.support.uploads import shoot


async def everything(desk: Desk) -> dict[str, Any]:
    """All that the API shows of the conversations, the team, and the simulated phones."""
    attendances = await desk.attendances()
    phones = (await desk.get("/simulator/phones"))["items"]
    numbers = [it["phone"] for it in phones]
    ids = [it["id"] for it in attendances]
    return {
        "attendances": attendances,
        "messages": {id: await desk.messages(id) for id in ids},
        "history": {id: await desk.get(f"/v1/attendances/{id}/history") for id in ids},
        "clients": await desk.items("/v1/clients", limit=100),
        "sectors": await desk.get("/v1/sectors"),
        "attendants": await desk.get("/v1/attendants"),
        "phones": phones,
        "shown": {it: await desk.get(f"/simulator/phones/{it}/messages") for it in numbers},
        "network": await desk.get("/simulator/state"),
    }


async def settled(desk: Desk) -> dict[str, Any]:
    """Everything, when the last ticks are there: nothing changes for a while any more."""
    seen = [await everything(desk)]

    async def again() -> dict[str, Any]:
        await asyncio.sleep(0.5)
        seen.append(await everything(desk))
        return seen[-1]

    return await eventually(again, lambda it: it == seen[-2])


async def work(visitor: Visitor) -> None:
    """Have some conversations."""
    desk = await visitor.desk()
    await visitor.attendant("Ana")
    for n in range(5):
        phone = visitor.phone(f"+55113000000{n}")
        await phone.writes(f"Olá, sou o número {n}", name=f"Pessoa {n}")
        attendance = await desk.attendance_of(phone.number)
        reply = await desk.reply(attendance["id"], f"Bom dia, {n}")
        await desk.delivered_as(reply, "delivered")
        await phone.reads()
        await desk.delivered_as(reply, "read")
        if n % 2:
            await desk.does(attendance["id"], "close")
            await phone.receives("/f/")


@pytest.fixture
def own(tmp_path: Path) -> Server:
    return Server(tmp_path / "data")


@pytest.mark.slow
async def test_a_restart_restores_everything(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        async with visiting(server) as visitor:
            await work(visitor)
            before = await settled(await visitor.desk())
        await asyncio.to_thread(server.restart)
        async with visiting(server) as visitor:
            desk = await visitor.desk()  # the sign-in of before
            assert await everything(desk) == before
            phone = visitor.phone("+551130000000")
            await phone.writes("Ainda aí?")
            attendance = await desk.attendance_of(phone.number)
            await desk.reply(attendance["id"], "Sempre.")
            await phone.receives("Sempre.")


@pytest.mark.slow
async def test_a_backup_of_a_running_helpdesk_is_restored_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "helpdesk.backup"
    with running(tmp_path / "data") as server:
        async with visiting(server) as visitor:
            await work(visitor)
            sender = visitor.phone("+551130000008")
            await shoot(sender, b"%PDF-1.7 contrato", kind="document")
            desk = await visitor.desk()
            attendance = await desk.attendance_of(sender.number)
            [sent] = await eventually(
                lambda: desk.messages(attendance["id"]),
                lambda it: not it[-1]["media"]["processing"],
            )
            before = await settled(desk)
            made = await asyncio.to_thread(server.run, "backup", str(file))
            assert made.returncode == 0, made.stderr
            await visitor.phone("+551130000009").writes("depois da cópia")
    elsewhere = Server(tmp_path / "elsewhere")
    restored = elsewhere.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    with running(tmp_path / "elsewhere") as server:
        async with visiting(server) as visitor:
            desk = await visitor.desk()
            assert await everything(desk) == before
            assert await desk.get(f"/v1/media/{sent['media']['id']}") == b"%PDF-1.7 contrato"
            await visitor.phone("+551130000000").writes("de volta")
            await desk.attendance_of("+551130000000")


async def test_a_restore_is_refused_while_the_helpdesk_runs(tmp_path: Path) -> None:
    file = tmp_path / "helpdesk.backup"
    with running(tmp_path / "data") as server:
        assert server.run("backup", str(file)).returncode == 0
        refused = server.run("restore", str(file))
        assert refused.returncode != 0
        assert "Traceback" not in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        assert server.is_ready()


def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(
    own: Server, tmp_path: Path
) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"\xff\xd8 not a backup")
    refused = own.run("restore", str(file))
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    missing = own.run("restore", str(tmp_path / "nothing"))
    assert missing.returncode != 0
    assert "Traceback" not in missing.stderr
