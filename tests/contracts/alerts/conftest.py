"""Everything that tells admins, with somebody at the other end who can be broken."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from helpdesk.adapters.memory.alerts import MemoryAlerts
from helpdesk.opening import opening
from helpdesk.ports.alerts import Alerts
from helpdesk.settings import AlertSettings, Settings
from tests.support.hook import hooked
from tests.support.mail import mailing


@dataclass
class Channel:
    alerts: Alerts
    said: Callable[[], list[str]]  # what arrived about numbers, as texts
    break_it: Callable[[], None]
    mend_it: Callable[[], None]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Channel]:
    alerts = MemoryAlerts()

    def said() -> list[str]:
        return [f"{it.id} {it.session.name} {it.link}" for it, _ in alerts.sent]

    def turn(broken: bool) -> None:
        alerts.broken = broken

    yield Channel(alerts, said, lambda: turn(True), lambda: turn(False))


@asynccontextmanager
async def by_webhook() -> AsyncIterator[Channel]:
    async with hooked() as (hook, webhook):
        settings = Settings(alerts=AlertSettings(by="webhook"), webhook=webhook)
        async with opening(settings) as opened:
            alerts = (await opened.channels())["webhook"]
            yield Channel(
                alerts,
                lambda: [str(it) for it in hook.heard],
                lambda: hook.answer_with(500),
                lambda: hook.answer_with(204),
            )


@asynccontextmanager
async def by_mail() -> AsyncIterator[Channel]:
    async with mailing() as (post, smtp):
        settings = Settings(alerts=AlertSettings(by="smtp"), smtp=smtp, locale="en")
        async with opening(settings) as opened:
            alerts = (await opened.channels())["smtp"]
            yield Channel(
                alerts,
                lambda: [f"{it['subject']} {it.get_content()}" for it in post.mails],
                lambda: post.refuse("451 try again"),
                lambda: post.refuse(None),
            )


CHANNELS = [
    pytest.param(in_memory, id="memory"),
    pytest.param(by_webhook, id="webhook"),
    pytest.param(by_mail, id="smtp"),
]


@pytest.fixture(params=CHANNELS)
async def channel(request: pytest.FixtureRequest) -> AsyncIterator[Channel]:
    opened: Callable[[], AbstractAsyncContextManager[Channel]] = request.param
    async with opened() as it:
        yield it
