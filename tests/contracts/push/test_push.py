"""Push: what is handed over arrives, and a device that is gone is said to be so."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from helpdesk.adapters.memory.push import MemoryPush
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.ids import AttendanceId, AttendantId, DeviceId
from helpdesk.domain.push import Device, DeviceGoneError, Notice, PushKind
from helpdesk.neighbours import WebPushSettings
from helpdesk.opening import OpeningError, opening
from helpdesk.ports.push import Push
from helpdesk.settings import Adapters, Http, Settings
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.fcm import cloud_messaging
from tests.support.push_service import PushService, push_service


def a_device(**properties: str) -> Device:
    defaults: dict[str, Any] = {"name": "Chromium", "locale": "pt-BR", "at": NOON}
    given = defaults | properties
    return Device(id=DeviceId(fresh()), attendant_id=AttendantId(fresh()), **given)


NOTICE = Notice(
    attendance_id=AttendanceId(fresh()),
    kind=PushKind.MESSAGE,
    locale="pt-BR",
    name="João",
    text="Oi",
)


@dataclass
class Way:
    push: Push
    device: Device
    shown: Callable[[], list[tuple[str, str]]]  # name and text
    break_it: Callable[[], None]
    lose_device: Callable[[], None]


@asynccontextmanager
async def in_memory(_: Path) -> AsyncIterator[Way]:
    push = MemoryPush()
    device = a_device(target="https://push.example.com/1")

    def break_it() -> None:
        push.broken = True

    yield Way(
        push,
        device,
        lambda: [(it.name, it.text) for _, it in push.sent],
        break_it,
        lambda: push.gone.add(device.target),
    )


def settings_for(service: PushService) -> Settings:
    chosen = Adapters(store="memory", feed="memory", push="webpush")
    web = WebPushSettings(services=service.origin, contact="mailto:desk@example.com")
    return Settings(adapters=chosen, webpush=web)


@asynccontextmanager
async def by_web_push(_: Path) -> AsyncIterator[Way]:
    async with push_service() as service, opening(settings_for(service)) as opened:
        browser = service.browser()

        def break_it() -> None:
            service.status = 503

        yield Way(
            await opened.port("push"),
            a_device(**browser.body),
            lambda: [(it["name"], it["text"]) for it in browser.shown],
            break_it,
            lambda: service.gone.add(browser.url.rpartition("/")[2]),
        )


@asynccontextmanager
async def by_firebase(folder: Path) -> AsyncIterator[Way]:
    async with cloud_messaging(folder) as (fcm, settings), opening(settings) as opened:
        device = a_device(target=fcm.installation())

        def break_it() -> None:
            fcm.status = 503

        yield Way(
            await opened.port("push"),
            device,
            lambda: [(it["data"]["name"], it["data"]["text"]) for it in fcm.sent],
            break_it,
            lambda: fcm.installations.discard(device.target),
        )


WAYS = [
    pytest.param(in_memory, id="memory"),
    pytest.param(by_web_push, id="webpush"),
    pytest.param(by_firebase, id="firebase"),
]


@pytest.fixture(params=WAYS)
async def way(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Way]:
    opened: Callable[[Path], AbstractAsyncContextManager[Way]] = request.param
    async with opened(tmp_path) as it:
        yield it


async def test_what_is_handed_over_arrives(way: Way) -> None:
    way.push.check(way.device)
    await way.push.send(way.device, NOTICE)
    assert way.shown() == [("João", "Oi")]
    await way.push.ping()
    assert way.push.kind
    assert way.push.public_key


async def test_a_service_that_fails_may_be_asked_again(way: Way) -> None:
    way.break_it()
    with pytest.raises(UnavailableError):
        await way.push.send(way.device, NOTICE)
    assert way.shown() == []


async def test_a_device_that_is_gone_is_said_to_be_so(way: Way) -> None:
    way.lose_device()
    with pytest.raises(DeviceGoneError):
        await way.push.send(way.device, NOTICE)


async def test_a_target_elsewhere_is_refused(way: Way) -> None:
    with pytest.raises(InvalidError) as refused:
        way.push.check(replace(way.device, target="http://169.254.169.254/latest"))
    assert refused.value.field == "target"


async def test_what_a_push_service_sees_is_who_we_are_and_nothing_of_what_is_said() -> None:
    async with push_service() as service, opening(settings_for(service)) as opened:
        push: Push = await opened.port("push")
        browser = service.browser()
        device = a_device(**browser.body)
        long = replace(NOTICE, text="é" * 5000)
        await push.send(device, long)
        assert service.keys == {push.public_key}
        [headers] = service.headers
        assert headers["Topic"] == NOTICE.attendance_id.hex
        assert headers["Content-Encoding"] == "aes128gcm"
        assert browser.shown[0]["text"] == "é" * 500
        assert browser.shown[0]["attendance"] == str(NOTICE.attendance_id)
        assert device.target not in repr(push)
    with pytest.raises(UnavailableError) as refused:  # nobody listens there any more
        async with opening(settings_for(service)) as opened:
            await (await opened.port("push")).send(device, NOTICE)
    assert device.target not in refused.value.detail


@pytest.mark.parametrize(
    "target",
    [
        "https://fcm.googleapis.com/fcm/send/a",
        "https://db5p.notify.windows.com/w/?token=a",
        "https://web.push.apple.com/Q",
    ],
)
async def test_browsers_push_services_are_known(target: str) -> None:
    async with opening(Settings(adapters=Adapters(store="memory", push="webpush"))) as opened:
        push: Push = await opened.port("push")
        async with push_service() as service:
            device = a_device(**(service.browser().body | {"target": target}))
        push.check(device)
        wrong: dict[str, Any] = {
            "target": target.replace("https", "http"),
            "key": "AAAA",
            "auth": "not base64!",
        }
        for field, value in wrong.items():
            with pytest.raises(InvalidError) as refused:
                push.check(replace(device, **{field: value}))
            assert refused.value.field == field


@pytest.mark.parametrize(
    ("contact", "public_url", "good"),
    [
        ("mailto:desk@example.com", "", True),
        ("", "https://desk.example.com", True),
        ("", "http://127.0.0.1:8080", True),
        ("desk", "", False),
    ],
)
async def test_a_push_service_is_told_whom_to_ask(
    contact: str, public_url: str, good: bool
) -> None:
    chosen = Adapters(store="memory", push="webpush")
    settings = Settings(
        adapters=chosen, webpush=WebPushSettings(contact=contact), http=Http(public_url=public_url)
    )
    async with opening(settings) as opened:
        if good:
            await opened.port("push")
        else:
            with pytest.raises(OpeningError, match="contact"):
                await opened.port("push")


async def test_the_key_is_made_once() -> None:
    async with opening(Settings(adapters=Adapters(store="memory", push="webpush"))) as opened:
        store = await opened.port("store")
        first: Push = await opened.port("push")
        async with store.transaction() as work:
            kept = await work.chores.secret("webpush key", b"another")
    assert kept.startswith(b"-----BEGIN")
    assert kept.decode().splitlines()[1] not in repr(first)
