"""Firebase Cloud Messaging: what it is given, what it refuses, and how many at a time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpdesk.adapters.firebase.push import AT_ONCE
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.ids import AttendanceId, AttendantId, DeviceId
from helpdesk.domain.push import Device, DeviceGoneError, Notice, PushKind
from helpdesk.opening import OpeningError, connects, opening
from helpdesk.ports.push import Push
from helpdesk.settings import Settings
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.fcm import Fcm, cloud_messaging

NOTICE = Notice(attendance_id=AttendanceId(fresh()), kind=PushKind.MESSAGE, locale="es")


def device_at(installation: str) -> Device:
    return Device(
        id=DeviceId(fresh()),
        attendant_id=AttendantId(fresh()),
        target=installation,
        name="Chromium",
        locale="es",
        at=NOON,
    )


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[tuple[Fcm, Push, Settings]]:
    async with cloud_messaging(tmp_path) as (fcm, settings), opening(settings) as opened:
        yield fcm, await opened.port("push"), settings


There = tuple[Fcm, Push, Settings]


async def test_it_is_told_of_which_attendance_and_nothing_that_was_said(there: There) -> None:
    fcm, push, _ = there
    device = device_at(fcm.installation())
    await push.send(device, NOTICE)
    [sent] = fcm.sent
    attendance = NOTICE.attendance_id
    assert sent["data"] == {
        "kind": "message",
        "locale": "es",
        "attendance": str(attendance),
        "name": "",
        "text": "",
    }
    assert "notification" not in sent
    assert sent["webpush"]["headers"]["Topic"] == attendance.hex
    assert sent["android"]["collapse_key"] == attendance.hex
    await push.send(device, replace(NOTICE, text="é" * 5000))
    assert fcm.sent[1]["data"]["text"] == "é" * 500


async def test_a_browser_is_told_what_the_console_shows(there: There) -> None:
    _, push, settings = there
    assert push.app == {
        "projectId": "helpdesk",
        "apiKey": "AIzaTest",
        "appId": "1:123456789012:web:abc",
        "messagingSenderId": "123456789012",
    }
    assert push.public_key == "BPublicKey"
    assert "https://fcmregistrations.googleapis.com" in connects(settings)
    assert connects(Settings()) == ()


async def test_what_belongs_to_another_project_is_gone_and_a_quota_is_waited_for(
    there: There,
) -> None:
    fcm, push, _ = there
    device = device_at(fcm.installation())
    for code, expected in (("SENDER_ID_MISMATCH", DeviceGoneError), ("QUOTA_EXCEEDED", None)):
        fcm.refusals[device.target] = code
        with pytest.raises(expected or UnavailableError) as refused:
            await push.send(device, NOTICE)
        assert device.target not in str(refused.value)


async def test_a_refused_token_is_asked_for_anew_and_no_token_is_said_plainly(
    there: There,
) -> None:
    fcm, push, _ = there
    device = device_at(fcm.installation())
    await push.send(device, NOTICE)
    fcm.account.given += 1  # what we have is worth nothing any more
    with pytest.raises(UnavailableError):
        await push.send(device, NOTICE)
    await push.send(device, NOTICE)
    fcm.account.given += 1
    fcm.account.status = 400
    with pytest.raises(UnavailableError):
        await push.send(device, NOTICE)
    with pytest.raises(UnavailableError, match=r"firebase\.credentials.*invalid_grant"):
        await push.ping()


async def test_only_some_are_sent_at_once(there: There) -> None:
    fcm, push, _ = there
    fcm.answering.clear()
    devices = [device_at(fcm.installation()) for _ in range(AT_ONCE + 5)]
    async with asyncio.TaskGroup() as sending:
        for it in devices:
            sending.create_task(push.send(it, NOTICE))
        while fcm.open < AT_ONCE:
            await asyncio.sleep(0.01)
        fcm.answering.set()
    assert len(fcm.sent) == len(devices)
    assert fcm.most == AT_ONCE


async def test_what_no_installation_has_is_refused(there: There) -> None:
    fcm, push, _ = there
    device = device_at(fcm.installation())
    push.check(device)
    wrong: dict[str, Any] = {"target": "a-token:APA91", "key": "AAAA", "auth": "AAAA"}
    for field, value in wrong.items():
        with pytest.raises(InvalidError) as refused:
            push.check(replace(device, **{field: value}))
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"vapid_key": "", "app_id": ""}, r"firebase\.app_id, firebase\.vapid_key"),
        ({"credentials": "/nowhere.json"}, r"firebase\.credentials"),
        ({"credentials": __file__}, r"firebase\.credentials"),
    ],
)
async def test_what_is_missing_is_named(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    async with cloud_messaging(tmp_path) as (_, settings):
        firebase = replace(settings.firebase, **wrong)
        async with opening(replace(settings, firebase=firebase)) as opened:
            with pytest.raises(OpeningError, match=said):
                await opened.port("push")
