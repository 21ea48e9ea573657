"""A browser whose dashboard is closed is told that somebody wrote, by a real server."""

import asyncio
from pathlib import Path

import pytest

from tests.support.desk import Desk, visiting
from tests.support.push_service import Browser, PushService, push_service
from tests.support.server import running

PATIENCE = 60.0  # seconds; nothing is judged by its speed


async def until_shown(service: PushService, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while sum(len(it.shown) for it in service.browsers.values()) < count:
            await asyncio.sleep(0.05)


async def register(desk: Desk, service: PushService) -> Browser:
    browser = service.browser()
    await desk.post("/v1/me/push/devices", browser.body | {"name": "Chromium", "locale": "en"})
    return browser


async def until_one_is_left(desk: Desk) -> None:
    async with asyncio.timeout(PATIENCE):
        while len((await desk.get("/v1/me/push"))["devices"]) != 1:
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_who_has_no_dashboard_open_is_told_and_a_browser_that_is_gone_is_forgotten(
    tmp_path: Path,
) -> None:
    async with push_service() as service:
        with running(tmp_path / "data", HELPDESK__WEBPUSH__SERVICES=service.origin) as server:
            async with visiting(server) as visitor:
                desk = await visitor.desk()
                phone = visitor.phone("+551130000000")
                await phone.writes("Olá, segredo")
                attendance = await desk.attendance_of(phone.number)
                await desk.post(f"/v1/attendances/{attendance['id']}/take")
                kept = await register(desk, service)
                gone = await register(desk, service)
                service.gone.add(gone.url.rpartition("/")[2])
                await phone.writes("Tem alguém?")
                await until_shown(service, 1)
                await desk.patch("/v1/me/push", {"content": True})
                await phone.writes("Oi?")
                await until_shown(service, 2)
                await until_one_is_left(desk)
                told = await desk.get("/v1/me/push")
        log = server.logged()
    first, second = kept.shown
    assert first["attendance"] == attendance["id"]
    assert (first["kind"], first["name"], first["text"]) == ("message", "", "")
    assert second["text"] == "Oi?"
    assert service.keys == {told["key"]}
    assert [it for it in (kept.url, "PRIVATE KEY") if it in log] == []
